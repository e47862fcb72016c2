import { describe, expect, it } from 'vitest';
import { paced } from '../../../lambdas/adapters/pace.ts';
import { cognitoUnconfirmedAccounts } from '../../../lambdas/adapters/unconfirmed-accounts.ts';
import type { ExpiryPorts } from '../../../lambdas/core/registration/expire.ts';
import { housekeeping } from '../../../lambdas/housekeeping/run.ts';
import { noteResentCode } from '../../../lambdas/messages/resent-codes.ts';

const day = 86_400_000;
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

describe('a pace', () => {
  it('never lets more through than it says, and makes up for nothing', async () => {
    const clock = { time: 0, now: () => clock.time };
    const pace = paced(5, clock, async (milliseconds) => {
      clock.time += milliseconds;
    });
    const times: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      await pace();
      times.push(clock.time);
    }
    clock.time = 10_000;
    await pace();
    await pace();
    expect([...times, clock.time]).toEqual([0, 200, 400, 600, 10_200]);
  });
});

describe('the function', () => {
  const portsWith = (remove: () => Promise<void>): ExpiryPorts => ({
    accounts: {
      page: async () => ({ accounts: [{ userName: 'u', sub: 's' as never, createdAt: 0 }] }),
      remove,
    },
    hasLiveCode: async () => false,
    cursor: { read: async () => undefined, save: async () => {} },
    outbox: { put: async () => {} },
    clock: { now: () => 30 * day },
    eventId: () => 'id',
    expiryFailed: () => {},
  });
  const policy = { retentionHours: 48, maxRemovals: 10, maxSeconds: 10 };

  it('says in one line what it did, and names nobody', async () => {
    const lines: object[] = [];
    await housekeeping(
      portsWith(async () => {}),
      policy,
      (line) => lines.push(line),
    );
    expect(lines).toEqual([
      { event: 'unconfirmed-expired', seen: 1, removed: 1, spared: 0, failed: 0, complete: true },
    ]);
  });

  it('fails when anything could not be done, so that its alarm is raised', async () => {
    const failing = portsWith(() => Promise.reject(failure('InternalErrorException')));
    await expect(housekeeping(failing, policy, () => {})).rejects.toThrow(
      /^1 unconfirmed accounts could not be removed$/,
    );
  });
});

describe('a mail with a code', () => {
  const event = (triggerSource: string, userAttributes: object = { sub: 's1' }) =>
    ({ triggerSource, request: { userAttributes } }) as never;
  const noted: string[] = [];
  const lines: object[] = [];
  const note = (trigger: never, fault?: Error) =>
    noteResentCode(
      async (sub) => {
        if (fault) throw fault;
        noted.push(sub);
      },
      trigger,
      (line) => lines.push(line),
    );

  it('is noted when it confirms an account and is sent again; the first one counts by the age of the account', async () => {
    for (const source of ['SignUp', 'ForgotPassword', 'Authentication', 'VerifyUserAttribute'])
      await note(event(`CustomMessage_${source}`));
    expect(noted).toEqual([]);
    await note(event('CustomMessage_ResendCode'));
    expect(noted).toEqual(['s1']);
  });

  it('is not sent without its note, and the person is told nothing but a code', async () => {
    await expect(note(event('CustomMessage_ResendCode'), failure('TimeoutError'))).rejects.toThrow(
      /^UNAVAILABLE$/,
    );
    await expect(note(event('CustomMessage_ResendCode', {}))).rejects.toThrow(/^UNAVAILABLE$/);
    expect(JSON.stringify(lines)).not.toContain('harbour');
    expect(lines).toHaveLength(2);
  });
});
