import type { AuditEvent } from '../audit/event.ts';
import type { Step } from './buckets.ts';
import type { Family } from './families.ts';
import type { Tally } from './tally.ts';
import type { TopNetworks } from './top-networks.ts';

/** `duplicates`: these were counted before, and nothing was written; `moved`: the networks changed meanwhile, again. */
export type CountResult =
  | { readonly kind: 'counted' }
  | { readonly kind: 'duplicates'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'moved' };

export interface StatisticsWriter {
  /**
   * Markers of the events and all that they add, in one transaction: everything or nothing.
   * @param tally - of exactly these events
   */
  count(events: readonly AuditEvent[], tally: Tally): Promise<CountResult>;
}

export interface Bucket {
  readonly at: string;
  readonly counts: Readonly<Record<string, number>>;
}

export interface StatisticsReader {
  /** Buckets that hold something, in order; eventually consistent. `from` and `to` are buckets, both included. */
  counts(step: Step, family: Family, from: string, to: string): Promise<readonly Bucket[]>;
  networks(step: Step, from: string, to: string): Promise<readonly TopNetworks[]>;
}
