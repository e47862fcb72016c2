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

export function stackOf(series: readonly Series[], bucket: number, max: number): readonly Part[] {
  let reached = 0;
  return series.flatMap(({ name, values }) => {
    const value = values[bucket] ?? 0;
    const from = reached / max;
    reached += value;
    return value > 0 ? [{ name, value, from, to: reached / max }] : [];
  });
}

/** Buckets whose time is written below the plot: the first, the middle one and the last, as far as there are so many. */
export const axisBuckets = (count: number): readonly number[] => [
  ...new Set(count === 0 ? [] : [0, Math.floor((count - 1) / 2), count - 1]),
];
