import { isSessionOver, type StandingCutoff } from './cutoff.ts';
import { isSessionAlive, type SessionLifetimes } from './lifetimes.ts';
import type { SessionRow } from './registry.ts';

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** Sessions that go on, the latest first: not ended by themselves or with others, not past their lifetimes. */
export const liveSessions = (
  rows: readonly SessionRow[],
  cutoff: StandingCutoff | undefined,
  lifetimes: SessionLifetimes,
  nowSeconds: number,
): readonly SessionRow[] =>
  rows
    .filter(({ id, startedAt, lastSeenAt, endedAt }) => {
      const times = { startedAt: seconds(startedAt), seenAt: seconds(lastSeenAt) };
      const isOver = isSessionOver({ startedAt: times.startedAt, sessionKey: id }, cutoff);
      return endedAt === undefined && !isOver && isSessionAlive(times, lifetimes, nowSeconds);
    })
    .toSorted((left, right) => right.lastSeenAt.localeCompare(left.lastSeenAt));
