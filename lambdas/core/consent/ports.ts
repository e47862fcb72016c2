import type { AuditEvent } from '../audit/event.ts';
import type { Sub } from '../ids.ts';
import type { ProfileWrite } from '../profile/ports.ts';
import type { ConsentState, ConsentStates, LedgerEntry } from './ledger.ts';

export interface Consents {
  /** Every standing decision of the person; strongly consistent, so that a withdrawal counts at once. */
  states(sub: Sub): Promise<ConsentStates>;
  /** The standing decision on one purpose; strongly consistent. */
  state(sub: Sub, purpose: string): Promise<ConsentState | undefined>;
  /**
   * Appends and projects in one transaction, with the events and the removal of what the consent carried.
   * @returns `false` when the state (or the profile) is no longer the one that was read: read again and retry
   */
  record(answer: RecordedAnswer): Promise<boolean>;
  /** Newest first, starting after the entry with the id `after`. */
  history(sub: Sub, page: { limit: number; after?: string }): Promise<HistoryPage>;
}

export interface RecordedAnswer {
  readonly sub: Sub;
  readonly entry: LedgerEntry;
  /** The state that the entry was decided on; its id is smaller than the entry's. */
  readonly standing: ConsentState | undefined;
  readonly profile?: ProfileWrite;
  readonly events: readonly AuditEvent[];
}

export interface HistoryPage {
  readonly entries: readonly LedgerEntry[];
  /** Id to go on after; absent on the last page. */
  readonly next?: string;
}
