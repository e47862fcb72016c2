import type { AuditEvent } from '../audit/event.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { SessionCutoff } from '../session/cutoff.ts';
import type { Recovery } from './recovery.ts';

/** Recoveries by person. Every change is one conditional write together with its event. */
export interface Recoveries {
  /** The latest one; strongly consistent. */
  find(sub: Sub): Promise<Recovery | undefined>;
  /** True where there is something to recover: a passkey, an authenticator app, a phone or recovery codes. */
  hasFactors(sub: Sub): Promise<boolean>;
  /** Stores a new one in place of exactly `standing`. `false`: somebody was faster. */
  start(recovery: Recovery, standing: Recovery | undefined, event: AuditEvent): Promise<boolean>;
  /**
   * Ends this very recovery unless it is completed or cancelled. It wins against a completion that is under way at the
   * same time: it is tried again, the completion is not.
   * @returns `false` when there was nothing to end
   */
  cancel(recovery: Pick<Recovery, 'sub' | 'id'>, event: AuditEvent): Promise<boolean>;
  /**
   * Removes every further factor and ends every session, if this very recovery is still open and ready.
   * @returns `false` when it is not: nothing was changed
   */
  complete(recovery: Recovery, now: number, cutoff: SessionCutoff, event: AuditEvent): Promise<boolean>;
}

/** Codes to a mailbox, by the pseudonym of its address: stored and counted alike whether or not there is an account. */
export interface MailboxCodes {
  /** Replaces the code before. `false`: too many in this hour, none was stored. */
  issue(address: Pseudonym, hash: Pseudonym, expiresAt: number): Promise<boolean>;
  /**
   * Uses up one attempt, then compares. At most the allowed attempts of a code are ever compared, and at most the
   * allowed number in an hour over all codes of the address.
   */
  matches(address: Pseudonym, hash: Pseudonym): Promise<boolean>;
  /** True for exactly one caller per code. */
  spend(address: Pseudonym, hash: Pseudonym): Promise<boolean>;
}

/** Proves a password to the user pool. No tokens come of it, whatever the answer. */
export interface PasswordProof {
  prove(identifier: Identifier, password: string): Promise<boolean>;
}
