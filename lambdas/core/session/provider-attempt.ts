/** One sign-in with a provider between the two calls of a page; sealed into a cookie of the browser that began it. */
export interface ProviderAttempt {
  /** Names the attempt: it comes to an end once. */
  readonly id: string;
  /** 256 random bits each, base64url. */
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
  /** Name in the configuration. */
  readonly provider: string;
  /** The provider was asked to have the person sign in again. */
  readonly fresh?: true;
}

export const providerCookie = '__Host-vestibule-provider';
export const providerAttemptSeconds = 600;
/** Page of the portal that the pool sends people back to. */
export const providerCallbackPath = '/provider';

/**
 * Cognito tells the app what our trigger said as text, in the redirect's `error_description`. The code opens nothing
 * without a fresh proof of the account that it is for.
 */
export const linkCodeIn = (refusal: string): string | undefined =>
  /\bLINK_REQUIRED ([0-9A-Z]{4}-[0-9A-Z]{4})\b/.exec(refusal)?.[1];

/** What the tokens of a provider's sign-in say, as far as it has to fit the attempt. */
export interface ProviderTokenFacts {
  readonly nonce: unknown;
  readonly idSub: unknown;
  readonly accessSub: unknown;
  readonly idUse: unknown;
  readonly accessUse: unknown;
  readonly accessClient: unknown;
  /** Claim `identities`: whose sign-ins the account has. */
  readonly identities: unknown;
}

/** The tokens are of this very attempt, of one person, for our client, and the person is one of that provider's. */
export const fitsAttempt = (
  facts: ProviderTokenFacts,
  { nonce, provider }: Pick<ProviderAttempt, 'nonce' | 'provider'>,
  clientId: string,
): boolean =>
  facts.idUse === 'id' &&
  facts.accessUse === 'access' &&
  facts.nonce === nonce &&
  facts.accessClient === clientId &&
  typeof facts.idSub === 'string' &&
  facts.idSub === facts.accessSub &&
  Array.isArray(facts.identities) &&
  facts.identities.some((identity: unknown) => nameOf(identity) === provider);

const nameOf = (identity: unknown): unknown =>
  typeof identity === 'object' && identity !== null && 'providerName' in identity
    ? identity.providerName
    : undefined;
