import type { IdentityClient } from './client.ts';
import { driveFlow, type FlowOptions, type Shown } from './flow-driver.ts';
import { type Rounds, roundsOf } from './flow-rounds.ts';
import type { AnswerOf, BodyOf } from './wire.ts';

type Start = BodyOf<'POST /v1/sessions'>;
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

/** A sign-in as a state machine without a user interface. */
export interface SignIn extends Rounds<SignedIn> {
  /** `method` without a password is a sign-in without one; `level: 2` forces a challenge that reaches it. */
  start(
    person: Pick<Start, 'password' | 'method' | 'level'> & { readonly identifier: string },
  ): Promise<SignInState>;
  /** With a passkey alone: what `navigator.credentials.get` gave for `POST /v1/sessions/passkey-options`. */
  passkey(passkey: NonNullable<Start['passkey']>): Promise<SignInState>;
  newPassword(password: string): Promise<SignInState>;
}

export function createSignIn(client: IdentityClient, { mode, ...options }: SignInOptions): SignIn {
  const driver = driveFlow<SignedIn>('vestibule.sign-in', options);
  const begin = (body: Start) =>
    driver.run({ kind: 'start' }, async (_flow, signal) =>
      ended(await client.call('POST /v1/sessions', { body: { ...body, mode }, signal })),
    );
  const post =
    (answers: Omit<BodyOf<'POST /v1/sessions/challenge'>, 'flow'>) =>
    async (flow: string, signal: AbortSignal) =>
      ended(await client.call('POST /v1/sessions/challenge', { body: { ...answers, flow }, signal }));
  // Assigned, not spread: a spread would freeze `state` as it is now.
  return Object.assign(roundsOf(driver, post), {
    start: begin,
    passkey: (passkey: NonNullable<Start['passkey']>) => begin({ passkey }),
    newPassword: (newPassword: string) => driver.run({ kind: 'new-password' }, post({ newPassword })),
  });
}

function ended(answer: SignInAnswer) {
  if (answer.state !== 'signed-in') return answer;
  return { state: 'done' as const, done: { step: 'signed-in' as const, session: answer } };
}
