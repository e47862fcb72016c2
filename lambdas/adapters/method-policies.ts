import type { AuthenticationPolicy } from '../core/configuration.ts';
import type { MethodPolicy } from '../core/risk/method-policy.ts';
import type { ClientDirectory } from './client-directory.ts';

/** The policy of an app client. Its name is looked up only where the configuration has a policy for one. */
export const methodPolicies =
  ({ base, clients }: AuthenticationPolicy, directory: ClientDirectory) =>
  async (clientId: string): Promise<MethodPolicy> => {
    if (Object.keys(clients).length === 0) return base;
    const client = await directory(clientId);
    return (client && Object.hasOwn(clients, client.name) && clients[client.name]) || base;
  };
