import type { AuditEvent } from '../audit/event.ts';
import type { LedgerEntry } from '../consent/ledger.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { FieldRecords } from '../profile/profile.ts';
import type { HashShape } from './hash.ts';
import type { WaitingPerson, WaitingState } from './record.ts';

export interface WaitingRecord {
  readonly person: WaitingPerson;
  readonly state: Exclude<WaitingState, 'done'>;
}

export interface WaitingPeople {
  /** Strongly consistent; `undefined` for nobody, for those who have moved, and past the record's end. */
  find(address: Pseudonym): Promise<WaitingRecord | undefined>;
  /** Marks that the account is being made. `false` when the record is gone or done; repeating it changes nothing. */
  startMoving(address: Pseudonym): Promise<boolean>;
  /** Keeps what a legacy system said about a person who is moving, until the account is there. */
  keepMoving(address: Pseudonym, person: WaitingPerson): Promise<void>;
  /** Shapes of the imported hashes, for the same work where nobody waits. */
  shapes(): Promise<readonly HashShape[]>;
}

/** What the end of a migration writes in one transaction, and only while the record is moving. */
export interface CompletedMigration {
  readonly address: Pseudonym;
  readonly profile: {
    readonly sub: Sub;
    readonly email: string;
    readonly locale?: string;
    readonly createdAt: string;
    readonly fields: FieldRecords;
  };
  readonly consents: readonly LedgerEntry[];
  readonly events: readonly AuditEvent[];
}

export interface CompletedMigrations {
  /** Also `done` when it had been completed before: nothing is written then. */
  complete(migration: CompletedMigration): Promise<'done' | 'raced'>;
}

/** Guesses per address in an hour, counted before they are looked at. */
export interface MigrationAttempts {
  /** `false` when the hour's attempts are used up; the guess must not be evaluated then. */
  take(address: Pseudonym): Promise<boolean>;
}

/** What the system that people come from says about one of them. Anything unclear is an error, never a yes. */
export type LegacyAnswer =
  | { readonly kind: 'accepted'; readonly person: WaitingPerson }
  | { readonly kind: 'refused' };

export interface LegacyDirectory {
  /** @throws LegacyUnavailable when it does not answer in time, not as agreed, or is given a rest */
  authenticate(identifier: Identifier, password: string): Promise<LegacyAnswer>;
  /** For a password that is forgotten: whether the person exists. */
  lookUp(identifier: Identifier): Promise<LegacyAnswer>;
}

/** The legacy system could not be asked. `reason` is a stable code for the log and the event. */
export class LegacyUnavailable extends Error {
  readonly reason: 'CIRCUIT_OPEN' | 'TIMEOUT' | 'UNREACHABLE' | 'STATUS' | 'GARBLED';
  constructor(reason: LegacyUnavailable['reason'], options: { cause?: unknown } = {}) {
    super(`legacy endpoint: ${reason}`, options);
    this.reason = reason;
  }
}
