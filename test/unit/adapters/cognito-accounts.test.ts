import { describe, expect, it } from 'vitest';
import { cognitoAccounts } from '../../../lambdas/adapters/cognito-accounts.ts';
import type { Identifier } from '../../../lambdas/core/identifier.ts';
import { aSub } from '../../support/account.ts';

const failing = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error('said by Cognito'), { name });
};

/** Every call of the pool fails with this error, or succeeds. */
function accounts(error?: string) {
  const calls: unknown[][] = [];
  const call =
    (operation: string) =>
    (...args: unknown[]) => {
      calls.push([operation, ...args]);
      return (error ? failing(error)() : Promise.resolve({ $metadata: {} })) as never;
    };
  const open = async () => ({
    find: call('find'),
    setPassword: call('setPassword'),
    signOut: call('signOut'),
    setAttributes: call('setAttributes'),
  });
  return { calls, ...cognitoAccounts('pool', open as never) };
}

const sub = aSub();
const address = 'new@example.com' as Identifier;

describe('accounts in the user pool', () => {
  it('are changed by their sub', async () => {
    const { calls, setPassword, endSessions, moveAddress, isTaken } = accounts();
    expect(await setPassword(sub, 'a new password')).toBe('changed');
    await endSessions(sub);
    expect(await moveAddress(sub, address)).toBe('moved');
    expect(await isTaken(address)).toBe(true);
    expect(calls).toEqual([
      ['setPassword', sub, 'a new password'],
      ['signOut', sub],
      ['setAttributes', sub, { email: address, email_verified: 'true' }],
      ['find', address],
    ]);
  });

  it.each([
    ['InvalidPasswordException', 'refused'],
    ['PasswordHistoryPolicyViolationException', 'refused'],
    ['UserNotFoundException', 'unavailable'],
  ])('answer %s to a password with %s', async (error, expected) =>
    expect(await accounts(error).setPassword(sub, 'x')).toBe(expected),
  );

  it.each(['AliasExistsException', 'UsernameExistsException'])(
    'answer %s to an address with taken',
    async (error) => expect(await accounts(error).moveAddress(sub, address)).toBe('taken'),
  );

  it('say that the address of whom only a provider knows is not ours to change', async () =>
    expect(await accounts('UserNotFoundException').moveAddress(sub, address)).toBe('unavailable'));

  it('say when an address is free', async () =>
    expect(await accounts('UserNotFoundException').isTaken(address)).toBe(false));

  it('never take a fault for an answer', async () => {
    for (const [error, code] of [
      ['TooManyRequestsException', { code: 'UNAVAILABLE' }],
      ['InternalErrorException', { code: 'UNAVAILABLE' }],
      ['NotAuthorizedException', { name: 'NotAuthorizedException' }],
      ['AccessDeniedException', { name: 'AccessDeniedException' }],
    ] as const) {
      const { setPassword, endSessions, moveAddress, isTaken } = accounts(error);
      for (const run of [
        () => setPassword(sub, 'x'),
        () => endSessions(sub),
        () => moveAddress(sub, address),
        () => isTaken(address),
      ]) {
        await expect(run()).rejects.toMatchObject(code);
      }
    }
  });
});
