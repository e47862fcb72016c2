/** Values of one thing over time; as many as there are buckets. */
export interface Series {
  readonly name: string;
  readonly label: string;
  readonly values: readonly number[];
}

/** Share of the plot's height that a part of a stacked bar covers, from below. */
export interface Part {
  readonly name: string;
  readonly value: number;
  /** 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/**
 * The next round number at or above the largest bar: twice a whole number where it is more than one, so
 * that the line in the middle has a whole number as well; at least 1, so that zeros have a plot.
 */
export function niceMax(largest: number): number {
  if (!(largest > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return ([1, 2, 4, 6, 8, 10].find((factor) => factor * power >= largest) ?? 10) * power;
}

/** Lines across the plot with their values, bottom to top; whole numbers where the values are. */
export function ticksOf(max: number): readonly number[] {
  if (max <= 1) return [0, max];
  return [0, max / 2, max];
}

/** Height of each bucket's bar, all series on top of each other. */
export const totalsOf = (series: readonly Series[]): readonly number[] =>
  (series[0]?.values ?? []).map((_, bucket) =>
    series.reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0),
  );

/** What is above `max` is cut off. */
export function stackOf(series: readonly Series[], bucket: number, max: number): readonly Part[] {
  let reached = 0;
  return series.flatMap(({ name, values }) => {
    const value = values[bucket] ?? 0;
    const from = reached / max;
    reached += value;
    return value > 0 && from < 1 ? [{ name, value, from, to: Math.min(1, reached / max) }] : [];
  });
}

/** A bar so many times as high as those in the middle leaves nothing of them to see. */
const hidingFactor = 8;

/**
 * Where to cut off the few bars that hide the rest: twice as high as nine of ten of the bars that hold something.
 * `undefined`: nothing hides anything.
 */
export function cutBelow(totals: readonly number[]): number | undefined {
  const some = totals.filter((total) => total > 0).sort((left, right) => left - right);
  const middle = some[Math.floor(some.length / 2)] ?? 0;
  const most = some[Math.floor((some.length - 1) * 0.9)] ?? 0;
  const largest = some.at(-1) ?? 0;
  return largest >= middle * hidingFactor && most * 2 < largest ? most * 2 : undefined;
}

/** The first of the highest bars. */
export function highestOf(totals: readonly number[]): number | undefined {
  const largest = Math.max(0, ...totals);
  return largest > 0 ? totals.indexOf(largest) : undefined;
}

/** Buckets whose time is written below the plot: the first, the middle one and the last, as far as there are so many. */
export const axisBuckets = (count: number): readonly number[] => [
  ...new Set(count === 0 ? [] : [0, Math.floor((count - 1) / 2), count - 1]),
];
