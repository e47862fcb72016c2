import { bucketsOf, type DateRange, type Step } from './buckets.ts';
import { type Family, families } from './families.ts';
import type { Bucket, StatisticsReader } from './ports.ts';
import { mergeNetworks, type NetworkCount } from './top-networks.ts';

/** Networks that a report names. */
export const networksShown = 20;

export interface Report {
  /** One entry per bucket of the range, with a zero for every counter that was raised anywhere in it. */
  readonly series: Readonly<Record<Family, readonly Bucket[]>>;
  readonly topNetworks: readonly NetworkCount[];
  /** No network that is not named was seen more often. */
  readonly unlistedAtMost: number;
}

/** @throws InvalidRange for one that is too long, ends before it begins, or names no day */
export async function statisticsReport(
  reader: StatisticsReader,
  range: DateRange,
  step: Step,
): Promise<Report> {
  const buckets = bucketsOf(range, step);
  const [from = '', to = ''] = [buckets[0], buckets.at(-1)];
  const [networks, ...counted] = await Promise.all([
    reader.networks(step, from, to),
    ...families.map((family) => reader.counts(step, family, from, to)),
  ]);
  const merged = mergeNetworks(networks);
  const next = merged.networks[networksShown]?.count ?? 0;
  return {
    series: Object.fromEntries(
      families.map((family, index) => [family, filled(buckets, counted[index] ?? [])]),
    ) as Record<Family, readonly Bucket[]>,
    topNetworks: merged.networks.slice(0, networksShown),
    unlistedAtMost: Math.max(merged.floor, next),
  };
}

function filled(buckets: readonly string[], stored: readonly Bucket[]): readonly Bucket[] {
  const byTime = new Map(stored.map(({ at, counts }) => [at, counts]));
  const names = [...new Set(stored.flatMap(({ counts }) => Object.keys(counts)))].sort();
  return buckets.map((at) => {
    const counts = byTime.get(at) ?? {};
    return { at, counts: Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) };
  });
}
