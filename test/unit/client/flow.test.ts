import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepts,
  type Challenge,
  type ChallengeMethod,
  type FlowCall,
  type FlowEvent,
  type FlowMachine,
  freshFlow,
  transition,
} from '../../../client/flow.ts';
import { IdentityProblem, NetworkFailure, type ProblemCode } from '../../../client/problem.ts';

interface Done {
  readonly step: 'signed-in';
}
type Machine = FlowMachine<Done>;
const NOW = Date.UTC(2026, 10, 22);
const done = { state: 'done', done: { step: 'signed-in' } } as const;
const problem = (code: ProblemCode, status = 401) => new IdentityProblem(status, { code });
type AnyAnswer = Extract<FlowEvent<Done>, { type: 'answered' }>['answer'];
const asking = (method: ChallengeMethod, more: Partial<Challenge> = {}): AnyAnswer => ({
  state: 'challenge',
  flow: `flow of ${method}`,
  challenge: { method, methods: [method], ...more },
});

const call = (machine: Machine, what: FlowCall): Machine =>
  transition(machine, { type: 'called', call: what });
const answered = (machine: Machine, answer: AnyAnswer): Machine =>
  transition(machine, { type: 'answered', ticket: machine.ticket, answer, now: NOW });
const failed = (machine: Machine, why: IdentityProblem | NetworkFailure): Machine =>
  transition(machine, { type: 'failed', ticket: machine.ticket, problem: why });
const challenged = (method: ChallengeMethod, more: Partial<Challenge> = {}): Machine =>
  answered(call(freshFlow, { kind: 'start' }), asking(method, more));

describe('the machine of a sign-in', () => {
  it('leads from the identifier over a challenge to the end', () => {
    const asked = challenged('email-code', {
      destination: 'a***@e***.com',
      codeLength: 8,
      expiresInSeconds: 600,
    });
    expect(asked.state).toMatchObject({
      step: 'challenge',
      destination: 'a***@e***.com',
      expiresAt: NOW + 600_000,
    });
    expect(answered(call(asked, { kind: 'answer' }), done).state).toEqual({ step: 'signed-in' });
  });

  it('says that an answer was wrong, and that a message is on its way, until the next call', () => {
    const asked = challenged('email-code', { resendsLeft: 2 });
    const wrong = answered(call(asked, { kind: 'answer' }), asking('email-code', { resendsLeft: 2 }));
    expect(wrong.state).toMatchObject({ notice: 'rejected' });
    const sending = call(wrong, { kind: 'resend' });
    expect(sending.state).not.toHaveProperty('notice');
    expect(answered(sending, asking('email-code', { resendsLeft: 1 })).state).toMatchObject({
      notice: 'resent',
    });
  });

  it('asks the next question without calling the answer wrong', () => {
    const next = answered(call(challenged('email-code'), { kind: 'answer' }), asking('totp'));
    expect(next.state).toMatchObject({ step: 'challenge', method: 'totp' });
    expect(next.state).not.toHaveProperty('notice');
  });

  it.each([
    { code: 'SIGN_IN_REJECTED', at: 'identify', step: 'identify' },
    { code: 'TOO_MANY_ATTEMPTS', at: 'identify', step: 'identify' },
    { code: 'ACCOUNT_NOT_CONFIRMED', at: 'identify', step: 'refused', next: 'confirm' },
    { code: 'PASSWORD_RESET_REQUIRED', at: 'identify', step: 'refused', next: 'reset-password' },
    { code: 'FLOW_REJECTED', at: 'challenge', step: 'expired' },
    { code: 'SIGN_IN_REJECTED', at: 'challenge', step: 'refused', next: 'start-over' },
    { code: 'SESSION_REJECTED', at: 'challenge', step: 'refused', next: 'start-over' },
    { code: 'REQUEST_INVALID', at: 'challenge', step: 'challenge' },
    { code: 'UNAVAILABLE', at: 'challenge', step: 'challenge' },
  ] as const)('is at $step after $code at $at', ({ code, at, step, ...more }) => {
    const begun =
      at === 'identify' ? call(freshFlow, { kind: 'start' }) : call(challenged('totp'), { kind: 'answer' });
    const { state } = failed(begun, problem(code));
    expect(state).toMatchObject({ step, problem: { code }, ...more });
  });

  it('keeps a refused new password and a broken connection where they are', () => {
    const wanted = answered(call(freshFlow, { kind: 'start' }), {
      state: 'new-password-required',
      flow: 'f',
    });
    const refused = failed(call(wanted, { kind: 'new-password' }), problem('PASSWORD_REFUSED', 400));
    expect(refused.state).toMatchObject({ step: 'new-password-required', flow: 'f' });
    const offline = failed(call(challenged('totp'), { kind: 'answer' }), new NetworkFailure('offline'));
    expect(offline.state).toMatchObject({ step: 'challenge', flow: 'flow of totp' });
  });

  it('resends only what is sent, while some are left', () => {
    expect(accepts(challenged('email-code', { resendsLeft: 1 }), { kind: 'resend' })).toBe(true);
    expect(accepts(challenged('email-code', { resendsLeft: 0 }), { kind: 'resend' })).toBe(false);
    expect(accepts(challenged('totp', { resendsLeft: 1 }), { kind: 'resend' })).toBe(false);
  });
});

