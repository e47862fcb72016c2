import { createHash } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { IdentityProvider } from '../model.ts';
import { clientSecretOf, type Endpoints, endpointsOf, subjectClaim } from './endpoints.ts';
import type { Exchange } from './exchange.ts';
import { askForJson, ProviderError } from './provider-calls.ts';

/** Who a provider says somebody is, with what the inbound federation trigger gets to see of it. */
export interface ProviderPerson {
  /** The provider's own id, exactly as it writes it. */
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Where the browser goes. */
export async function authorizationUrl(
  provider: IdentityProvider,
  exchange: Exchange,
  state: string,
  hints: { readonly loginHint?: string; readonly prompt?: string },
): Promise<string> {
  const endpoints = await endpointsOf(provider);
  const url = new URL(endpoints.authorize);
  const parameters = {
    client_id: provider.details.client_id ?? '',
    redirect_uri: callbackOf(exchange),
    // Amazon and Facebook separate scopes in their own ways; a list from the configuration is passed on as it is.
    scope: provider.details.authorize_scopes ?? 'openid',
    response_type: 'code',
    state,
    code_challenge: createHash('sha256').update(exchange.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(endpoints.idToken && { nonce: exchange.nonce }),
    ...(provider.type === 'SignInWithApple' && { response_mode: 'form_post' }),
    ...(hints.loginHint && { login_hint: hints.loginHint }),
    ...(hints.prompt && { prompt: hints.prompt }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Turns the code of a genuine answer into a person.
 * @throws ProviderError for everything that does not fit: token, signature, issuer, audience, nonce, subject
 */
export async function redeemCode(
  provider: IdentityProvider,
  exchange: Exchange,
  answer: { readonly code: string; readonly issuer?: string },
): Promise<ProviderPerson> {
  const endpoints = await endpointsOf(provider);
  // RFC 9207: the answer of another provider, mixed up on the way
  if (answer.issuer !== undefined && answer.issuer !== provider.details.oidc_issuer) {
    throw new ProviderError(`${provider.name}: the answer is another issuer's.`);
  }
  const tokenResponse = await redeem(provider, exchange, endpoints, answer.code);
  const idToken = await verifiedIdToken(provider, exchange, endpoints, tokenResponse);
  const userInfo = await readUserInfo(provider, endpoints, tokenResponse);
  const claim = subjectClaim(provider.type);
  const subject = idToken ? idToken.sub : userInfo?.[claim];
  if (typeof subject !== 'string' || subject === '') {
    throw new ProviderError(`${provider.name} does not say who it is.`);
  }
  // OpenID Connect Core 5.3.2: token substitution
  if (idToken && userInfo && userInfo.sub !== idToken.sub) {
    throw new ProviderError(`${provider.name}: the user info is about somebody else.`);
  }
  return {
    subject,
    claims: { ...idToken, ...userInfo },
    raw: { tokenResponse, ...(idToken && { idToken }), ...(userInfo && { userInfo }) },
  };
}

const callbackOf = ({ baseUrl }: Exchange): string => `${baseUrl}/oauth2/idpresponse`;

async function redeem(
  provider: IdentityProvider,
  exchange: Exchange,
  { token }: Endpoints,
  code: string,
): Promise<Readonly<Record<string, unknown>>> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callbackOf(exchange),
    client_id: provider.details.client_id ?? '',
    client_secret: await clientSecretOf(provider),
    code_verifier: exchange.codeVerifier,
  });
  const what = `The token endpoint of ${provider.name}`;
  if (provider.details.token_request_method !== 'GET')
    return askForJson(token, what, { method: 'POST', body });
  const url = new URL(token);
  for (const [name, value] of body) url.searchParams.set(name, value);
  return askForJson(url.href, what);
}

/** Asymmetric ones only: with HS256 the provider's public key could be taken for a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const clockToleranceSeconds = 30;

async function verifiedIdToken(
  provider: IdentityProvider,
  exchange: Exchange,
  { idToken }: Endpoints,
  tokenResponse: Readonly<Record<string, unknown>>,
): Promise<JWTPayload | undefined> {
  if (!idToken) return undefined;
  const { name, details } = provider;
  if (typeof tokenResponse.id_token !== 'string') throw new ProviderError(`${name} sent no ID token.`);
  const keys = (await askForJson(idToken.jwks, `The keys of ${name}`)) as unknown as JSONWebKeySet;
  try {
    const { payload } = await jwtVerify(tokenResponse.id_token, createLocalJWKSet(keys), {
      algorithms,
      issuer: idToken.issuer,
      audience: details.client_id ?? '',
      requiredClaims: ['sub', 'iat', 'exp'],
      // The provider runs beside the local cloud and does not follow a clock that a test moved.
      clockTolerance: clockToleranceSeconds,
    });
    if (payload.nonce !== exchange.nonce) throw new ProviderError(`${name}: the ID token has another nonce.`);
    if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload.azp !== details.client_id) {
      throw new ProviderError(`${name}: the ID token was issued to another client.`);
    }
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new ProviderError(`${name}: the ID token is not valid (${error.code}).`, { cause: error });
  }
}

async function readUserInfo(
  provider: IdentityProvider,
  { userInfo, userInfoMethod }: Endpoints,
  tokenResponse: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (!userInfo) return undefined;
  const token = tokenResponse.access_token;
  if (typeof token !== 'string') throw new ProviderError(`${provider.name} sent no access token.`);
  return askForJson(userInfo, `The user info of ${provider.name}`, {
    method: userInfoMethod,
    headers: { authorization: `Bearer ${token}` },
  });
}
