import { type AnyOptions, type IdentityClient, isTokenRejected } from './client.ts';
import { IdentityProblem } from './problem.ts';
import type { AnswerOf } from './wire.ts';

type OwnSession = AnswerOf<'GET /v1/me/sessions'>['sessions'][number];

/** The session that an HttpOnly cookie carries: no script sees it, so this knows of it only what the API says. */
export interface CookieSession extends IdentityClient {
  /** After a load: who is signed in here, if anybody; `undefined` without a session. */
  resume(): Promise<OwnSession | undefined>;
  /** A new cookie for the same session, one request at a time; operator scopes need it every ten minutes. */
  refresh(): Promise<void>;
  /**
   * Tells that the person is there. Any call keeps a session from ending idle; this refreshes it where half of that time went by
   * without one. Nothing happens by itself: a page that is left open must not keep a session alive.
   */
  used(): Promise<void>;
  signOut(): Promise<void>;
}

export function createCookieSession(
  client: IdentityClient,
  { now = Date.now }: { readonly now?: () => number } = {},
): CookieSession {
  /** Epoch milliseconds from which `used` refreshes; unknown until an answer names the idle time. */
  let dueAt = Number.POSITIVE_INFINITY;
  let idleMs: number | undefined;
  let refreshing: Promise<void> | undefined;

  const call = async (route: Parameters<IdentityClient['call']>[0], given: AnyOptions = {}) => {
    const answer: unknown = await client.call(route as never, given as never);
    const seconds = (answer as { idleSeconds?: unknown } | undefined)?.idleSeconds;
    if (typeof seconds === 'number') idleMs = seconds * 1000;
    if (idleMs !== undefined) dueAt = now() + idleMs / 2;
    return answer;
  };

  const session: CookieSession = {
    call: call as CookieSession['call'],
    async resume() {
      try {
        const { sessions } = await session.call('GET /v1/me/sessions');
        return sessions.find(({ current }) => current);
      } catch (problem) {
        if (isTokenRejected(problem)) return undefined;
        throw problem;
      }
    },
    refresh() {
      refreshing ??= session
        .call('POST /v1/sessions/refresh', { body: {} })
        .then(() => undefined)
        .finally(() => {
          refreshing = undefined;
        });
      return refreshing;
    },
    async used() {
      if (now() >= dueAt) await session.refresh();
    },
    async signOut() {
      await session.call('POST /v1/sessions/sign-out', { body: {} });
      dueAt = Number.POSITIVE_INFINITY;
      idleMs = undefined;
    },
  };
  return session;
}

/** Whether a session is over, wherever it ended: show the sign-in page, not an error. */
export const isSessionOver = (problem: unknown): boolean =>
  isTokenRejected(problem) || (problem instanceof IdentityProblem && problem.code === 'SESSION_REJECTED');
