import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Sub } from '../core/ids.ts';
import type { ErasureArea } from '../core/privacy/erasure.ts';

/** As Cognito makes them; goes into a filter, so nothing that could end a text there. */
const subPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface PoolPerson {
  readonly userName: string;
  readonly email?: string;
}

/**
 * Who it is in the user pool: `ListUsers`, which finds people of providers by their `sub`, too, and makes nobody a
 * monthly active user.
 */
export const cognitoPersonBySub =
  (client: Pick<CognitoIdentityProviderClient, 'send'>, UserPoolId: string) =>
  async (sub: Sub): Promise<PoolPerson | undefined> => {
    if (!subPattern.test(sub)) throw new Error('erasure: expected a sub of the user pool');
    const command = new ListUsersCommand({
      UserPoolId,
      Filter: `sub = "${sub}"`,
      AttributesToGet: ['sub', 'email'],
      Limit: 1,
    });
    const { Users: [user] = [] } = await client.send(command);
    if (user?.Username === undefined) return undefined;
    const email = user.Attributes?.find(({ Name }) => Name === 'email')?.Value;
    return { userName: user.Username, ...(email && { email }) };
  };

/**
 * The user with its password, linked identities and the pool's own factors and devices. Whoever comes back from a provider has
 * the same name and another `sub`, and stays.
 */
export const cognitoErasureArea = (
  client: Pick<CognitoIdentityProviderClient, 'send'>,
  UserPoolId: string,
): ErasureArea => {
  const isThere = async (Username: string, sub: Sub): Promise<boolean> => {
    const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username })).catch(fineIfGone);
    return user?.UserAttributes?.some(({ Name, Value }) => Name === 'sub' && Value === sub) ?? false;
  };
  return {
    name: 'user-pool',
    erase: async ({ sub, plan }) => {
      for (const Username of plan.userNames) {
        if (await isThere(Username, sub))
          await client.send(new AdminDeleteUserCommand({ UserPoolId, Username })).catch(fineIfGone);
      }
    },
    isEmpty: async ({ sub, plan }) => {
      for (const Username of plan.userNames) if (await isThere(Username, sub)) return false;
      return true;
    },
  };
};

function fineIfGone(error: unknown): undefined {
  if (!(error instanceof Error) || error.name !== 'UserNotFoundException') throw error;
  return undefined;
}
