import { AwsError, type HttpRequest, type HttpResponse } from '../../platform.ts';
import { type ClientCall, clientCall, type Engine } from '../engine.ts';
import type { Client, IdentityProvider, Pool, User } from '../model.ts';
import {
  type Exchange,
  endedCookie,
  exchangeCookie,
  openExchange,
  sealExchange,
  spendExchange,
} from './exchange.ts';
import { signInFederated } from './federated-users.ts';
import { authorizationUrl, type ProviderPerson, redeemCode } from './oidc.ts';
import { ProviderError } from './provider-calls.ts';
import { readSamlResponse, samlRequestUrl } from './saml.ts';

/**
 * Federation as a pool's domain uses it. `/oauth2/authorize` (with `identity_provider` or `idp_identifier`) and the
 * buttons of the login page call `startFederation`; `GET` and `POST /oauth2/idpresponse` (OIDC and social providers)
 * and `POST /saml2/idpresponse` call `finishFederation` and act on its result.
 */
export interface FederationStart {
  readonly pool: Pool;
  readonly client: Client;
  /** From `engine.identityProviders.find` or `.byIdentifier`; the caller checks that the client supports it. */
  readonly provider: IdentityProvider;
  /** Address of the pool's domain, without slash at its end: both callbacks lie below it. */
  readonly baseUrl: string;
  /** What the caller needs to go on afterwards (its authorization request); handed back unread, sealed on its way. */
  readonly resume: Readonly<Record<string, unknown>>;
  readonly loginHint?: string;
  readonly prompt?: string;
}

interface Concluded {
  readonly pool: Pool;
  readonly client: Client;
  readonly provider: IdentityProvider;
  readonly resume: Readonly<Record<string, unknown>>;
  /** To be sent with the caller's answer: ends the cookie of the exchange. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the provider's answer came to. */
export type FederationResult =
  /** Every trigger but TokenGeneration_HostedAuth has run: a code may be issued for this user. */
  | (Concluded & { readonly kind: 'signed-in'; readonly user: User })
  /** The exchange was genuine and is over: back to the client with `error` and `error_description`. */
  | (Concluded & { readonly kind: 'refused'; readonly error: string; readonly description: string })
  /** Nobody knows where it belongs (forged, expired or repeated state): show this, redirect nowhere. */
  | { readonly kind: 'invalid'; readonly response: HttpResponse };

/** Sends the browser to the provider. Never throws for a provider that cannot be used: the page says why. */
export async function startFederation(engine: Engine, start: FederationStart): Promise<HttpResponse> {
  const { pool, client, provider, baseUrl, resume } = start;
  const exchange = openExchange(engine, {
    poolId: pool.id,
    clientId: client.id,
    providerName: provider.name,
    baseUrl,
    resume,
  });
  const state = sealExchange(engine, exchange);
  try {
    const location =
      provider.type === 'SAML'
        ? await samlRequestUrl(provider, exchange, state)
        : await authorizationUrl(provider, exchange, state, start);
    return {
      status: 302,
      headers: { location, 'set-cookie': exchangeCookie(exchange), 'cache-control': 'no-store' },
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    logRefusal(engine, provider.name, error);
    return plain(502, error.message);
  }
}

/** Takes the provider's answer, and with it runs the triggers of a federated sign-in. */
export async function finishFederation(engine: Engine, request: HttpRequest): Promise<FederationResult> {
  const answer = answerOf(request);
  const saml = request.path.endsWith('/saml2/idpresponse');
  const state = answer.get(saml ? 'RelayState' : 'state') ?? '';
  const exchange = await spendExchange(engine, state, request.headers.cookie);
  const provider = exchange && engine.identityProviders.find(exchange.poolId, exchange.providerName);
  const isHere = exchange && request.path.startsWith(`${new URL(exchange.baseUrl).pathname}/`);
  if (!exchange || !provider || !isHere || (provider.type === 'SAML') !== saml) {
    return { kind: 'invalid', response: plain(400, 'This answer belongs to no sign-in that is under way.') };
  }
  const call: ClientCall = clientCall(
    engine,
    { operation: 'HostedAuth', sdkVersion: 'HostedUI', sourceIp: request.sourceIp },
    exchange.clientId,
    exchange.poolId,
  );
  const { pool, client } = call;
  const headers = { 'set-cookie': endedCookie };
  const concluded = { pool, client, provider, resume: exchange.resume, headers };
  try {
    const person = await personOf(provider, exchange, answer);
    return { kind: 'signed-in', ...concluded, user: await signInFederated(engine, call, provider, person) };
  } catch (error) {
    if (error instanceof ProviderError) logRefusal(engine, provider.name, error);
    else if (!(error instanceof AwsError)) throw error;
    return { kind: 'refused', ...concluded, error: 'invalid_request', description: error.message };
  }
}

/** Parameters of the query, or of a form post (SAML always, Apple with `response_mode=form_post`). */
const answerOf = (request: HttpRequest): URLSearchParams =>
  request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : request.query;

function personOf(
  provider: IdentityProvider,
  exchange: Exchange,
  answer: URLSearchParams,
): Promise<ProviderPerson> {
  if (provider.type === 'SAML') {
    return readSamlResponse(provider, exchange, answer.get('SAMLResponse') ?? '');
  }
  const code = answer.get('code');
  const issuer = answer.get('iss') ?? undefined;
  if (!code) {
    const said = answer.get('error') ?? '';
    throw new ProviderError(
      `${provider.name} answers ${/^[a-z_]{1,40}$/.test(said) ? said : 'without a code'}.`,
    );
  }
  return redeemCode(provider, exchange, { code, ...(issuer !== undefined && { issuer }) });
}

/** The cause stays on this machine: it may quote what the provider said about somebody. */
const logRefusal = (engine: Engine, provider: string, error: ProviderError): void =>
  engine.cloud.log.warn(`cognito-idp: federation with ${provider}: ${error.message}`, {
    cause: error.cause instanceof Error ? error.cause.message : undefined,
  });

const plain = (status: number, text: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: `${text}\n`,
});
