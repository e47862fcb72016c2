import { signal } from '@preact/signals';
import { type AnswerOf, IdentityProblem } from '../../../client/index.ts';
import { api } from './api.ts';

type Sessions = AnswerOf<'GET /v1/me/sessions'>['sessions'];

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'signed-in';
      readonly sessions: Sessions;
      /** Whether links to operator pages are shown; what they may do, the API decides. */
      readonly operator: boolean;
    };

/** What this page knows of the browser's session; the cookie itself no script can read. */
export const session = signal<SessionState>({ kind: 'unknown' });

const isOver = (error: unknown): boolean =>
  error instanceof IdentityProblem && (error.code === 'TOKEN_REJECTED' || error.code === 'SESSION_REJECTED');

/** Asks the API once, and again after a sign-in or a sign-out; also brings the csrf value for changes. */
export async function refreshSession(): Promise<SessionState> {
  try {
    const { sessions, operator } = await api.call('GET /v1/me/sessions');
    session.value = { kind: 'signed-in', sessions, operator };
  } catch (error) {
    if (!isOver(error)) throw error;
    session.value = { kind: 'none' };
  }
  return session.value;
}

let opening: Promise<SessionState> | undefined;

/** The session as this page knows it, asked for once however many parts of the page want to know. */
export function openSession(): Promise<SessionState> {
  if (session.value.kind !== 'unknown') return Promise.resolve(session.value);
  opening ??= refreshSession().finally(() => {
    opening = undefined;
  });
  return opening;
}

/** For any call of an account page: a session that ended elsewhere shows the sign-in page, not an error. */
export function noticeEnd(error: unknown): boolean {
  if (!isOver(error)) return false;
  session.value = { kind: 'none' };
  return true;
}

export async function signOut(): Promise<void> {
  await api.call('POST /v1/sessions/sign-out', { body: {} });
  session.value = { kind: 'none' };
}
