import type { Pseudonym, Sub } from '../ids.ts';
import { cohortKeyOf } from './cohort-key.ts';
import type { OperatorReason } from './operator-event.ts';

/** Sessions that began in a time and share what else is named. */
export interface CohortQuery {
  /** ISO 8601 in UTC with milliseconds, inclusive. */
  readonly from: string;
  readonly to: string;
  readonly clients: readonly string[];
  readonly network?: Pseudonym;
  readonly provider?: string;
}

/** How far a run has come: a partition of the index, or a chunk of the list. */
export interface CohortPosition {
  readonly step: number;
  /** Within a partition, opaque. */
  readonly after?: string;
}

export interface Cohort {
  readonly id: string;
  readonly state: 'previewed' | 'running' | 'finished';
  readonly target:
    | { readonly kind: 'query'; readonly query: CohortQuery }
    | { readonly kind: 'list'; readonly people: number };
  readonly reason: OperatorReason;
  readonly note?: string;
  readonly by: Sub;
  /** Epoch milliseconds. */
  readonly previewedAt: number;
  readonly expiresAt: number;
  readonly matches: { readonly sessions: number; readonly people: number; readonly exact: boolean };
  readonly ended: { readonly sessions: number; readonly people: number };
  readonly position: CohortPosition;
}

/** A preview older than this says too little about what a confirmation would do. */
export const previewMinutes = 15;
/** Days that one query may span. */
export const maxCohortDays = 92;
/** People per stored part of a list, below the size that a row may have. */
export const chunkSize = 1_000;

const dayMs = 86_400_000;

/**
 * Partitions of the index that a query reads, in the order in which runs go through them. It depends on the query
 * alone, so that an interrupted run goes on where it was.
 */
export function partitionsOf({ from, to, clients }: CohortQuery): readonly string[] {
  const first = Math.floor(Date.parse(from) / dayMs);
  const last = Math.floor(Date.parse(to) / dayMs);
  const days = Array.from({ length: Math.max(0, last - first + 1) }, (_, day) => (first + day) * dayMs);
  return days.flatMap((day) => clients.map((client) => cohortKeyOf(client, day)));
}

export const chunksOf = (people: number): number => Math.ceil(people / chunkSize);

/** Steps of a run: after the last one it is finished. */
export const stepsOf = ({ target }: Pick<Cohort, 'target'>): number =>
  target.kind === 'query' ? partitionsOf(target.query).length : chunksOf(target.people);

export const cohortState = (
  { state, expiresAt }: Pick<Cohort, 'state' | 'expiresAt'>,
  now: number,
): Cohort['state'] | 'expired' => (state === 'previewed' && now >= expiresAt ? 'expired' : state);
