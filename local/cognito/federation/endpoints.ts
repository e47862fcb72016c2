import { importPKCS8, SignJWT } from 'jose';
import type { IdentityProvider, IdentityProviderType } from '../model.ts';
import { askForJson, loopbackUrl, ProviderError } from './provider-calls.ts';

/** What an OAuth 2.0 provider is asked with; every address has been found to be on this machine. */
export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly userInfo?: string;
  readonly userInfoMethod: 'GET' | 'POST';
  /** Present where the provider sends ID tokens. */
  readonly idToken?: { readonly issuer: string; readonly jwks: string };
}

/** Details that AWS fills in for the providers whose addresses it knows; given ones win. */
const known: Partial<Record<IdentityProviderType, Readonly<Record<string, string>>>> = {
  Google: {
    authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
    token_url: 'https://www.googleapis.com/oauth2/v4/token',
    attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
    oidc_issuer: 'https://accounts.google.com',
    token_request_method: 'POST',
  },
  Facebook: {
    authorize_url: 'https://www.facebook.com/v17.0/dialog/oauth',
    token_url: 'https://graph.facebook.com/v17.0/oauth/access_token',
    attributes_url: 'https://graph.facebook.com/v17.0/me?fields=',
    token_request_method: 'GET',
  },
  LoginWithAmazon: {
    authorize_url: 'https://www.amazon.com/ap/oa',
    token_url: 'https://api.amazon.com/auth/o2/token',
    attributes_url: 'https://api.amazon.com/user/profile',
    token_request_method: 'POST',
  },
  SignInWithApple: {
    authorize_url: 'https://appleid.apple.com/auth/authorize',
    token_url: 'https://appleid.apple.com/auth/token',
    oidc_issuer: 'https://appleid.apple.com',
    token_request_method: 'POST',
  },
};

export const withKnownDetails = (
  type: IdentityProviderType,
  details: Readonly<Record<string, string>>,
): Record<string, string> => ({ ...known[type], ...details });

/** Where the provider says who somebody is: the claim that never changes. */
export const subjectClaim = (type: IdentityProviderType): string =>
  type === 'Facebook' ? 'id' : type === 'LoginWithAmazon' ? 'user_id' : 'sub';

const sendsIdTokens = (type: IdentityProviderType): boolean =>
  type !== 'Facebook' && type !== 'LoginWithAmazon';

/**
 * Given addresses, or those of the provider's discovery document.
 * @throws ProviderError when one is missing or not on this machine
 */
export async function endpointsOf({ name, type, details }: IdentityProvider): Promise<Endpoints> {
  const issuer = details.oidc_issuer;
  const isComplete = details.authorize_url && details.token_url && (details.jwks_uri || !sendsIdTokens(type));
  const found = isComplete ? {} : await discover(name, issuer);
  const address = (given: string | undefined, member: string): string | undefined => {
    const value = given ?? found[member];
    if (value === undefined) return undefined;
    return loopbackUrl(String(value), `${member} of ${name}`).href;
  };
  const authorize = address(details.authorize_url, 'authorization_endpoint');
  const token = address(details.token_url, 'token_endpoint');
  const jwks = address(details.jwks_uri, 'jwks_uri');
  const userInfo = address(details.attributes_url, 'userinfo_endpoint');
  if (!authorize || !token) throw new ProviderError(`${name}: authorize_url and token_url are needed.`);
  if (sendsIdTokens(type) && !(issuer && jwks)) {
    throw new ProviderError(`${name}: oidc_issuer and jwks_uri are needed to check ID tokens.`);
  }
  return {
    authorize,
    token,
    userInfoMethod: details.attributes_request_method === 'POST' ? 'POST' : 'GET',
    ...(userInfo && { userInfo }),
    ...(issuer && jwks && sendsIdTokens(type) && { idToken: { issuer, jwks } }),
  };
}

/** OpenID Connect Discovery 1.0, 4.3: the document must be about the issuer that was asked. */
async function discover(
  name: string,
  issuer: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  if (!issuer) throw new ProviderError(`${name}: oidc_issuer is needed.`);
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await askForJson(address, `The discovery document of ${name}`);
  if (document.issuer !== issuer) {
    throw new ProviderError(`The discovery document of ${name} names another issuer.`);
  }
  return document;
}

const appleSecretSeconds = 300;

/** The secret as it was given; Apple's is a statement signed with the team's key. */
export async function clientSecretOf({ type, details }: IdentityProvider): Promise<string> {
  if (type !== 'SignInWithApple') return details.client_secret ?? '';
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: details.key_id ?? '' })
    .setIssuer(details.team_id ?? '')
    .setSubject(details.client_id ?? '')
    .setAudience('https://appleid.apple.com')
    .setIssuedAt(now)
    .setExpirationTime(now + appleSecretSeconds)
    .sign(await importPKCS8(details.private_key ?? '', 'ES256'));
}
