import type { SessionRow } from './registry.ts';

/** A session as the user pool lists it. Its id says nothing about our flow or about `origin_jti`. */
export interface PoolSession {
  readonly id: string;
  readonly client: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The pool's session begins when tokens are issued, our row with the event before them. */
const matchMs = 5_000;

/**
 * The pool's session that a row of ours stands for, by app client and beginning.
 * @returns `undefined` when none fits, and when two do: ending the wrong one would sign somebody else's device out
 */
export function poolSessionOf(
  row: Pick<SessionRow, 'client' | 'startedAt'>,
  sessions: readonly PoolSession[],
): PoolSession | undefined {
  const startedAt = Date.parse(row.startedAt);
  const fitting = sessions.filter(
    ({ client, createdAt }) => client === row.client && Math.abs(createdAt - startedAt) <= matchMs,
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
