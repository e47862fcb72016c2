import type { AuditEvent } from '../audit/event.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { RegistrationAnswers } from './form.ts';

/** A registration between the form and the confirmed address. */
export interface PendingRegistration {
  /** Of the address. */
  readonly identifier: Pseudonym;
  /** Keyed hash of the handle that the registering client holds. */
  readonly handle: Pseudonym;
  readonly device: Pseudonym;
  /** The account that this registration created; absent until Cognito has said so. */
  readonly sub?: Sub;
  readonly locale: string;
  /** Under which the form was shown. */
  readonly brand?: string;
  /** RFC 3339: when the form was sent, which is when the consents were given. */
  readonly at: string;
  readonly answers: RegistrationAnswers;
}

export interface PendingRegistrations {
  /** The registration under way for an address; `undefined` when there is none or it lapsed. */
  find(identifier: Pseudonym): Promise<PendingRegistration | undefined>;
  /**
   * Stores it if nothing else is under way for the address, or in place of exactly the one with `replaces`.
   * Atomic: of several at once, one wins.
   */
  reserve(pending: PendingRegistration, replaces?: Pseudonym): Promise<boolean>;
  /** Names the account that it created, with the event, in one transaction. */
  settle(pending: PendingRegistration, sub: Sub, event: AuditEvent): Promise<void>;
  /** Gives the address free again and forgets what was typed. */
  release(pending: PendingRegistration): Promise<void>;
}

/** What SignUp said. `taken` covers confirmed and unconfirmed accounts alike: Cognito tells no difference. */
export type SignUpOutcome =
  | { readonly kind: 'created'; readonly sub: Sub }
  | { readonly kind: 'taken' }
  /** Our own trigger refused, with its stable code. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Our own trigger could not decide: there is no account. */
  | { readonly kind: 'unavailable'; readonly cause: unknown }
  /** The mail with the code could not be made or sent; whether there is an account now, nobody knows. */
  | { readonly kind: 'unsent' };

/** The user pool, as far as registering and recovering need it; no operation tells whether an account exists. */
export interface Directory {
  signUp(person: {
    identifier: Identifier;
    password: string;
    locale: string;
    brand?: string;
    context: string;
  }): Promise<SignUpOutcome>;
  /** `false` for a code that is wrong, expired, used, or tried too often. */
  confirmSignUp(identifier: Identifier, code: string, context: string): Promise<boolean>;
  /** `false` when there is nothing to confirm (any more). Too many requests for one account are silently dropped. */
  resendConfirmation(identifier: Identifier, locale: string, brand?: string): Promise<boolean>;
  requestPasswordReset(identifier: Identifier, locale: string, brand?: string): Promise<void>;
  confirmPasswordReset(
    identifier: Identifier,
    code: string,
    password: string,
    context: string,
  ): Promise<'reset' | 'code-rejected' | 'password-refused'>;
}

/** Counts per address in windows of an hour. */
export interface AddressLimits {
  /** @returns seconds until the next one is allowed; `undefined` when this one was counted and is allowed */
  take(address: Pseudonym, kind: 'REGISTRATIONS' | 'RECOVERIES', limit: number): Promise<number | undefined>;
}

/** Bounds what strangers can make us mail to one person. */
export interface NoticeBudget {
  /** True for the first caller per address and day. */
  claim(identifier: Pseudonym, notice: 'ADDRESS-TAKEN'): Promise<boolean>;
}
