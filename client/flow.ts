import type { IdentityProblem, NetworkFailure, ProblemCode } from './problem.ts';
import type { AnswerOf } from './wire.ts';

type Challenged = Extract<AnswerOf<'POST /v1/sessions/challenge'>, { readonly state: 'challenge' }>;
export type Challenge = Challenged['challenge'];
export type ChallengeMethod = Challenge['method'];

/** What a page shows of a challenge. */
export interface Asked extends Omit<Challenge, 'expiresInSeconds'> {
  /** Epoch milliseconds by this device's clock at which the code is over. */
  readonly expiresAt?: number;
}

/** Why the last call did not get on; what was asked for still may. */
type WithProblem = { readonly problem?: IdentityProblem | NetworkFailure };

/**
 * Where somebody is on the way through the questions. `problem` says why the last call did not get on and that it may be
 * tried again; `refused` and `expired` are the end of this way, from where only `start` leads on.
 */
export type FlowState<Done> =
  | ({ readonly step: 'identify' } & WithProblem)
  | ({
      readonly step: 'challenge';
      /** Sealed: goes back unread. */
      readonly flow: string;
      /** `rejected`: what was answered last was not it; `resent`: another message is on its way. */
      readonly notice?: 'rejected' | 'resent';
    } & Asked &
      WithProblem)
  | ({ readonly step: 'new-password-required'; readonly flow: string } & WithProblem)
  | { readonly step: 'expired'; readonly problem?: IdentityProblem }
  | { readonly step: 'refused'; readonly problem: IdentityProblem; readonly next: NextStep }
  | Done;

/** What helps after a refusal: proving the address, setting a new password, or beginning again. */
export type NextStep = 'confirm' | 'reset-password' | 'start-over';

export type FlowAnswer =
  | Pick<Challenged, 'state' | 'flow' | 'challenge'>
  | { readonly state: 'new-password-required'; readonly flow: string };

/** One request; a `method` is what `switch` asks for. */
export type FlowCall =
  | { readonly kind: 'start' | 'answer' | 'resend' | 'credential' | 'link' | 'new-password' }
  | { readonly kind: 'switch'; readonly method: ChallengeMethod };

export interface FlowMachine<Done> {
  readonly state: FlowState<Done>;
  /** The one request that is under way, and where it began. */
  readonly underWay?: { readonly ticket: number; readonly kind: FlowCall['kind'] };
  /** Of the last request; an answer to an earlier one is late. */
  readonly ticket: number;
}

export type FlowEvent<Done> =
  | { readonly type: 'called'; readonly call: FlowCall }
  | {
      readonly type: 'answered';
      readonly ticket: number;
      readonly answer: FlowAnswer | { readonly state: 'done'; readonly done: Done };
      /** Epoch milliseconds. */
      readonly now: number;
    }
  | { readonly type: 'failed'; readonly ticket: number; readonly problem: IdentityProblem | NetworkFailure }
  /** The request ended in a fault of the program; nobody knows what became of it. */
  | { readonly type: 'dropped'; readonly ticket: number }
  | { readonly type: 'restored'; readonly state: FlowState<Done> }
  | { readonly type: 'reset' };

export const freshFlow: FlowMachine<never> = { state: { step: 'identify' }, ticket: 0 };

const mailed: readonly ChallengeMethod[] = ['email-code', 'sms-code', 'magic-link'];

/** Whether a state takes a call at all. What is under way is finished first: a double click is one answer. */
export function accepts<Done>({ state, underWay }: FlowMachine<Done>, call: FlowCall): boolean {
  if (underWay) return false;
  if (isAt(state, 'identify') || isAt(state, 'expired') || isAt(state, 'refused'))
    return call.kind === 'start';
  if (isAt(state, 'new-password-required')) return call.kind === 'new-password';
  return isAt(state, 'challenge') && fits(state, call);
}

