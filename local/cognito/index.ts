import type { Cloud, Service, ServiceFactory } from '../platform.ts';
import { cognitoApi } from './api.ts';
import { type Engine, openEngine } from './engine.ts';
import { userPoolDomain, userPoolGroup, userPoolResourceServer } from './providers/belongings.ts';
import { managedLoginBranding, terms } from './providers/pages.ts';
import { userPool } from './providers/user-pool.ts';
import { userPoolClient } from './providers/user-pool-client.ts';
import { userPoolIdentityProvider } from './providers/user-pool-identity-provider.ts';
import { wellKnown } from './well-known.ts';

export { coverage, coverageTable } from './coverage.ts';

export interface CognitoService extends Service {
  /** For the console: pools with their number of users, no personal data. */
  pools(): readonly { readonly id: string; readonly name: string; readonly users: number }[];
}

/** Amazon Cognito user pools: `cognito-idp`. */
export const cognitoService: ServiceFactory = async (cloud: Cloud): Promise<CognitoService> => {
  const engine = await openEngine(cloud);
  return {
    name: 'cognito-idp',
    providers: [
      userPool,
      userPoolClient,
      userPoolGroup,
      userPoolResourceServer,
      userPoolDomain,
      userPoolIdentityProvider,
      managedLoginBranding,
      terms,
    ].map((provider) => provider(engine)),
    api: cognitoApi(engine),
    // A pool's documents lie below its id, which starts with the region.
    http: [{ prefix: `/${cloud.region}_`, handle: async (request) => wellKnown(engine, request) }],
    pools: () => describePools(engine),
  };
};

const describePools = (engine: Engine) =>
  engine.pools.all().map(({ id, name }) => ({ id, name, users: engine.directory.count(id) }));