const methods: readonly ChallengeMethod[] = [
  'passkey',
  'totp',
  'sms-code',
  'email-code',
  'magic-link',
  'recovery-code',
];
const anyMethod = fc.constantFrom(...methods);
const anyCall: fc.Arbitrary<FlowCall> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('start', 'answer', 'resend', 'credential', 'link', 'new-password'),
  }) as fc.Arbitrary<FlowCall>,
  anyMethod.map((method) => ({ kind: 'switch', method }) as const),
);
const anyAnswer: fc.Arbitrary<AnyAnswer> = fc.oneof(
  fc.constant(done),
  fc.constant({ state: 'new-password-required', flow: 'flow' } as const),
  fc
    .record({
      method: anyMethod,
      others: fc.subarray([...methods]),
      resendsLeft: fc.nat(3),
    })
    .map(({ method, others, resendsLeft }) =>
      asking(method, { methods: [...new Set([method, ...others])], resendsLeft }),
    ),
);
const anyProblem = fc
  .constantFrom<ProblemCode | 'offline'>(
    'FLOW_REJECTED',
    'SIGN_IN_REJECTED',
    'ACCOUNT_NOT_CONFIRMED',
    'TOO_MANY_ATTEMPTS',
    'UNAVAILABLE',
    'offline',
  )
  .map((code) => (code === 'offline' ? new NetworkFailure('offline') : problem(code)));

/** Events in any order, also ones that no driver would send; a ticket counts back from the last one. */
type Move =
  | { readonly what: 'call'; readonly call: FlowCall }
  | { readonly what: 'answer'; readonly age: number; readonly answer: AnyAnswer }
  | { readonly what: 'failure'; readonly age: number; readonly problem: IdentityProblem | NetworkFailure }
  | { readonly what: 'reset' };
const age = fc.nat(2);
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('call' as const), call: anyCall }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('answer' as const), age, answer: anyAnswer }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('failure' as const), age, problem: anyProblem }) },
  fc.constant({ what: 'reset' as const }),
);

function eventOf(machine: Machine, move: Move): FlowEvent<Done> {
  if (move.what === 'reset') return { type: 'reset' };
  if (move.what === 'call') return { type: 'called', call: move.call };
  const ticket = machine.ticket - move.age;
  return move.what === 'answer'
    ? { type: 'answered', ticket, answer: move.answer, now: NOW }
    : { type: 'failed', ticket, problem: move.problem };
}

/** Calls `check` with each step of any history. */
const always = (check: (before: Machine, event: FlowEvent<Done>, after: Machine) => void): void =>
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 30 }), (moves) => {
      let machine: Machine = freshFlow;
      for (const move of moves) {
        const event = eventOf(machine, move);
        const after = transition(machine, event);
        check(machine, event, after);
        machine = after;
      }
    }),
    { numRuns: 500 },
  );

describe('in any history of calls, answers, failures and resets', () => {
  it('a call that is not accepted changes nothing, and an accepted one is the only one under way', () =>
    always((before, event, after) => {
      if (event.type !== 'called') return;
      if (!accepts(before, event.call)) return expect(after).toBe(before);
      expect(after.underWay).toEqual({ ticket: before.ticket + 1, kind: event.call.kind });
      expect(accepts(after, event.call)).toBe(false);
    }));

  it('nothing but `start` leads on from an end, and nothing at all from a finished sign-in', () =>
    always((before, event, after) => {
      if (event.type === 'reset') return;
      if (before.state.step === 'signed-in') expect(after).toBe(before);
      if (['expired', 'refused'].includes(before.state.step) && after !== before)
        expect(after).toMatchObject({ state: { step: 'identify' }, underWay: { kind: 'start' } });
    }));

  it('an answer to anything but the request that is under way is ignored', () =>
    always((before, event, after) => {
      if ('ticket' in event && event.ticket !== before.underWay?.ticket) expect(after).toBe(before);
    }));

  it('somebody is signed in by an answer and by nothing else', () =>
    always((before, event, after) => {
      if (after.state.step === 'signed-in' && before.state.step !== 'signed-in')
        expect(event).toMatchObject({ type: 'answered', ticket: before.underWay?.ticket, answer: done });
    }));

  it('no answer that came after a reset is taken', () =>
    always((before, event, after) => {
      if (event.type !== 'reset') return;
      expect(after).toEqual({ state: { step: 'identify' }, ticket: before.ticket });
      const late = transition(after, { type: 'answered', ticket: before.ticket, answer: done, now: NOW });
      expect(late).toBe(after);
    }));
});
