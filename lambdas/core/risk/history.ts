import type { Pseudonym } from '../ids.ts';

/** Devices and networks kept per account: bounds the item below 1 kB, so that a sign-in costs one write unit. */
export const historySize = 5;

/** Where and when an account was used: epoch seconds by pseudonym. Losing it degrades to "new", never to "known". */
export interface SignInHistory {
  readonly devices: Readonly<Record<string, number>>;
  readonly networks: Readonly<Record<string, number>>;
  /** Epoch milliseconds. */
  readonly lastSignInAt?: number;
  readonly lastProofAt?: number;
  /** When a new password was set by mailbox, or the account recovered: epoch milliseconds. */
  readonly resetAt?: number;
  /** Flow of the last completed sign-in: a retried trigger changes nothing, a spent context is seen. */
  readonly lastFlow?: string;
}

export const emptyHistory: SignInHistory = { devices: {}, networks: {} };

export type Standing = 'known' | 'new' | 'unknown';

export const standingOf = (
  seen: Readonly<Record<string, number>>,
  pseudonym: Pseudonym | undefined,
): Standing => {
  if (pseudonym === undefined) return 'unknown';
  return Object.hasOwn(seen, pseudonym) ? 'known' : 'new';
};

/** Adds or touches one entry and drops the ones not seen for longest; a time that runs backwards moves nothing. */
export function remember(
  seen: Readonly<Record<string, number>>,
  pseudonym: Pseudonym | undefined,
  nowSeconds: number,
): Readonly<Record<string, number>> {
  if (pseudonym === undefined) return seen;
  const others = Object.entries(seen)
    .filter(([key]) => key !== pseudonym)
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, historySize - 1);
  const lastSeen = Math.max(nowSeconds, seen[pseudonym] ?? 0);
  return Object.fromEntries([[pseudonym, lastSeen], ...others]);
}

/**
 * A mailbox alone sets a new password, so the first sign-in after it owes a proof beyond the password, whatever the
 * device, the score or the mode: a reset never stands in for a further factor.
 */
export const owesProof = ({ resetAt, lastProofAt }: SignInHistory): boolean =>
  resetAt !== undefined && (lastProofAt === undefined || lastProofAt < resetAt);
