import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountKey, Flow, FlowState } from '../../../../lambdas/core/challenge/flow.ts';
import { nextStep, readSession, type SessionEntry } from '../../../../lambdas/core/challenge/rounds.ts';
import type { FlowId } from '../../../../lambdas/core/ids.ts';

const F = 'f'.repeat(22);
const entry = (challengeName: string, challengeResult = true, challengeMetadata?: string): SessionEntry => ({
  challengeName,
  challengeResult,
  challengeMetadata,
});
const [srp, password] = [entry('SRP_A'), entry('PASSWORD_VERIFIER')];
const begin = (result = true, flow = F) => entry('CUSTOM_CHALLENGE', result, `begin:${flow}`);
const code = (result = true, flow = F) => entry('CUSTOM_CHALLENGE', result, `email-code:${flow}`);

const totp = (result = true, flow = F) => entry('CUSTOM_CHALLENGE', result, `totp:${flow}`);
const renewed = entry('NEW_PASSWORD_REQUIRED');

describe('the session array', () => {
  it.each([
    { given: 'SRP_A', session: [srp], at: 'password' },
    { given: 'the password', session: [srp, password], at: 'decision' },
    { given: 'begin', session: [srp, password, begin()], at: 'begun' },
    { given: 'a wrong code', session: [srp, password, begin(), code(false)], at: 'answering' },
    { given: 'a right code', session: [srp, password, begin(), code(false), code()], at: 'answered' },
    { given: 'nothing', session: [], at: 'decision' },
    { given: 'begin without a password', session: [begin()], at: 'begun' },
    { given: 'a right method without a password', session: [begin(), totp()], at: 'answered' },
    {
      given: 'another method after a wrong code',
      session: [srp, password, begin(), code(false), totp()],
      at: 'answered',
    },
    { given: 'a new password', session: [srp, password, renewed], at: 'decision' },
    {
      given: 'a refused new password',
      session: [srp, password, entry('NEW_PASSWORD_REQUIRED', false)],
      at: 'refused',
    },
    { given: 'a new password after a round', session: [srp, password, begin(), renewed], at: 'refused' },
    { given: 'a new password alone', session: [renewed], at: 'refused' },
    { given: 'the password after begin', session: [begin(), srp, password], at: 'refused' },
    {
      given: 'an unknown method',
      session: [srp, password, begin(), entry('CUSTOM_CHALLENGE', true, `telepathy:${F}`)],
      at: 'refused',
    },
    {
      given: 'the password as a round',
      session: [srp, password, begin(), entry('CUSTOM_CHALLENGE', true, `password:${F}`)],
      at: 'refused',
    },
    { given: 'a failed SRP_A', session: [entry('SRP_A', false)], at: 'refused' },
    { given: 'the password twice', session: [srp, password, password], at: 'refused' },
    { given: 'a refused begin', session: [srp, password, begin(false)], at: 'refused' },
    { given: 'a code without begin', session: [srp, password, code()], at: 'refused' },
    { given: 'begin twice', session: [srp, password, begin(), begin()], at: 'refused' },
    { given: 'two flows', session: [srp, password, begin(), code(true, 'g'.repeat(22))], at: 'refused' },
    {
      given: 'something after a right code',
      session: [srp, password, begin(), code(), code()],
      at: 'refused',
    },
    { given: 'no metadata', session: [srp, password, entry('CUSTOM_CHALLENGE')], at: 'refused' },
    {
      given: 'odd metadata',
      session: [srp, password, entry('CUSTOM_CHALLENGE', true, `begin:${F}:x`)],
      at: 'refused',
    },
    { given: 'MFA of Cognito', session: [srp, password, entry('SMS_MFA')], at: 'refused' },
  ])('after $given is $at', ({ session, at }) => expect(readSession(session).at).toBe(at));
});

const policy = { lifetimeSeconds: 300, attempts: 3, resends: 2, accountLimit: 10, accountMails: 10 };
const claimant = { account: 'sub' as AccountKey, client: 'web', exists: true };
const states: readonly FlowState[] = ['allowed', 'challenged', 'proven', 'denied', 'bound'];
const aFlow = ({ proven = ['password'], ...over }: Partial<Flow> = {}) =>
  ({
    id: F,
    account: 'sub',
    client: 'web',
    state: 'challenged',
    attempts: 0,
    proven,
    record: { context: { proven } },
    ...over,
  }) as unknown as Flow;

