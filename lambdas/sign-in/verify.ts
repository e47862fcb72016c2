import { timingSafeEqual } from 'node:crypto';
import type { AnswerClaim } from '../adapters/flows.ts';
import { readBeginAnswer, readCodeAnswer } from '../core/challenge/answers.ts';
import type { Flow } from '../core/challenge/flow.ts';
import { readFlowId } from '../core/challenge/rounds.ts';
import type { FlowId } from '../core/ids.ts';
import { contextMetadataKey } from '../core/risk/context.ts';
import { assess } from './assess.ts';
import { codeHash } from './code-hash.ts';
import { flowStart } from './define.ts';
import { decisionEvent, flowEvent } from './events.ts';
import { belongsTo, type Person, type Presented, readContext, readPerson } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** VerifyAuthChallengeResponse: whether the answer to `begin` or to the code lets the sign-in go on. */
export async function verifyAnswer(services: SignInServices, event: TriggerEvent): Promise<boolean> {
  const { step, flow: id, round } = event.request.privateChallengeParameters;
  const flow = readFlowId(id);
  if (!flow) throw new Error('private parameters: expected our flow id');
  const person = await readPerson(services, event);
  if (step === 'begin') return answerBegin(services, event, person, flow);
  const number = Number(round);
  if (step !== 'email-code' || !Number.isSafeInteger(number) || number < 1) {
    throw new Error('private parameters: expected step and round');
  }
  return answerCode(services, person, flow, number, event.request.challengeAnswer);
}

async function answerBegin(
  services: SignInServices,
  event: TriggerEvent,
  person: Person,
  id: FlowId,
): Promise<boolean> {
  const { context, method } = readBeginAnswer(event.request.challengeAnswer);
  const opened = await services.flows.find(id, { consistent: true });
  if (opened) return joinFlow(services, person, opened, method);
  const token = context ?? event.request.clientMetadata[contextMetadataKey];
  const presented = await readContext(services, token, person);
  const flow = await openFlow(services, person, id, presented, method);
  return flow.state !== 'denied' && belongsTo(flow, person);
}

/** The flow was opened by Define, or by this very trigger before: its decision stands, only the method is chosen. */
async function joinFlow(
  { flows }: SignInServices,
  person: Person,
  flow: Flow,
  method: Flow['method'],
): Promise<boolean> {
  if (!belongsTo(flow, person)) return false;
  if (flow.state === 'allowed') return true;
  const chosen = method ?? flow.record.decision.methods[0];
  return chosen !== undefined && flow.state === 'challenged' && flows.begin(flow, chosen);
}

/** Decides and stores the decision under the flow. A context that was used before is no better than none. */
async function openFlow(
  services: SignInServices,
  person: Person,
  id: FlowId,
  presented: Presented | { readonly unknown: 'replayed' },
  method: Flow['method'],
): Promise<Flow> {
  const record = await assess(services, person, presented);
  const context = 'known' in presented ? presented.known : undefined;
  const start = {
    ...flowStart(person, id, context, record),
    method: method ?? record.decision.methods[0],
  };
  const event = decisionEvent(
    person,
    context ? { ...start, context: context.id } : start,
    record.context.now,
  );
  const opened = context
    ? await services.flows.openWithContext({ ...start, context: context.id }, event)
    : (await services.flows.open(start, event))
      ? 'opened'
      : 'flow-taken';
  if (opened === 'context-spent') return openFlow(services, person, id, { unknown: 'replayed' }, method);
  const flow = await services.flows.find(id, { consistent: true });
  if (!flow) throw new Error('flow: gone straight after it was opened');
  return flow;
}

