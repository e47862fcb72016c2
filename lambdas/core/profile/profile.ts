import type { Sub } from '../ids.ts';

export type FieldValue = string | number | boolean;

/** A value with where it came from: why it is kept, how it was given and when. */
export interface FieldRecord {
  readonly value: FieldValue;
  readonly purpose: string;
  readonly source: 'registration' | 'prompt' | 'profile' | 'import';
  /** RFC 3339, UTC. */
  readonly at: string;
}

export type FieldRecords = Readonly<Record<string, FieldRecord>>;

/** What is remembered about asking. It has its own revision, so that a question does not make an open form stale. */
export interface PromptMemory {
  /** Raised by each write; 0 when nothing was ever written. */
  readonly revision: number;
  /** When the current or last visit that was asked something began. */
  readonly lastAskedAt?: string;
  /** Names of the questions of that visit; never more than the budget. */
  readonly askedInVisit: readonly string[];
  readonly skipped: Readonly<Record<string, { readonly count: number; readonly at: string }>>;
}

export interface Profile {
  readonly sub: Sub;
  /** Raised by each change of the fields; the ETag. 0 when none was ever stored. */
  readonly version: number;
  /** Absent for an account that did not come through our registration. */
  readonly email?: string;
  readonly locale?: string;
  /** Under which the account was made; its notices speak for it. */
  readonly brand?: string;
  readonly createdAt?: string;
  readonly fields: FieldRecords;
  readonly prompts: PromptMemory;
}

export const emptyMemory: PromptMemory = { revision: 0, askedInVisit: [], skipped: {} };

/** How an account reads that was made outside our routes; its first write creates the stored profile. */
export const emptyProfile = (sub: Sub): Profile => ({ sub, version: 0, fields: {}, prompts: emptyMemory });
