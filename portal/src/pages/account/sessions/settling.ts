/** Rows that come late are looked for again after these many milliseconds, then no more: the page would never be quiet. */
const waitsMs = [1_500, 2_500, 4_000, 8_000, 15_000] as const;

export const lookAgainAfterMs = (round: number): number | undefined => waitsMs[round];

/** The session that asks is always listed; it has a beginning as soon as its sign-in has reached the list. */
export const isSettled = (
  sessions: readonly { readonly current: boolean; readonly startedAt?: string | undefined }[],
): boolean => sessions.every(({ startedAt }) => startedAt !== undefined);