async function answerCode(
  services: SignInServices,
  person: Person,
  id: FlowId,
  round: number,
  answer: string,
): Promise<boolean> {
  const flow = await services.flows.find(id, { consistent: true });
  if (!flow || !belongsTo(flow, person)) return false;
  const typed = readCodeAnswer(answer);
  if (typed.kind === 'resend') {
    await services.flows.claimResend(flow, round, services.codes.resends);
    return false; // no answer to the code: Define asks again, Create sends the next one
  }
  const code = flow.code;
  // What has no form of a code is hashed like one, so that it takes the same way and counts the same.
  const hash = await codeHash(
    services.pseudonyms,
    flow,
    code?.number ?? flow.resends,
    typed.kind === 'code' ? typed.code : '',
  );
  if (round <= flow.round) return repeatedAnswer(services, person, flow, round, hash);
  // Between a resend and its mail the older code is no longer good.
  if (code?.number !== flow.resends || flow.state !== 'challenged') {
    return notCompared(services, person, flow, round, hash);
  }
  return claimAnswer(services, person, answerClaim(services, flow, code, round, hash));
}

const answerClaim = (
  { codes }: SignInServices,
  flow: Flow,
  code: NonNullable<Flow['code']>,
  round: number,
  answer: AnswerClaim['answer'],
): AnswerClaim => ({
  flow,
  code,
  method: 'email-code',
  round,
  answer,
  attempts: codes.attempts,
  accountLimit: codes.accountLimit,
});

/**
 * Claims round and counters first, compares then: an answer that loses the claim is never compared with the code, so
 * that not even its time says whether it was right.
 */
async function claimAnswer(services: SignInServices, person: Person, claim: AnswerClaim): Promise<boolean> {
  const claimed = await services.flows.claimAnswer(claim);
  if (claimed === 'claimed') return settle(services, person, claim);
  const { flow, round, answer } = claim;
  if (claimed === 'limited') return notCompared(services, person, flow, round, answer, 'CODE_LIMIT');
  const current = await services.flows.find(flow.id, { consistent: true });
  return repeatedAnswer(services, person, current ?? flow, round, answer);
}

/** Refused without a comparison: no state changes, so the event is written by itself, once per answer. */
async function notCompared(
  { outbox, clock }: SignInServices,
  person: Person,
  flow: Flow,
  round: number,
  answer: AnswerClaim['answer'],
  why?: 'CODE_LIMIT',
): Promise<false> {
  const now = clock.now();
  const isLate = flow.code !== undefined && flow.code.expiresAt <= now;
  const reasons = [why ?? (isLate ? 'CODE_EXPIRED' : 'CODE_NOT_COMPARED')];
  const event = { type: 'sign-in.code-rejected', outcome: 'refused', reasons, data: { round } } as const;
  await outbox.put(flowEvent(person, flow, now, event, `${round} ${answer}`));
  return false;
}

/** The same answer to the same round again gets the same result; any other is not evaluated. */
async function repeatedAnswer(
  services: SignInServices,
  person: Person,
  flow: Flow,
  round: number,
  answer: AnswerClaim['answer'],
): Promise<boolean> {
  if (flow.round !== round || flow.answer !== answer) {
    return notCompared(services, person, flow, round, answer);
  }
  if (flow.result !== undefined) return flow.result === 'right' && flow.state === 'proven';
  // Claimed, but the environment ended before the result was stored.
  return flow.code ? settle(services, person, answerClaim(services, flow, flow.code, round, answer)) : false;
}

async function settle(services: SignInServices, person: Person, claim: AnswerClaim): Promise<boolean> {
  const isRight = timingSafeEqual(Buffer.from(claim.answer), Buffer.from(claim.code.hash)) && person.exists;
  const stored = isRight
    ? await services.flows.acceptAnswer(claim, claim.method)
    : await services.flows.rejectAnswer(claim, rejection(services, person, claim));
  if (stored) return isRight;
  const flow = await services.flows.find(claim.flow.id, { consistent: true });
  return flow?.round === claim.round && flow.answer === claim.answer && flow.state === 'proven';
}

const rejection = ({ clock }: SignInServices, person: Person, { flow, round }: AnswerClaim) =>
  flowEvent(
    person,
    flow,
    clock.now(),
    { type: 'sign-in.code-rejected', outcome: 'refused', reasons: ['CODE_REJECTED'], data: { round } },
    round,
  );
