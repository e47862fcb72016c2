import type { FlowId } from '../ids.ts';
import type { AccountKey, CodePolicy, Flow } from './flow.ts';

/** One entry of Cognito's session array. `challengeMetadata` is there for custom challenges only. */
export interface SessionEntry {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata?: string | null;
}

/** Where a sign-in stands, read from the whole session array. Anything that is not listed is `refused`. */
export type Progress =
  | { readonly at: 'password' }
  | { readonly at: 'decision' }
  | { readonly at: 'begun' | 'answering' | 'answered'; readonly flow: FlowId; readonly answers: number }
  | { readonly at: 'refused' };

export type Step = 'begin' | 'email-code';

const refused: Progress = { at: 'refused' };
const flowId = /^[A-Za-z0-9_-]{22}$/;

/** `<step>:<flow>`, put by Create and kept by Cognito beside each result. */
export const challengeMetadata = (step: Step, flow: FlowId): string => `${step}:${flow}`;

export const readFlowId = (value: unknown): FlowId | undefined =>
  typeof value === 'string' && flowId.test(value) ? (value as FlowId) : undefined;

/**
 * Matches names *and* results from the start of the array. A `SRP_A` entry is true before any password was proven,
 * and a wrong password never gets here: Cognito refuses it itself.
 */
export function readSession(session: readonly SessionEntry[]): Progress {
  const [srp, password, ...rounds] = session;
  if (!passed(srp, 'SRP_A')) return refused;
  if (password === undefined) return { at: 'password' };
  if (!passed(password, 'PASSWORD_VERIFIER')) return refused;
  return rounds.length === 0 ? { at: 'decision' } : readRounds(rounds);
}

const passed = (entry: SessionEntry | undefined, name: string): boolean =>
  entry !== undefined && entry.challengeName === name && entry.challengeResult === true;

function readRounds([begin, ...codes]: readonly SessionEntry[]): Progress {
  const flow = flowOf(begin, 'begin');
  if (!flow || begin?.challengeResult !== true) return refused;
  if (codes.some((entry) => flowOf(entry, 'email-code') !== flow)) return refused;
  // After a right answer there is nothing more to ask: an entry behind it is not ours.
  if (codes.slice(0, -1).some(({ challengeResult }) => challengeResult !== false)) return refused;
  const last = codes.at(-1);
  if (!last) return { at: 'begun', flow, answers: 0 };
  return { at: last.challengeResult === true ? 'answered' : 'answering', flow, answers: codes.length };
}

function flowOf(entry: SessionEntry | undefined, step: Step): FlowId | undefined {
  if (entry?.challengeName !== 'CUSTOM_CHALLENGE') return undefined;
  const [name, id, ...rest] = (entry.challengeMetadata ?? '').split(':');
  return name === step && rest.length === 0 ? readFlowId(id) : undefined;
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
 * client, and a state that was reached by the decision (`allowed`) or by its challenge (`proven`).
 * @param flow - the record that the session array names; `undefined` when it is gone
 */
export function nextStep(
  progress: Extract<Progress, { flow: FlowId }>,
  flow: Flow | undefined,
  { account, client, exists }: Claimant,
  policy: CodePolicy,
): Verdict {
  if (!flow || flow.id !== progress.flow || flow.account !== account || flow.client !== client) return 'fail';
  if (progress.at === 'answered') return exists && flow.state === 'proven' ? 'issue' : 'fail';
  if (flow.state === 'challenged')
    return hasRoundsLeft(flow, progress.answers, policy) ? 'challenge' : 'fail';
  // `begin` may end in low risk. After a wrong code nothing but the code helps, even if the record says proven.
  return progress.at === 'begun' && exists && flow.state === 'allowed' ? 'issue' : 'fail';
}

const hasRoundsLeft = (flow: Flow, answers: number, policy: CodePolicy): boolean =>
  flow.attempts < policy.attempts && answers < policy.attempts + policy.resends;

/**
 * Number of the round that Create opens: entries so far. Verify claims rounds in rising order, once each; Cognito
 * hands the number back in the private parameters, so that a retried or parallel answer is told apart.
 */
export const roundNumber = (session: readonly SessionEntry[]): number => session.length;
