import type { StatisticsWriter } from '../../../../lambdas/core/statistics/ports.ts';
import { placeKey } from '../../../../lambdas/core/statistics/tally.ts';
import {
  addNetworks,
  noNetworks,
  type TopNetworks,
} from '../../../../lambdas/core/statistics/top-networks.ts';

/** What the table does, without its races. */
export function memoryStatistics() {
  const markers = new Set<string>();
  const counters = new Map<string, Record<string, number>>();
  const networks = new Map<string, TopNetworks>();
  let failure: Error | undefined;
  const writer: StatisticsWriter = {
    count: async (events, tally) => {
      if (failure) {
        const thrown = failure;
        failure = undefined;
        throw thrown;
      }
      const ids = new Set(events.filter(({ id }) => markers.has(id)).map(({ id }) => id));
      if (ids.size > 0) return { kind: 'duplicates', ids };
      for (const { id } of events) markers.add(id);
      for (const { place, adds } of tally.counters) {
        const counts = counters.get(placeKey(place)) ?? {};
        for (const [name, by] of adds) counts[name] = (counts[name] ?? 0) + by;
        counters.set(placeKey(place), counts);
      }
      for (const { place, adds } of tally.networks) {
        networks.set(placeKey(place), addNetworks(networks.get(placeKey(place)) ?? noNetworks, adds));
      }
      return { kind: 'counted' };
    },
  };
  return {
    ...writer,
    failOnce: (error: Error) => {
      failure = error;
    },
    markers: () => markers.size,
    contents: () => ({ counters: Object.fromEntries(counters), networks: Object.fromEntries(networks) }),
  };
}
