import { readRoundAnswer } from '../core/challenge/answers.ts';
import { codeNumber, type Flow, openMethods } from '../core/challenge/flow.ts';
import { readFlowId } from '../core/challenge/rounds.ts';
import type { FlowId } from '../core/ids.ts';
import { type ChallengeMethod, isChallengeMethod } from '../core/risk/decision.ts';
import { answerBegin } from './begin.ts';
import { claimAnswer, type GivenAnswer, notCompared, repeatedAnswer } from './claim.ts';
import { codeHash } from './code-hash.ts';
import { methodRounds } from './methods/index.ts';
import { belongsTo, type Person, readPerson } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** VerifyAuthChallengeResponse: whether the answer to `begin` or to the method lets the sign-in go on. */
export async function verifyAnswer(services: SignInServices, event: TriggerEvent): Promise<boolean> {
  const { step, flow: id, round, password } = event.request.privateChallengeParameters;
  const flow = readFlowId(id);
  if (!flow) throw new Error('private parameters: expected our flow id');
  const person = await readPerson(services, event);
  if (step === 'begin')
    return answerBegin(services, event, person, { id: flow, password: password === 'true' });
  const number = Number(round);
  if (!isChallengeMethod(step) || !Number.isSafeInteger(number) || number < 1) {
    throw new Error('private parameters: expected step and round');
  }
  return answerRound(services, person, { flow, step, round: number, answer: event.request.challengeAnswer });
}

interface Round {
  readonly flow: FlowId;
  readonly step: ChallengeMethod;
  readonly round: number;
  readonly answer: string;
}

async function answerRound(services: SignInServices, person: Person, asked: Round): Promise<boolean> {
  const { step, round } = asked;
  const flow = await services.flows.find(asked.flow, { consistent: true });
  if (!flow || !belongsTo(flow, person)) return false;
  const read = readRoundAnswer(step, asked.answer);
  // No answer to the challenge: Define asks again, Create sends the next one or asks for the other method.
  if (read.kind === 'resend') {
    if (methodRounds[step].delivers) await services.flows.claimResend(flow, round, services.codes.resends);
    return false;
  }
  if (read.kind === 'switch') {
    const isOther = read.method !== flow.method && openMethods(flow).includes(read.method);
    if (isOther) await services.flows.claimSwitch(flow, round, read.method);
    return false;
  }
  // What has no form of an answer is hashed like one, so that it takes the same way and counts the same.
  const text = read.kind === 'proof' ? read.text : '';
  const number = flow.code?.number ?? codeNumber(flow);
  const hash = await codeHash(services.pseudonyms, flow, step, number, text);
  const given: GivenAnswer = { method: step, round, text, hash };
  if (round <= flow.round) return repeatedAnswer(services, person, flow, given);
  return isAnswerable(flow, step)
    ? claimAnswer(services, person, flow, given)
    : notCompared(services, person, flow, given);
}

/** Between a resend and its mail the older code is no longer good, and a method that was left answers nothing. */
const isAnswerable = (flow: Flow, step: ChallengeMethod): boolean =>
  flow.state === 'challenged' &&
  flow.method === step &&
  (!methodRounds[step].compares || flow.code?.number === codeNumber(flow));
