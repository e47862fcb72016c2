import type { Pseudonym } from '../ids.ts';

/** A network of the list. Its true count lies between `count - error` and `count`. */
export interface NetworkCount {
  readonly network: Pseudonym;
  readonly count: number;
  readonly error: number;
  /** Refused among them, as far as they were seen: never too many. */
  readonly refused: number;
}

/**
 * The busiest networks of a bucket in bounded space: a mergeable space-saving summary.
 * @see Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements in data streams (2005)
 * @see Agarwal et al.: Mergeable summaries (2012)
 */
export interface TopNetworks {
  /** By falling count. */
  readonly networks: readonly NetworkCount[];
  /**
   * No network that is absent was seen more often than this; 0 as long as every network found room. Never above the
   * events of the bucket divided by {@link maxNetworks}.
   */
  readonly floor: number;
}

/** Networks that a bucket remembers; with them its item stays below 4 kB. */
export const maxNetworks = 50;

export const noNetworks: TopNetworks = { networks: [], floor: 0 };

/** What a batch of events says about networks, exactly. */
export type NetworkTally = ReadonlyMap<Pseudonym, { readonly count: number; readonly refused: number }>;

/** Adds exact counts. A network that is new to a full list may have been in it before: at most `floor` times. */
export function addNetworks({ networks, floor }: TopNetworks, tally: NetworkTally): TopNetworks {
  const known = new Set(networks.map(({ network }) => network));
  const raised = networks.map((entry) => {
    const { count = 0, refused = 0 } = tally.get(entry.network) ?? {};
    return { ...entry, count: entry.count + count, refused: entry.refused + refused };
  });
  const added = [...tally]
    .filter(([network]) => !known.has(network))
    .map(([network, { count, refused }]) => ({ network, count: count + floor, error: floor, refused }));
  return kept([...raised, ...added], floor);
}

/** Several buckets as one: what a bucket does not list was there at most `floor` times. */
export function mergeNetworks(summaries: readonly TopNetworks[]): TopNetworks {
  const all = new Set(summaries.flatMap(({ networks }) => networks.map(({ network }) => network)));
  const found = summaries.map(
    ({ networks, floor }) => [new Map(networks.map((entry) => [entry.network, entry])), floor] as const,
  );
  const merged = [...all].map((network) =>
    found.reduce<NetworkCount>(
      (sum, [entries, floor]) => {
        const { count, error, refused } = entries.get(network) ?? { count: floor, error: floor, refused: 0 };
        return {
          network,
          count: sum.count + count,
          error: sum.error + error,
          refused: sum.refused + refused,
        };
      },
      { network, count: 0, error: 0, refused: 0 },
    ),
  );
  return kept(
    merged,
    summaries.reduce((sum, { floor }) => sum + floor, 0),
  );
}

function kept(entries: readonly NetworkCount[], floor: number): TopNetworks {
  // By name among equals, so that the same counts give the same list.
  const sorted = [...entries].sort((a, b) => b.count - a.count || (a.network < b.network ? -1 : 1));
  const dropped = sorted[maxNetworks]?.count ?? 0;
  return { networks: sorted.slice(0, maxNetworks), floor: Math.max(floor, dropped) };
}
