import {
  AdminDeleteUserCommand,
  type CognitoIdentityProviderClient,
  ListUsersCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Sub } from '../core/ids.ts';
import type { UnconfirmedAccount, UnconfirmedAccounts } from '../core/registration/expire.ts';

/** Cognito's largest page. */
const pageSize = 60;

export interface UnconfirmedAccountsOptions {
  readonly poolId: string;
  /** Asked before each call of the kind. */
  readonly pace: { list(): Promise<void>; remove(): Promise<void> };
}

/**
 * ListUsers with a filter and AdminDeleteUser. Not AdminGetUser: it would make each of them a monthly active user.
 * Of the attributes only `sub` is asked for, so that no address comes near this function.
 */
export function cognitoUnconfirmedAccounts(
  cognito: CognitoIdentityProviderClient,
  { poolId, pace }: UnconfirmedAccountsOptions,
): UnconfirmedAccounts {
  const list = async (cursor: string | undefined) => {
    await pace.list();
    return cognito.send(
      new ListUsersCommand({
        UserPoolId: poolId,
        Filter: 'cognito:user_status = "UNCONFIRMED"',
        AttributesToGet: ['sub'],
        Limit: pageSize,
        PaginationToken: cursor,
      }),
    );
  };
  return {
    page: async (cursor) => {
      const { Users = [], PaginationToken } = await list(cursor).catch((error: unknown) => {
        if (cursor !== undefined && named(error, 'InvalidParameterException')) return list(undefined);
        throw error;
      });
      return {
        accounts: Users.flatMap((user) => accountOf(user) ?? []),
        ...(PaginationToken && { next: PaginationToken }),
      };
    },
    remove: async ({ userName }) => {
      await pace.remove();
      const command = new AdminDeleteUserCommand({ UserPoolId: poolId, Username: userName });
      await cognito.send(command).catch((error: unknown) => {
        if (!named(error, 'UserNotFoundException')) throw error; // gone already
      });
    },
  };
}

/** Nothing is removed that is not beyond doubt: what the filter promised is looked at again. */
function accountOf(user: UserType): UnconfirmedAccount | undefined {
  const { Username, UserStatus, UserCreateDate, Attributes = [] } = user;
  const sub = Attributes.find(({ Name }) => Name === 'sub')?.Value;
  if (!Username || !sub || !UserCreateDate || UserStatus !== 'UNCONFIRMED') return undefined;
  return { userName: Username, sub: sub as Sub, createdAt: UserCreateDate.getTime() };
}

const named = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
