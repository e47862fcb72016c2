import type { AuditEvent } from '../audit/event.ts';
import type { PendingChange } from '../factor/ports.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';

/** What only the directory itself can change about an account. */
export interface Accounts {
  /** `refused`: used before, or against the directory's own rules. `unavailable`: an account without a password of ours. */
  setPassword(sub: Sub, password: string): Promise<'changed' | 'refused' | 'unavailable'>;
  /** Ends every refresh token of the person. */
  endSessions(sub: Sub): Promise<void>;
  /** Whether an account has the address, confirmed or not. */
  isTaken(address: Identifier): Promise<boolean>;
  /** In force and verified at once; repeatable. `unavailable`: an account whose address a provider says. */
  moveAddress(sub: Sub, address: Identifier): Promise<'moved' | 'taken' | 'unavailable'>;
}

export interface AddressMove {
  readonly sub: Sub;
  readonly from?: Pseudonym;
  readonly to: { readonly address: Identifier; readonly pseudonym: Pseudonym };
  readonly completes: PendingChange;
}

export interface AddressBook {
  /** Who has proven the address; strongly consistent. */
  ownerOf(address: Pseudonym): Promise<Sub | undefined>;
  /** Profile, claims of both addresses, end of the change under way and event. `false`: it had ended already. */
  move(move: AddressMove, event: AuditEvent): Promise<boolean>;
}
