import type { AssuranceLevel } from './assurance.ts';

/** How long something may go unused, and how long it may last in all. Seconds, inclusive. */
export interface Lifetime {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

export interface SessionLifetimes {
  /** Of the session itself. */
  readonly session: Lifetime;
  /** Of assurance level 2 within it (NIST SP 800-63B-4 §2.2.3 names 24 hours and one hour). */
  readonly strong: Lifetime;
}

export interface SessionTimes {
  /** Epoch seconds of the sign-in. */
  readonly startedAt: number;
  /** Epoch seconds of the last sign of use. */
  readonly seenAt: number;
}

/** A time in the future is a wrong clock or a forged record: nothing is within its lifetime then. */
const skewSeconds = 60;

const within = (since: number, nowSeconds: number, limitSeconds: number): boolean =>
  nowSeconds - since >= -skewSeconds && nowSeconds - since <= limitSeconds;

export const isSessionAlive = (
  { startedAt, seenAt }: SessionTimes,
  { session }: SessionLifetimes,
  nowSeconds: number,
): boolean =>
  within(startedAt, nowSeconds, session.absoluteSeconds) && within(seenAt, nowSeconds, session.idleSeconds);

/**
 * Level that a session still has. Past the limits of level 2 it goes on at level 1: the proof was good for a while, and
 * who wants to do more has to prove more again. It is not ended, or a passkey would sign its owner out sooner than a password.
 * @param authenticatedAt - epoch seconds of the sign-in or of the last step-up
 */
export function levelNow(
  level: AssuranceLevel | 0,
  { authenticatedAt, seenAt }: { readonly authenticatedAt: number; readonly seenAt: number },
  { strong }: SessionLifetimes,
  nowSeconds: number,
): AssuranceLevel | 0 {
  if (level < 2) return level;
  const isFresh =
    within(authenticatedAt, nowSeconds, strong.absoluteSeconds) &&
    within(Math.max(seenAt, authenticatedAt), nowSeconds, strong.idleSeconds);
  return isFresh ? 2 : 1;
}

/** Seconds after which a use is worth a write: a twelfth of the shorter idle time, at least a minute. */
export const touchIntervalSeconds = ({ session, strong }: SessionLifetimes): number =>
  Math.max(60, Math.floor(Math.min(session.idleSeconds, strong.idleSeconds) / 12));
