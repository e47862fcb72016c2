import type { ChallengeMethod, FlowCall } from './flow.ts';
import type { FlowDriver, Listener, Send, Shown } from './flow-driver.ts';
import type { BodyOf } from './wire.ts';

type Round = BodyOf<'POST /v1/sessions/challenge'>;
export type Answers = Omit<Round, 'flow'>;

/**
 * The questions of a flow. Every method resolves to the state afterwards; problems of the API are in the state. One request at
 * a time: what the present state does not take (a double click, an answer after the end) is ignored.
 */
export interface Rounds<Done> {
  readonly state: Shown<Done>;
  /** Called after each change. @returns how to unsubscribe */
  subscribe(listener: Listener<Done>): () => void;
  /** A code as it was typed. */
  answer(code: string): Promise<Shown<Done>>;
  resend(): Promise<Shown<Done>>;
  /** One of `state.methods`. */
  switchMethod(method: ChallengeMethod): Promise<Shown<Done>>;
  /** A passkey's answer to `state.options`. */
  credential(credential: NonNullable<Round['credential']>): Promise<Shown<Done>>;
  /** Secret of a mailed link: the fragment of its address. */
  link(secret: string): Promise<Shown<Done>>;
  /** After a reload: the challenge that the storage kept, unless its time is over. */
  restore(): Shown<Done>;
  /** Back to the beginning; a late answer is ignored. */
  reset(): Shown<Done>;
}

/** @param post - sends an answer for a sealed flow */
export function roundsOf<Done>(
  driver: FlowDriver<Done>,
  post: (answers: Answers) => Send<Done>,
): Rounds<Done> {
  const run = (call: FlowCall, answers: Answers) => driver.run(call, post(answers));
  return {
    get state() {
      return driver.state;
    },
    subscribe: driver.subscribe,
    answer: (code) => run({ kind: 'answer' }, { answer: typed(code) }),
    resend: () => run({ kind: 'resend' }, { resend: true }),
    switchMethod: (method) => run({ kind: 'switch', method }, { method }),
    credential: (credential) => run({ kind: 'credential' }, { credential }),
    link: (secret) => run({ kind: 'link' }, { link: secret.replace(/^#/, '') }),
    restore: driver.restore,
    reset: driver.reset,
  };
}

/** Mail clients and people put spaces into digits; in a recovery code they do no harm. */
const typed = (code: string): string => code.trim().replace(/(?<=\d)\s+(?=\d)/g, '');