function fits({ method, methods, resendsLeft = 0 }: Asked, call: FlowCall): boolean {
  switch (call.kind) {
    case 'answer':
      return method !== 'passkey' && method !== 'magic-link';
    case 'credential':
      return method === 'passkey';
    case 'link':
      return method === 'magic-link';
    case 'resend':
      return mailed.includes(method) && resendsLeft > 0;
    case 'switch':
      return call.method !== method && methods.includes(call.method);
    default:
      return false;
  }
}

/** The next state. An event that the present one must not take changes nothing. */
export function transition<Done>(machine: FlowMachine<Done>, event: FlowEvent<Done>): FlowMachine<Done> {
  const { state, ticket, underWay } = machine;
  switch (event.type) {
    case 'reset':
      return { state: { step: 'identify' }, ticket };
    case 'restored':
      return isAt(state, 'identify') && !underWay ? { state: event.state, ticket } : machine;
    case 'called': {
      if (!accepts(machine, event.call)) return machine;
      const { kind } = event.call;
      const begun: FlowState<Done> = kind === 'start' ? { step: 'identify' } : quiet(state);
      return { state: begun, ticket: ticket + 1, underWay: { ticket: ticket + 1, kind } };
    }
    default:
      if (underWay?.ticket !== event.ticket) return machine;
      return { state: settled(state, underWay.kind, event), ticket };
  }
}

function settled<Done>(
  state: FlowState<Done>,
  kind: FlowCall['kind'],
  event: Extract<FlowEvent<Done>, { readonly ticket: number }>,
): FlowState<Done> {
  if (event.type === 'dropped') return state;
  if (event.type === 'failed') return failed(state, event.problem);
  const { answer, now } = event;
  if (answer.state === 'done') return answer.done;
  if (answer.state !== 'challenge') return { step: 'new-password-required', flow: answer.flow };
  const { expiresInSeconds, ...asked } = answer.challenge;
  const notice = noticeOf(kind, isAt(state, 'challenge') && state.method === asked.method);
  return {
    step: 'challenge',
    flow: answer.flow,
    ...asked,
    ...(expiresInSeconds !== undefined && { expiresAt: now + expiresInSeconds * 1000 }),
    ...(notice && { notice }),
  };
}

/** A wrong answer is answered with the same question again. */
function noticeOf(kind: FlowCall['kind'], isSameMethod: boolean): 'rejected' | 'resent' | undefined {
  if (kind === 'resend') return isSameMethod ? 'resent' : undefined;
  return isSameMethod && (kind === 'answer' || kind === 'credential' || kind === 'link')
    ? 'rejected'
    : undefined;
}

const ends: Partial<Record<ProblemCode, NextStep>> = {
  ACCOUNT_NOT_CONFIRMED: 'confirm',
  PASSWORD_RESET_REQUIRED: 'reset-password',
  ACCOUNT_LOCKED: 'start-over',
  SESSION_REJECTED: 'start-over',
  TOKEN_REJECTED: 'start-over',
};

function failed<Done>(state: FlowState<Done>, problem: IdentityProblem | NetworkFailure): FlowState<Done> {
  // Only these have a request under way.
  const open = state as Extract<Steps, { step: 'identify' | 'challenge' | 'new-password-required' }>;
  if (!('code' in problem)) return { ...open, problem };
  const next = ends[problem.code];
  if (next) return { step: 'refused', problem, next };
  if (open.step === 'identify') return { ...open, problem };
  if (problem.code === 'FLOW_REJECTED') return { step: 'expired', problem };
  if (problem.code === 'SIGN_IN_REJECTED') return { step: 'refused', problem, next: 'start-over' };
  return { ...open, problem };
}

/** Without what was said about the call before. */
function quiet<Done>(state: FlowState<Done>): FlowState<Done> {
  const {
    problem: _problem,
    notice: _notice,
    ...rest
  } = state as FlowState<Done> & {
    problem?: unknown;
    notice?: unknown;
  };
  return rest as FlowState<Done>;
}

type Steps = FlowState<never>;

const isAt = <Step extends Steps['step']>(
  state: unknown,
  step: Step,
): state is Extract<Steps, { readonly step: Step }> => (state as { step: string }).step === step;
