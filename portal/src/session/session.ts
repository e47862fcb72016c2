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

/** Whether somebody was signed in here when a page last knew: nothing but that, and nothing depends on it but haste. */
const seenKey = 'vestibule:signed-in';
session.subscribe(({ kind }) => {
  if (kind === 'signed-in') localStorage.setItem(seenKey, 'true');
  if (kind === 'none') localStorage.removeItem(seenKey);
});

/** Somebody probably is: a page may ask for its data while the session is still being asked for. */
export const isLikelySignedIn = (): boolean => localStorage.getItem(seenKey) !== null;

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

/** An answer that no page has acted on yet. */
let early: Promise<SessionState> | undefined;

/** Asks beside the files of an account page, so that the answer is there when the page is. */
export function askEarly(): void {
  if (session.value.kind !== 'unknown') return;
  early = openSession();
  // Whoever takes it hears of a failure.
  early.catch(() => {});
}

/** For a page that appears: a "nobody" of before is asked again, as the person may have signed in here or in another tab. */
export function openSessionAnew(): Promise<SessionState> {
  const asked = early;
  early = undefined;
  if (asked !== undefined) return asked;
  if (session.value.kind === 'none') session.value = { kind: 'unknown' };
  return openSession();
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
