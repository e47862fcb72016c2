import type { AuditEvent } from '../audit/event.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { ProviderIdentity } from './identity.ts';

/** A provider's sign-in that was refused because its address belongs to an account. One per account, the newest. */
export interface PendingLink {
  readonly owner: Sub;
  readonly identity: ProviderIdentity;
  /** Pseudonym of the address that the provider has verified. */
  readonly address: Pseudonym;
  readonly codeHash: Pseudonym;
  /** RFC 3339. */
  readonly at: string;
}

export interface PendingLinks {
  /** With its event, in one transaction; a repeat with a known event changes nothing. */
  record(pending: PendingLink, event: AuditEvent): Promise<void>;
  /** Counts one try, atomically. `undefined` when there is none, it lapsed or was tried too often. */
  attempt(owner: Sub): Promise<PendingLink | undefined>;
}

/** A provider's account that signs in as this person. */
export interface Link {
  readonly id: string;
  readonly identity: ProviderIdentity;
  /** The account came into being with it and has no other way in. */
  readonly primary: boolean;
  /** RFC 3339. */
  readonly linkedAt: string;
}

export interface Links {
  list(owner: Sub): Promise<readonly Link[]>;
  /**
   * Notes the link with its event, in one transaction.
   * @returns `false` when the identity is another account's; `true` also for a repeat
   */
  begin(owner: Sub, link: Link, key: Pseudonym, event: AuditEvent): Promise<boolean>;
  /** Ends the pending link; its code opens nothing any more. */
  settle(pending: PendingLink): Promise<void>;
  /** Forgets the link with its event, in one transaction. One that is gone is fine. */
  remove(owner: Sub, link: Link, key: Pseudonym, event: AuditEvent): Promise<void>;
}

/** The user pool, as far as linking needs it. */
export interface LinkDirectory {
  /** `refused`: the provider's account has a user of its own, or the pool takes no more of them. */
  link(account: LinkAccount, identity: ProviderIdentity): Promise<'linked' | 'refused'>;
  /** An identity that is not linked is fine. */
  unlink(identity: ProviderIdentity): Promise<void>;
}

export interface LinkAccount {
  readonly sub: Sub;
  /** The identity that the account came with; absent for one that has a password. */
  readonly primary?: ProviderIdentity;
}
