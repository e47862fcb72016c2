import type { IdentityClient } from './client.ts';
import type { ChallengeMethod } from './flow.ts';
import { driveFlow, type FlowOptions, type Listener, type Shown } from './flow-driver.ts';
import type { AnswerOf, BodyOf } from './wire.ts';

type Start = BodyOf<'POST /v1/sessions'>;
type Round = BodyOf<'POST /v1/sessions/challenge'>;
type SignInAnswer = AnswerOf<'POST /v1/sessions'>;

/** The end: the cookie session's facts, or the tokens (in memory only). */
export interface SignedIn {
  readonly step: 'signed-in';
  readonly session: Extract<SignInAnswer, { readonly state: 'signed-in' }>;
}

export type SignInState = Shown<SignedIn>;

export interface SignInOptions extends FlowOptions {
  /** `cookie` for pages of the configured origins, `tokens` for everything else. */
  readonly mode: 'cookie' | 'tokens';
}

/**
 * A sign-in as a state machine without a user interface. Every method resolves to the state afterwards; problems of the
 * API are in the state. One request at a time: what the present state does not take (a double click, an answer after the
 * end) is ignored.
 */
export interface SignIn {
  readonly state: SignInState;
  /** Called after each change. @returns how to unsubscribe */
  subscribe(listener: Listener<SignedIn>): () => void;
  /** `method` without a password is a sign-in without one; `level: 2` forces a challenge that reaches it. */
  start(
    person: Pick<Start, 'password' | 'method' | 'level'> & { readonly identifier: string },
  ): Promise<SignInState>;
  /** With a passkey alone: what `navigator.credentials.get` gave for `POST /v1/sessions/passkey-options`. */
  passkey(passkey: NonNullable<Start['passkey']>): Promise<SignInState>;
  /** A code as it was typed. */
  answer(code: string): Promise<SignInState>;
  resend(): Promise<SignInState>;
  /** One of `state.methods`. */
  switchMethod(method: ChallengeMethod): Promise<SignInState>;
  /** A passkey's answer to `state.options`. */
  credential(credential: NonNullable<Round['credential']>): Promise<SignInState>;
  /** Secret of a mailed link: the fragment of its address. */
  link(secret: string): Promise<SignInState>;
  newPassword(password: string): Promise<SignInState>;
  /** After a reload: the challenge that the storage kept, unless its time is over. */
  restore(): SignInState;
  /** Back to the beginning; a late answer is ignored. */
  reset(): SignInState;
}

export function createSignIn(client: IdentityClient, { mode, ...options }: SignInOptions): SignIn {
  const driver = driveFlow<SignedIn>('vestibule.sign-in', options);
  const begin = (body: Start) =>
    driver.run({ kind: 'start' }, async (_flow, signal) =>
      ended(await client.call('POST /v1/sessions', { body: { ...body, mode }, signal })),
    );
  const round = (call: Parameters<typeof driver.run>[0], body: Omit<Round, 'flow'>) =>
    driver.run(call, async (flow, signal) =>
      ended(await client.call('POST /v1/sessions/challenge', { body: { ...body, flow }, signal })),
    );
  return {
    get state() {
      return driver.state;
    },
    subscribe: driver.subscribe,
    start: begin,
    passkey: (passkey) => begin({ passkey }),
    answer: (code) => round({ kind: 'answer' }, { answer: typed(code) }),
    resend: () => round({ kind: 'resend' }, { resend: true }),
    switchMethod: (method) => round({ kind: 'switch', method }, { method }),
    credential: (credential) => round({ kind: 'credential' }, { credential }),
    link: (secret) => round({ kind: 'link' }, { link: secret.replace(/^#/, '') }),
    newPassword: (newPassword) => round({ kind: 'new-password' }, { newPassword }),
    restore: driver.restore,
    reset: driver.reset,
  };
}

function ended(answer: SignInAnswer) {
  if (answer.state !== 'signed-in') return answer;
  return { state: 'done' as const, done: { step: 'signed-in' as const, session: answer } };
}

/** Mail clients and people put spaces into digits; in a recovery code they do no harm. */
export const typed = (code: string): string => code.trim().replace(/(?<=\d)\s+(?=\d)/g, '');
