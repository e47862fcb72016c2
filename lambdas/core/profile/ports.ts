import type { AuditEvent } from '../audit/event.ts';
import type { Sub } from '../ids.ts';
import type { Activity } from './activity.ts';
import type { FieldRecords, Profile, PromptMemory } from './profile.ts';

export interface Profiles {
  /** Strongly consistent; an account without a stored profile reads as empty, version 0. */
  find(sub: Sub): Promise<Profile>;
  /**
   * Stores the fields with their events in one transaction; the first write creates the profile.
   * @returns `false` when the version is no longer the expected one
   */
  write(change: ProfileWrite, events: readonly AuditEvent[]): Promise<boolean>;
  /**
   * Stores what is remembered about asking, atomically against `expectedRevision`; with an event in one transaction.
   * @returns `false` when somebody else (a second tab) wrote first
   */
  remember(memory: MemoryWrite, event?: AuditEvent): Promise<boolean>;
}

export interface ProfileWrite {
  readonly sub: Sub;
  readonly expectedVersion: number;
  /** All fields as they are after the change. */
  readonly fields: FieldRecords;
  /** Language of messages; stays as it is when absent. */
  readonly locale?: string;
  /** RFC 3339, UTC; becomes `createdAt` of a profile that this write creates. */
  readonly at: string;
}

export interface MemoryWrite {
  readonly sub: Sub;
  readonly expectedRevision: number;
  readonly memory: PromptMemory;
}

export interface RecentActivity<Shown = Activity> {
  /** Newest first, starting before the event with the id `before`; only what the person may see. */
  recent(sub: Sub, page: { limit: number; now: number; before?: string }): Promise<ActivityPage<Shown>>;
}

export interface ActivityPage<Shown = Activity> {
  readonly events: readonly Shown[];
  /** Id to go on before; absent on the last page. A page may be short, even empty, and still not be the last. */
  readonly next?: string;
}
