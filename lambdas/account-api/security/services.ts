import type { FactorSecrets } from '../../adapters/factor-secrets.ts';
import type { Caller } from '../../api/types.ts';
import type { Accounts, AddressBook } from '../../core/account/ports.ts';
import type { AuditEvent } from '../../core/audit/event.ts';
import type { ServiceConfiguration } from '../../core/configuration.ts';
import type { FactorPolicy } from '../../core/factor/policy.ts';
import type { FactorStore, PendingChanges } from '../../core/factor/ports.ts';
import type { Profiles } from '../../core/profile/ports.ts';
import type { PasswordCheck } from '../../core/registration/password.ts';
import type { SessionCutoff } from '../../core/session/cutoff.ts';
import type { AuditOutbox, Clock, Mailer, Pseudonyms, Random, SmsSender } from '../../ports.ts';

/** What the routes of factors, password and address work with. */
export interface SecurityServices {
  readonly configuration: Pick<
    ServiceConfiguration,
    'brand' | 'brands' | 'languages' | 'mailDomains' | 'password' | 'portalUrl'
  >;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly factors: FactorStore;
  readonly pending: PendingChanges;
  readonly secrets: FactorSecrets;
  readonly accounts: Accounts;
  readonly addresses: AddressBook;
  readonly passwords: PasswordCheck;
  /** Ends what began before, with the event, in one write. */
  readonly endSessions: (cutoff: SessionCutoff, event: AuditEvent) => Promise<void>;
  readonly policyOf: (caller: Caller) => Promise<FactorPolicy>;
  readonly outbox: AuditOutbox;
  readonly mailer: Mailer;
  /** Absent where the installation sends no SMS. */
  readonly sms?: SmsSender;
  readonly relyingParty: RelyingParty;
  readonly codeLifetimeSeconds: number;
  readonly pseudonyms: Pseudonyms;
  readonly random: Random;
  readonly clock: Clock;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Told when a notice to an address that was left could not be sent. */
  readonly noticeFailed: (error: unknown) => void;
}

/** WebAuthn's word for us. */
export interface RelyingParty {
  /** A domain; all pages that use passkeys are on it or below it. */
  readonly id: string;
  readonly name: string;
  /** Exact origins of those pages. */
  readonly origins: readonly string[];
}
