import type { AuditEvent } from '../audit/event.ts';
import type { Sub } from '../ids.ts';
import type { Factors } from './factor.ts';
import type { Factor, FactorName } from './policy.ts';

/** Everything enrolled, under the version that a change is decided on. */
export interface FactorSet {
  readonly factors: Factors;
  /** 0 before the first change. */
  readonly version: number;
}

export interface FactorChange {
  readonly sub: Sub;
  readonly expectedVersion: number;
  /** Takes the place of one of the same name. */
  readonly put?: Factor;
  readonly remove?: readonly FactorName[];
  /** A change under way that ends with this one; when it is gone, nothing is written. */
  readonly completes?: PendingChange;
}

/** The half of the store that enrols and removes; every change carries its event in the same write. */
export interface FactorStore {
  /** Consistent. */
  read(sub: Sub): Promise<FactorSet>;
  /** `false`: the version is another by now, or the change under way is gone. */
  write(change: FactorChange, event: AuditEvent): Promise<boolean>;
  /** `false`: there is no such passkey of this person. */
  renamePasskey(sub: Sub, id: string, name: string, event: AuditEvent): Promise<boolean>;
}

/** What is proven in two steps; one of each kind may be under way, a new one takes the place of the old. */
export type PendingKind = 'passkey' | 'totp' | 'phone' | 'address';

export interface PendingChange {
  readonly kind: PendingKind;
  /** 128 random bits or more; a passkey's challenge. */
  readonly id: string;
  /** What is to be enrolled, sealed for this person. */
  readonly sealed?: string;
  /** Keyed hash of the code that was sent; absent where the answer is proven by other means. */
  readonly codeHash?: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface PendingChanges {
  begin(sub: Sub, change: PendingChange): Promise<void>;
  /** Ends it and tells what it was: one caller gets it, the next one nothing. `undefined` also when it has expired. */
  take(sub: Sub, kind: PendingKind, nowSeconds: number): Promise<PendingChange | undefined>;
  /**
   * Counts an answer before it is looked at.
   * @returns `undefined` when nothing is under way, when it has expired, or when all answers are used up
   */
  claimAnswer(
    sub: Sub,
    kind: PendingKind,
    limits: { readonly nowSeconds: number; readonly maxAnswers: number },
  ): Promise<PendingChange | undefined>;
  /** Counts one more beginning in the running hour. `false`: too many. */
  claimBeginning(sub: Sub, kind: PendingKind, maxPerHour: number): Promise<boolean>;
}
