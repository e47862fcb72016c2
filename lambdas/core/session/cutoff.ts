import type { Sub } from '../ids.ts';

/** Every session of a person that began up to a moment is over: after a new password, a lock, or at the owner's wish. */
export interface SessionCutoff {
  readonly sub: Sub;
  /** Epoch seconds, inclusive: `auth_time` of Cognito's tokens has no finer unit. */
  readonly endedUntil: number;
}

/** The cutoff as it is stored. */
export interface StandingCutoff {
  /** Epoch seconds, inclusive. */
  readonly until: number;
  /** Key of the one session that goes on: the one in which its owner ended all others. */
  readonly except?: string;
}

/** Time that a sign-in takes from the check of the (old) password to its tokens. */
const inFlightMs = 500;

/**
 * Where sessions end for a reset at `now`. The second that is under way counts as before it, and so does a sign-in
 * whose password was checked a moment ago and whose tokens are yet to come: who knows the old password could otherwise
 * keep a session by signing in all the time.
 */
export const cutoffAt = (sub: Sub, now: number): SessionCutoff => ({
  sub,
  endedUntil: Math.floor((now + inFlightMs) / 1000),
});

/** Milliseconds until a new sign-in counts as one after the cutoff: 0.5 to 1.5 s, which the reset's answer waits. */
export const untilNewSessionsCount = ({ endedUntil }: SessionCutoff, now: number): number =>
  Math.max(0, (endedUntil + 1) * 1000 - now);

/**
 * @param startedAt - epoch seconds of the authentication (`auth_time`, which refreshes keep), not of the token
 * @param cutoff - `undefined` for a person whose sessions were never ended together
 */
export const isSessionOver = (
  { startedAt, sessionKey }: { readonly startedAt: number; readonly sessionKey: string },
  cutoff: StandingCutoff | undefined,
): boolean =>
  cutoff !== undefined &&
  !(startedAt > cutoff.until) && // an unknown beginning counts as an old one
  (cutoff.except === undefined || cutoff.except !== sessionKey);
