import { describe, expect, it } from 'vitest';
import { cognitoUnconfirmedAccounts } from '../../../lambdas/adapters/unconfirmed-accounts.ts';

const user = (sub: string, changes: object = {}) => ({
  Username: sub,
  UserStatus: 'UNCONFIRMED',
  UserCreateDate: new Date(0),
  Attributes: [{ Name: 'sub', Value: sub }],
  ...changes,
});

/** A client that answers what a test says and keeps what it was asked. */
function aClient(...answers: (object | Error)[]) {
  const sent: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { input: Record<string, unknown>; constructor: { name: string } }) => {
    sent.push({ name: command.constructor.name, input: command.input });
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const paces: string[] = [];
  const accounts = cognitoUnconfirmedAccounts({ send } as never, {
    poolId: 'pool',
    pace: { list: async () => void paces.push('list'), remove: async () => void paces.push('remove') },
  });
  return { accounts, sent, paces };
}
const failure = (name: string) => Object.assign(new Error('ada@harbour.example'), { name });

describe('accounts of the pool', () => {
  it('are listed by status and asked for nothing but their sub', async () => {
    const { accounts, sent, paces } = aClient({ Users: [user('s1')], PaginationToken: 'more' });
    expect(await accounts.page('here')).toEqual({
      accounts: [{ userName: 's1', sub: 's1', createdAt: 0 }],
      next: 'more',
    });
    expect(sent).toEqual([
      {
        name: 'ListUsersCommand',
        input: {
          UserPoolId: 'pool',
          Filter: 'cognito:user_status = "UNCONFIRMED"',
          AttributesToGet: ['sub'],
          Limit: 60,
          PaginationToken: 'here',
        },
      },
    ]);
    expect(paces).toEqual(['list']);
  });

  it('are left out when anything about them is in doubt', async () => {
    const doubtful = [
      user('s1', { UserStatus: 'CONFIRMED' }),
      user('s2', { UserStatus: undefined }),
      user('s3', { UserCreateDate: undefined }),
      user('s4', { Attributes: [] }),
      user('s5', { Username: '' }),
    ];
    expect(await aClient({ Users: doubtful }).accounts.page()).toEqual({ accounts: [] });
  });

  it('are listed from the beginning when the cursor is no longer good', async () => {
    const { accounts, sent } = aClient(failure('InvalidParameterException'), { Users: [user('s1')] });
    expect((await accounts.page('old')).accounts).toHaveLength(1);
    expect(sent.map(({ input }) => input.PaginationToken)).toEqual(['old', undefined]);
    const refused = aClient(failure('InvalidParameterException')).accounts;
    await expect(refused.page()).rejects.toThrow();
  });

  it('may be gone already when they are removed, and nothing else may go wrong', async () => {
    const account = { userName: 's1', sub: 's1' as never, createdAt: 0 };
    const { accounts, paces } = aClient(
      {},
      failure('UserNotFoundException'),
      failure('TooManyRequestsException'),
    );
    await accounts.remove(account);
    await accounts.remove(account);
    await expect(accounts.remove(account)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect(paces).toEqual(['remove', 'remove', 'remove']);
  });
});
