import type { FieldValue } from '../profile/profile.ts';
import type { PasswordHash } from './hash.ts';

/** One person of another system, as they wait for their first sign-in here. Sealed wherever it is stored. */
export interface WaitingPerson {
  /** Canonical address, verified where it came from: others are refused at import. */
  readonly email: string;
  /** Absent for somebody who has to set a new password by mail. */
  readonly password?: PasswordHash;
  readonly locale?: string;
  readonly fields: Readonly<Record<string, { readonly value: FieldValue; readonly purpose: string }>>;
  readonly consents: readonly ImportedConsent[];
  /** RFC 3339: when the other system was exported; what it says was true then. */
  readonly exportedAt: string;
}

/** A consent with the evidence that the file had. */
export interface ImportedConsent {
  readonly purpose: string;
  readonly decision: 'granted' | 'withdrawn';
  readonly version: string;
  readonly language: string;
  readonly textHash: string;
  /** RFC 3339: when it was given, there. */
  readonly at: string;
}

/**
 * `waiting`: nobody has signed in. `moving`: the old password or the mailbox was proven, and Cognito makes the account.
 * `done`: profile and consents are written; nothing personal is left.
 */
export type WaitingState = 'waiting' | 'moving' | 'done';
