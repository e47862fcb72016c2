import type { AuditEvent } from './core/audit/event.ts';
import type { Pseudonym, Sub } from './core/ids.ts';

/** Epoch milliseconds, UTC. */
export interface Clock {
  now(): number;
}

export interface Random {
  /** 128 random bits, 22 base64url characters. */
  id(): string;
  /** Sortable id (ULID) for the given time. */
  ulid(now: number): string;
  /** Uniformly distributed decimal digits, leading zeros kept. */
  digits(count: number): string;
}

/** Keyed hashes, so that tables and events hold no address, network or identifier in clear. The key never rotates. */
export interface Pseudonyms {
  of(
    kind: 'identifier' | 'network' | 'address' | 'device' | 'code' | 'cursor',
    value: string,
  ): Promise<Pseudonym>;
}

/** Current signing key and those still accepted (previous, pending); each has its own key id. */
export interface SigningKeys {
  current(): Promise<SigningKey>;
  /** `undefined` for a key id that is not (or no longer) accepted, also after looking again. */
  find(keyId: string): Promise<SigningKey | undefined>;
}

export interface SigningKey {
  readonly id: string;
  /** 32 bytes or more, for HMAC-SHA-256. */
  readonly secret: Uint8Array;
}

export interface AuditOutbox {
  /** One put for events without a state change. Idempotent by event id. */
  put(event: AuditEvent): Promise<void>;
}

export interface Mailer {
  /** Hands one mail over for delivery. The recipient is exactly one canonical address. */
  send(mail: Mail): Promise<void>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Which template it is, for the delivery log; no personal data. */
  readonly kind: string;
  /** Name shown as the sender and, where they are a brand's own, its addresses. @default - the installation's */
  readonly sender?: { readonly name: string; readonly from?: string; readonly replyTo?: string };
}

export interface SmsSender {
  /**
   * Hands one text over for delivery, within every budget of the toll-fraud brake. `refused`: it was not sent and will
   * not be; the person takes another method.
   */
  send(message: SmsMessage): Promise<'sent' | 'refused'>;
  /** The code of a text came back: its number range is used by people. Never rejects: it is a hint for the brake. */
  answered(number: Pick<SmsMessage, 'to' | 'country'>): Promise<void>;
}

export interface SmsMessage {
  /** E.164: one number. */
  readonly to: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country: string;
  readonly text: string;
  /** Which text it is, for budgets and the delivery log; no personal data. */
  readonly kind: 'sign-in-code' | 'phone-code' | 'notice';
  /** Whose number it is, where the person is known. */
  readonly sub?: Sub;
  /** Network address that asked for it. */
  readonly address?: Pseudonym;
}
