import type { AuditEvent } from '../audit/event.ts';
import type { Pseudonym } from '../ids.ts';
import { bucketOf, type Step, steps } from './buckets.ts';
import { countersOf } from './counters.ts';
import type { Family, Vocabulary } from './families.ts';
import type { NetworkTally } from './top-networks.ts';

/** Where a counter or a list of networks is kept. */
export interface Place {
  readonly step: Step;
  readonly family: Family | 'networks';
  /** Beginning of the bucket. */
  readonly bucket: string;
}

/** What some events add up to. Sums only, so neither their order nor how they were batched matters. */
export interface Tally {
  readonly counters: readonly {
    readonly place: Place & { readonly family: Family };
    /** By name of the counter. */
    readonly adds: ReadonlyMap<string, number>;
  }[];
  readonly networks: readonly { readonly place: Place; readonly adds: NetworkTally }[];
}

export const placeKey = ({ step, family, bucket }: Place): string => `${step} ${family} ${bucket}`;

export function tallyOf(events: readonly AuditEvent[], vocabulary: Vocabulary): Tally {
  const counters = new Map<
    string,
    { place: Place & { readonly family: Family }; adds: Map<string, number> }
  >();
  const networks = new Map<
    string,
    { place: Place; adds: Map<Pseudonym, { count: number; refused: number }> }
  >();
  for (const event of events) {
    const increments = countersOf(event, vocabulary);
    for (const step of steps) {
      const bucket = bucketOf(Date.parse(event.at), step);
      for (const { family, counter, by } of increments) {
        const place = { step, family, bucket };
        const { adds } = entry(counters, placeKey(place), { place, adds: new Map<string, number>() });
        adds.set(counter, (adds.get(counter) ?? 0) + by);
      }
      if (!event.network || increments.length === 0) continue;
      const place = { step, family: 'networks', bucket } as const;
      const { adds } = entry(networks, placeKey(place), { place, adds: new Map() });
      const { count, refused } = adds.get(event.network) ?? { count: 0, refused: 0 };
      const isRefused = event.outcome === 'refused' ? 1 : 0;
      adds.set(event.network, { count: count + 1, refused: refused + isRefused });
    }
  }
  return { counters: [...counters.values()], networks: [...networks.values()] };
}

function entry<Value>(map: Map<string, Value>, key: string, fresh: Value): Value {
  const found = map.get(key) ?? fresh;
  map.set(key, found);
  return found;
}
