/** What a mail needs to know, by kind. Codes are digits or Cognito's placeholder `{####}`. */
export interface MailData {
  readonly confirmation: { readonly code: string };
  readonly 'sign-in-code': {
    readonly code: string;
    readonly expiresInMinutes: number;
    /** Coarse label, for example `Firefox on Windows`. */
    readonly device?: string;
  };
  readonly 'sign-in-link': {
    readonly link: string;
    readonly expiresInMinutes: number;
    readonly device?: string;
  };
  readonly 'address-taken': Readonly<Record<string, never>>;
  readonly 'new-device': {
    readonly device: string;
    /** RFC 3339. */
    readonly at: string;
  };
  readonly 'password-reset': { readonly code: string };
  /** To the new address. */
  readonly 'address-code': { readonly code: string; readonly expiresInMinutes: number };
  /** To the new address, when it is somebody's already. */
  readonly 'address-wanted': Readonly<Record<string, never>>;
  readonly 'account-changed': {
    readonly what: AccountChange;
    readonly device: string;
    /** RFC 3339. */
    readonly at: string;
  };
  readonly 'recovery-code': { readonly code: string; readonly expiresInMinutes: number };
  readonly 'recovery-requested': {
    /** RFC 3339: from when on the further factors can be removed. */
    readonly readyAt: string;
    /** Stops it; the secret is in the fragment. */
    readonly link: string;
  };
  readonly 'recovery-cancelled': Readonly<Record<string, never>>;
  readonly 'recovery-completed': { readonly at: string };
  readonly 'sessions-ended': { readonly at: string };
  /** RFC 3339: when it was asked for. */
  readonly 'account-erased': { readonly at: string };
}

export type AccountChange =
  | 'passkey-added'
  | 'passkey-removed'
  | 'app-added'
  | 'app-removed'
  | 'phone-added'
  | 'phone-removed'
  | 'recovery-codes-replaced'
  | 'recovery-codes-removed'
  | 'password-changed'
  | 'address-change-requested'
  | 'address-changed'
  | 'provider-linked'
  | 'provider-unlinked';

export type MailKind = keyof MailData;

/** Plain text of one mail; layout and escaping come later, so no template can forget them. */
export interface MailText {
  readonly subject: string;
  readonly heading: string;
  readonly before: readonly string[];
  /** Shown large, between the paragraphs. */
  readonly code?: string;
  /** Of the configured portal, between the paragraphs; opening it does nothing by itself. */
  readonly link?: string;
  /** What its button says; the address itself is shown, too. */
  readonly linkLabel?: string;
  readonly after: readonly string[];
}

export type MailTexts = { readonly [Kind in MailKind]: (data: MailData[Kind], brand: string) => MailText };

/** Date and time in words, UTC: the place of the reader is not known, and guessing it would be wrong half the time. */
export const momentIn = (language: string, at: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at))} UTC`;
