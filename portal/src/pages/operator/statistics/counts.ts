import type { AnswerOf } from '../../../../../client/index.ts';
import type { Series } from './plot-scale.ts';

export type Statistics = AnswerOf<'GET /v1/admin/statistics'>;
export type Family = keyof Statistics['families'];
export type Buckets = Statistics['families'][Family];

/** Hours that have not come yet are no hours in which nothing happened. */
export function soFar(statistics: Statistics, now: number): Statistics {
  const past = Object.entries(statistics.families).map(
    ([family, buckets]) => [family, buckets.filter(({ at }) => Date.parse(at) <= now)] as const,
  );
  return { ...statistics, families: Object.fromEntries(past) as Statistics['families'] };
}

/** Of all counters with a prefix, per bucket. */
export const sumsBy = (buckets: Buckets, prefix: string): readonly number[] =>
  buckets.map(({ counts }) =>
    Object.entries(counts).reduce((sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum), 0),
  );

export const sumOf = (buckets: Buckets, counter: string): number =>
  buckets.reduce((total, { counts }) => total + (counts[counter] ?? 0), 0);

/** One series per counter, zeros where a counter was never raised. */
export const seriesOf = (
  buckets: Buckets,
  counters: readonly string[],
  label: (counter: string) => string,
): readonly Series[] =>
  counters.map((name) => ({
    name,
    label: label(name),
    values: buckets.map(({ counts }) => counts[name] ?? 0),
  }));

export interface Ranked {
  /** What follows the prefix: a reason, a method, a country. */
  readonly name: string;
  readonly count: number;
}

/** Sums of all counters with a prefix (`reason:`), largest first; counters that stayed zero are left out. */
export function rankedBy(buckets: Buckets, prefix: string): readonly Ranked[] {
  const names = new Set(
    buckets.flatMap(({ counts }) => Object.keys(counts)).filter((name) => name.startsWith(`${prefix}:`)),
  );
  return [...names]
    .map((counter) => ({ name: counter.slice(prefix.length + 1), count: sumOf(buckets, counter) }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count || left.name.localeCompare(right.name));
}
