import { type ProviderRule, verifiedClaim } from '../../lambdas/core/configuration.ts';
import type { PerStage } from './clients.ts';
import type { StageName } from './types.ts';

/** Another service that people may sign in with. Its name goes into user names and is for ever: it is derived or given once. */
export type ProviderConfig =
  | GoogleProvider
  | AppleProvider
  | FacebookProvider
  | AmazonProvider
  | OidcProvider
  | SamlProvider;

/** One value for every stage, or one each. */
export type Staged = string | PerStage<string>;

interface SocialProvider {
  /** Of the app that was registered with the provider. */
  readonly clientId: Staged;
  /**
   * Name of the secret in Secrets Manager that holds the provider's client secret (for Apple its private key) as plain
   * text. It is made by hand before the first deployment and never appears in the configuration or the template.
   */
  readonly secretName: Staged;
  /** Attributes of the pool and the provider's names for them. @default - what the provider calls them */
  readonly attributes?: AttributeNames;
}

interface VouchingProvider {
  /**
   * Whether an address that the provider calls verified is taken for proven. Otherwise its accounts stay apart from the
   * address, which claims nothing and links to nothing. @default - true for Google and Apple, false for others
   */
  readonly trustsEmail?: boolean;
}

/** `email` is needed: the pool requires an address, proven or not. */
export type AttributeNames = Readonly<
  Partial<Record<'email' | 'email_verified' | 'name' | 'locale', string>>
>;

export interface GoogleProvider extends SocialProvider, VouchingProvider {
  readonly kind: 'google';
}
export interface AppleProvider extends SocialProvider, VouchingProvider {
  readonly kind: 'apple';
  readonly teamId: string;
  readonly keyId: string;
}
/** Does not say whether it has verified an address, so there is nothing to trust. */
export interface FacebookProvider extends SocialProvider {
  readonly kind: 'facebook';
}
/** Does not say whether it has verified an address, so there is nothing to trust. */
export interface AmazonProvider extends SocialProvider {
  readonly kind: 'amazon';
}
export interface OidcProvider extends SocialProvider, VouchingProvider {
  readonly kind: 'oidc';
  /** 3 to 32 letters, digits and hyphens. */
  readonly name: string;
  readonly issuer: Staged;
  /** @default openid, email, profile */
  readonly scopes?: readonly string[];
  /** @default - from the issuer's discovery document; all four or none */
  readonly endpoints?: {
    readonly authorization: string;
    readonly token: string;
    readonly userInfo: string;
    readonly keys: string;
  };
  /** What apps may send as `idp_identifier`, for example mail domains. @default none */
  readonly identifiers?: readonly string[];
}
export interface SamlProvider extends VouchingProvider {
  readonly kind: 'saml';
  /** 3 to 32 letters, digits and hyphens. */
  readonly name: string;
  /** Where the provider publishes its metadata, or the document itself. */
  readonly metadata: { readonly url: Staged } | { readonly document: string };
  /** `email_verified` has to be given where the provider is trusted: SAML has no usual name for it. */
  readonly attributes?: AttributeNames;
  readonly identifiers?: readonly string[];
}

const socialNames = {
  google: 'Google',
  apple: 'SignInWithApple',
  facebook: 'Facebook',
  amazon: 'LoginWithAmazon',
} as const;

/** Cognito's name of the provider: what clients list and what user names begin with. */
export const providerName = (provider: ProviderConfig): string =>
  'name' in provider ? provider.name : socialNames[provider.kind];

const socialLabels = { google: 'Google', apple: 'Apple', facebook: 'Facebook', amazon: 'Amazon' } as const;

/** What people know the provider by. */
export const providerLabel = (provider: ProviderConfig): string =>
  'name' in provider ? provider.name : socialLabels[provider.kind];

export function trustsEmail(provider: ProviderConfig): boolean {
  if (provider.kind === 'facebook' || provider.kind === 'amazon') return false;
  return provider.trustsEmail ?? (provider.kind === 'google' || provider.kind === 'apple');
}

const samlClaims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/** Attribute of the pool → name at the provider, as the provider calls them. */
function attributeNames(provider: ProviderConfig): AttributeNames {
  const usual: AttributeNames =
    provider.kind === 'saml'
      ? { email: `${samlClaims}/emailaddress` }
      : {
          email: 'email',
          ...(provider.kind !== 'facebook' &&
            provider.kind !== 'amazon' && { email_verified: 'email_verified' }),
          ...(provider.kind !== 'apple' && { name: 'name' }),
        };
  return { ...usual, ...provider.attributes };
}

/**
 * What Cognito maps. Whether an address was verified is never the provider's to say: the inbound federation trigger says
 * it, under a name of its own.
 */
export function attributeMapping(provider: ProviderConfig): Readonly<Record<string, string>> {
  return { ...attributeNames(provider), email_verified: verifiedClaim };
}

/** What the triggers know about the provider. */
export function providerRule(provider: ProviderConfig): ProviderRule {
  const { email = 'email', email_verified } = attributeNames(provider);
  const trusted = trustsEmail(provider);
  return {
    name: providerName(provider),
    trustsEmail: trusted,
    emailClaim: email,
    ...(trusted && email_verified && { verifiedClaim: email_verified }),
  };
}

export const inStage = (value: Staged, stage: StageName): string =>
  typeof value === 'string' ? value : value[stage];
