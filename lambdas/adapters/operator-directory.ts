import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperatorDirectory } from '../core/administration/ports.ts';
import { CiamError } from '../core/errors.ts';
import { canonicalIdentifier } from '../core/identifier.ts';
import type { Sub } from '../core/ids.ts';

/** A look-up or a change by an operator; a reset runs a trigger of up to 5 s and sends a mail. */
export const operatorCognito = (): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 500, requestTimeout: 8_000, throwOnRequestTimeout: true },
  });

const named = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Accounts with one address that are read: one with a password, and one of each provider. */
const carriersRead = 10;

/** As Cognito makes them; goes into a filter, so nothing that could end a text there. */
const subPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The user pool by IAM: `AdminGetUser` takes the user name as well as the e-mail address, and the `sub` of everybody but
 * those who came from a provider. They are looked up by it, which costs a second call.
 */
export function cognitoOperatorDirectory(
  client: Pick<CognitoIdentityProviderClient, 'send'>,
  UserPoolId: string,
): OperatorDirectory {
  const get = (Username: string) =>
    client.send(new AdminGetUserCommand({ UserPoolId, Username })).catch((error: unknown) => {
      if (named(error, 'UserNotFoundException')) return undefined;
      throw unavailable(error);
    });
  const getFederated = async (sub: string) => {
    const command = new ListUsersCommand({ UserPoolId, Filter: `sub = "${sub}"`, Limit: 1 });
    const { Users: [user] = [] } = await client.send(command).catch(rethrow);
    return user?.Username === undefined ? undefined : get(user.Username);
  };
  return {
    find: async (Username) => {
      const found =
        (await get(Username)) ?? (subPattern.test(Username) ? await getFederated(Username) : undefined);
      const attribute = (name: string) => found?.UserAttributes?.find(({ Name }) => Name === name)?.Value;
      const sub = attribute('sub');
      const address = canonicalIdentifier(attribute('email') ?? '');
      if (!found || !sub) return undefined;
      return {
        sub: sub as Sub,
        userName: found.Username ?? sub,
        status: found.UserStatus ?? 'UNKNOWN',
        enabled: found.Enabled === true,
        ...(address && { address }),
        ...(found.UserCreateDate && { createdAt: found.UserCreateDate.toISOString() }),
      };
    },
    subsWith: async (address) => {
      // An address in its one form holds neither a quotation mark nor a backslash.
      const command = new ListUsersCommand({
        UserPoolId,
        Filter: `email = "${address}"`,
        AttributesToGet: ['sub'],
        Limit: carriersRead,
      });
      const { Users = [] } = await client.send(command).catch(rethrow);
      return Users.sort((one, other) => Number(one.UserCreateDate) - Number(other.UserCreateDate)).flatMap(
        ({ Attributes = [] }) => Attributes.flatMap(({ Value }) => (Value ? [Value as Sub] : [])),
      );
    },
    disable: async (Username) => {
      await client.send(new AdminDisableUserCommand({ UserPoolId, Username })).catch(rethrow);
    },
    enable: async (Username) => {
      await client.send(new AdminEnableUserCommand({ UserPoolId, Username })).catch(rethrow);
    },
    endSessions: async (Username) => {
      await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username })).catch(rethrow);
    },
    forceReset: async (Username) => {
      await client
        .send(new AdminResetUserPasswordCommand({ UserPoolId, Username }))
        .catch((error: unknown) => {
          if (!named(error, 'InvalidParameterException', 'NotAuthorizedException')) throw unavailable(error);
          throw new CiamError(
            'METHOD_UNAVAILABLE',
            'The user pool cannot reset the password of this account.',
            {
              cause: error,
            },
          );
        });
    },
  };
}

const rethrow = (error: unknown): never => {
  throw unavailable(error);
};

/** Throttles and faults pass by themselves: the operator may try again. Everything else is a fault of ours. */
function unavailable(error: unknown): unknown {
  if (
    !named(
      error,
      'TooManyRequestsException',
      'LimitExceededException',
      'InternalErrorException',
      'TimeoutError',
    )
  )
    return error;
  return new CiamError(
    'UNAVAILABLE',
    'The user pool does not take this now. Try again; nothing is done twice.',
    {
      retryAfterSeconds: 2,
      cause: error,
    },
  );
}
