import type { FlowId } from '../ids.ts';
import { type ChallengeMethod, isChallengeMethod } from '../risk/decision.ts';
import { type AccountKey, type CodePolicy, type Flow, maxSwitches } from './flow.ts';

/** One entry of Cognito's session array. `challengeMetadata` is there for custom challenges only. */
export interface SessionEntry {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string | null;
}

/** How a sign-in began; `renewed` says that an administrator's password was replaced on the way. */
interface Beginning {
  readonly password: boolean;
  readonly renewed?: true;
}

/** Where a sign-in stands, read from the whole session array. Anything that is not listed is `refused`. */
export type Progress =
  | { readonly at: 'password' }
  | ({ readonly at: 'decision' } & Beginning)
  | ({
      readonly at: 'begun' | 'answering' | 'answered';
      readonly flow: FlowId;
      readonly answers: number;
    } & Beginning)
  | { readonly at: 'refused' };

export type Step = 'begin' | ChallengeMethod;

const refused: Progress = { at: 'refused' };
const flowId = /^[A-Za-z0-9_-]{22}$/;

/** `<step>:<flow>`, put by Create and kept by Cognito beside each result. */
export const challengeMetadata = (step: Step, flow: FlowId): string => `${step}:${flow}`;

export const readFlowId = (value: unknown): FlowId | undefined =>
  typeof value === 'string' && flowId.test(value) ? (value as FlowId) : undefined;

/**
 * Matches names *and* results from the start of the array. A `SRP_A` entry is true before any password was proven,
 * and a wrong password never gets here: Cognito refuses it itself. Without a password the first round is `begin`.
 */
export function readSession(session: readonly SessionEntry[]): Progress {
  const [first, password, ...rest] = session;
  if (first === undefined || first.challengeName === 'CUSTOM_CHALLENGE') {
    return readRounds(session, { password: false });
  }
  if (!passed(first, 'SRP_A')) return refused;
  if (password === undefined) return { at: 'password' };
  if (!passed(password, 'PASSWORD_VERIFIER')) return refused;
  // Cognito sets the new password only after it has seen the old one, so this entry never stands without the two.
  return passed(rest[0], 'NEW_PASSWORD_REQUIRED')
    ? readRounds(rest.slice(1), { password: true, renewed: true })
    : readRounds(rest, { password: true });
}

const passed = (entry: SessionEntry | undefined, name: string): boolean =>
  entry !== undefined && entry.challengeName === name && entry.challengeResult === true;

function readRounds([begin, ...answers]: readonly SessionEntry[], beginning: Beginning): Progress {
  if (begin === undefined) return { at: 'decision', ...beginning };
  const flow = flowOf(begin, (step) => step === 'begin');
  if (!flow || begin.challengeResult !== true) return refused;
  if (answers.some((entry) => flowOf(entry, isChallengeMethod) !== flow)) return refused;
  // After a right answer there is nothing more to ask: an entry behind it is not ours.
  if (answers.slice(0, -1).some(({ challengeResult }) => challengeResult !== false)) return refused;
  const last = answers.at(-1);
  if (!last) return { at: 'begun', flow, answers: 0, ...beginning };
  return {
    at: last.challengeResult === true ? 'answered' : 'answering',
    flow,
    answers: answers.length,
    ...beginning,
  };
}

function flowOf(entry: SessionEntry, isExpected: (step: unknown) => boolean): FlowId | undefined {
  if (entry.challengeName !== 'CUSTOM_CHALLENGE') return undefined;
  const [step, id, ...rest] = (entry.challengeMetadata ?? '').split(':');
  return isExpected(step) && rest.length === 0 ? readFlowId(id) : undefined;
}

export type Verdict = 'issue' | 'challenge' | 'fail';

export interface Claimant {
  readonly account: AccountKey;
  readonly client: string;
  /** False for an unknown user, who plays the rounds and fails whatever happens. */
  readonly exists: boolean;
}

/**
 * What comes after a custom challenge. Tokens need all of: an existing account, a record of this very account and
 * client that began the same way (with a password or without), and a state that was reached by the decision (`allowed`)
 * or by its challenge (`proven`). A step-up never has tokens: whoever began it reads the record.
 * @param flow - the record that the session array names; `undefined` when it is gone
 */
export function nextStep(
  progress: Extract<Progress, { flow: FlowId }>,
  flow: Flow | undefined,
  { account, client, exists }: Claimant,
  policy: CodePolicy,
): Verdict {
  if (!flow || flow.id !== progress.flow || flow.account !== account || flow.client !== client) return 'fail';
  if (flow.record.context.proven.includes('password') !== progress.password) return 'fail';
  if (flow.state === 'challenged')
    return progress.at !== 'answered' && hasRoundsLeft(flow, progress.answers, policy) ? 'challenge' : 'fail';
  const isInVain = flow.blind === true && !flow.proven.includes('passkey');
  if (flow.stepUp !== undefined || isInVain || !exists) return 'fail';
  if (progress.at === 'answered') return flow.state === 'proven' && !flow.atBegin ? 'issue' : 'fail';
  if (progress.at !== 'begun') return 'fail'; // after a wrong answer nothing but a right one helps
  const isAllowed = flow.state === 'allowed' && flow.proven.length > 0;
  return isAllowed || (flow.state === 'proven' && flow.atBegin === true) ? 'issue' : 'fail';
}

const hasRoundsLeft = (flow: Flow, answers: number, policy: CodePolicy): boolean =>
  flow.attempts < policy.attempts && answers < policy.attempts + policy.resends + maxSwitches;

/**
 * Number of the round that Create opens: entries so far. Verify claims rounds in rising order, once each; Cognito
 * hands the number back in the private parameters, so that a retried or parallel answer is told apart.
 */
export const roundNumber = (session: readonly SessionEntry[]): number => session.length;
