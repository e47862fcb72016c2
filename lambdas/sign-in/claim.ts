import type { AnswerClaim } from '../adapters/flows.ts';
import { type Flow, isGuessable, isInVain } from '../core/challenge/flow.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { ChallengeMethod } from '../core/risk/decision.ts';
import { flowEvent } from './events.ts';
import { methodRounds } from './methods/index.ts';
import type { Person } from './person.ts';
import type { SignInServices } from './services.ts';

export interface GivenAnswer {
  readonly method: ChallengeMethod;
  readonly round: number;
  readonly text: string;
  readonly hash: Pseudonym;
  /** For an answer that came with `begin`, whose challenge the flow does not hold. */
  readonly proveAtBegin?: () => Promise<boolean>;
}

const claimOf = ({ codes }: SignInServices, flow: Flow, given: GivenAnswer): AnswerClaim => ({
  flow,
  ...(methodRounds[given.method].compares && !given.proveAtBegin && { code: flow.code }),
  ...(given.proveAtBegin && { atBegin: true }),
  method: given.method,
  round: given.round,
  answer: given.hash,
  attempts: codes.attempts,
  accountLimit: isGuessable(given.method) ? codes.accountLimit : Number.MAX_SAFE_INTEGER,
});

/**
 * Claims round and counters first, compares then: an answer that loses the claim is never compared with anything, so
 * that not even its time says whether it was right.
 */
export async function claimAnswer(
  services: SignInServices,
  person: Person,
  flow: Flow,
  given: GivenAnswer,
): Promise<boolean> {
  const claimed = await services.flows.claimAnswer(claimOf(services, flow, given));
  if (claimed === 'claimed') return settle(services, person, flow, given);
  if (claimed === 'limited') return notCompared(services, person, flow, given, 'CODE_LIMIT');
  const current = await services.flows.find(flow.id, { consistent: true });
  return repeatedAnswer(services, person, current ?? flow, given);
}

/** Refused without a comparison: no state changes, so the event is written by itself, once per answer. */
export async function notCompared(
  { outbox, clock }: SignInServices,
  person: Person,
  flow: Flow,
  { method, round, hash }: GivenAnswer,
  why?: 'CODE_LIMIT',
): Promise<false> {
  const now = clock.now();
  const isLate = flow.code !== undefined && flow.code.expiresAt <= now;
  const reasons = [why ?? (isLate ? 'CODE_EXPIRED' : 'CODE_NOT_COMPARED')];
  const data = { round, method };
  const event = { type: 'sign-in.code-rejected', outcome: 'refused', reasons, data } as const;
  await outbox.put(flowEvent(person, flow, now, event, `${round} ${hash}`));
  return false;
}

/** The same answer to the same round again gets the same result; any other is not evaluated. */
export async function repeatedAnswer(
  services: SignInServices,
  person: Person,
  flow: Flow,
  given: GivenAnswer,
): Promise<boolean> {
  if (flow.round !== given.round || flow.answer !== given.hash) {
    return notCompared(services, person, flow, given);
  }
  if (flow.result !== undefined) return flow.result === 'right' && flow.state === 'proven';
  // Claimed, but the environment ended before the result was stored. What was spent by then stays spent.
  return settle(services, person, flow, given);
}

async function settle(
  services: SignInServices,
  person: Person,
  flow: Flow,
  given: GivenAnswer,
): Promise<boolean> {
  const claim = claimOf(services, flow, given);
  const isRight =
    person.exists && !isInVain(flow, given.method) && (await isProof(services, person, claim, given));
  const stored = isRight
    ? await services.flows.acceptAnswer(claim)
    : await services.flows.rejectAnswer(claim, rejection(services, person, claim));
  if (stored) return isRight;
  const current = await services.flows.find(flow.id, { consistent: true });
  return current?.round === claim.round && current.answer === claim.answer && current.state === 'proven';
}

const isProof = (
  services: SignInServices,
  person: Person,
  claim: AnswerClaim,
  { method, text, proveAtBegin }: GivenAnswer,
): Promise<boolean> =>
  proveAtBegin ? proveAtBegin() : methodRounds[method].prove(services, person, claim, text);

const rejection = ({ clock }: SignInServices, person: Person, { flow, method, round }: AnswerClaim) =>
  flowEvent(
    person,
    flow,
    clock.now(),
    {
      type: 'sign-in.code-rejected',
      outcome: 'refused',
      reasons: ['CODE_REJECTED'],
      data: { round, method },
    },
    round,
  );