const anyEntry = fc.record({
  challengeName: fc.constantFrom(
    'SRP_A',
    'PASSWORD_VERIFIER',
    'CUSTOM_CHALLENGE',
    'NEW_PASSWORD_REQUIRED',
    '',
  ),
  challengeResult: fc.boolean(),
  challengeMetadata: fc.constantFrom(
    undefined,
    `begin:${F}`,
    `email-code:${F}`,
    `totp:${F}`,
    `begin:${'g'.repeat(22)}`,
    'begin',
  ),
});
const plausible = fc
  .tuple(
    fc.constantFrom([], [srp, password], [srp, password, renewed]),
    fc.array(fc.constantFrom(begin(), begin(false), code(), code(false), totp(), totp(false)), {
      maxLength: 8,
    }),
  )
  .map((parts) => parts.flat());

describe('tokens', () => {
  it('have no path without password, decision and whatever the decision required', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.array(anyEntry, { maxLength: 8 }), plausible),
        fc.constantFrom(...states),
        fc.nat(4),
        fc.boolean(),
        fc.constantFrom('sub', 'other'),
        fc.constantFrom('web', 'other'),
        fc.record({
          proven: fc.constantFrom(['password'], []),
          stepUp: fc.constantFrom(undefined, 'session'),
          blind: fc.constantFrom(undefined, true),
          atBegin: fc.constantFrom(undefined, true),
        }),
        (session, state, attempts, exists, account, client, marks) => {
          const progress = readSession(session);
          if (!('flow' in progress)) return;
          const over = { state, attempts, account: account as AccountKey, client, ...marks };
          const verdict = nextStep(progress, aFlow(over as Partial<Flow>), { ...claimant, exists }, policy);
          if (verdict !== 'issue') return;
          expect({ exists, account, client, id: progress.flow }).toEqual({
            exists: true,
            account: 'sub',
            client: 'web',
            id: F,
          });
          expect([marks.stepUp, marks.blind]).toEqual([undefined, undefined]);
          const hasPassword = session[0]?.challengeName === 'SRP_A';
          expect(marks.proven).toEqual(hasPassword ? ['password'] : []);
          if (hasPassword) expect(session.slice(0, 2)).toMatchObject([srp, password]);
          const isAnswered = session.at(-1)?.challengeMetadata !== `begin:${F}`;
          if (isAnswered)
            expect([session.at(-1)?.challengeResult, state, marks.atBegin]).toEqual([
              true,
              'proven',
              undefined,
            ]);
          else if (marks.atBegin && state === 'proven') expect(session.at(-1)?.challengeResult).toBe(true);
          else expect([state, hasPassword]).toEqual(['allowed', true]);
        },
      ),
      { numRuns: 2_000 },
    ));

  it('are not issued when the record is gone', () =>
    expect(
      nextStep(
        { at: 'answered', flow: F as FlowId, answers: 1, password: true },
        undefined,
        claimant,
        policy,
      ),
    ).toBe('fail'));

  it.each([
    { attempts: 2, answers: 4, verdict: 'challenge' },
    { attempts: 3, answers: 3, verdict: 'fail' },
    { attempts: 0, answers: 8, verdict: 'challenge' },
    { attempts: 0, answers: 9, verdict: 'fail' },
  ] as const)('after $attempts attempts in $answers rounds: $verdict', ({ attempts, answers, verdict }) =>
    expect(
      nextStep(
        { at: 'answering', flow: F as FlowId, answers, password: true },
        aFlow({ attempts }),
        claimant,
        policy,
      ),
    ).toBe(verdict),
  );

  it('are never issued after a wrong code, even if the record says proven', () =>
    expect(
      nextStep(
        { at: 'answering', flow: F as FlowId, answers: 1, password: true },
        aFlow({ state: 'proven' }),
        claimant,
        policy,
      ),
    ).toBe('fail'));
});
