import type { Client } from '../model.ts';
import { withParameters } from './answers.ts';
import { oauthRules } from './client-rules.ts';
import { type DomainRequest, hasRepeated } from './domains.ts';

export type Prompt = 'none' | 'login' | 'select_account' | 'consent';

/** A request for a code that may be granted once somebody signs in. */
export interface AuthorizationRequest {
  readonly client: Client;
  /** One of the client's, compared as text. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  /** SHA-256 of the verifier, base64url. */
  readonly codeChallenge?: string;
  readonly prompts: readonly Prompt[];
  readonly loginHint?: string;
  readonly maxAgeSeconds?: number;
  readonly resource?: string;
  /** Named by `identity_provider` or `idp_identifier`; absent for the pages. */
  readonly providerName?: string;
  /** As it came, to be carried through the pages. */
  readonly query: URLSearchParams;
}

export type Reading =
  | { readonly kind: 'request'; readonly request: AuthorizationRequest }
  /** Nobody is redirected anywhere: the client or its address is in doubt. */
  | { readonly kind: 'page'; readonly error: string; readonly clientId?: string }
  | { readonly kind: 'redirect'; readonly location: string };

const prompts = ['none', 'login', 'select_account', 'consent'] as const;
const challengePattern = /^[A-Za-z0-9_-]{43}$/;

/** Reads what `/oauth2/authorize` and the pages get as their query. Only a genuine redirect URI ever gets an error. */
export function readAuthorization(request: DomainRequest, query: URLSearchParams): Reading {
  const { engine, pool } = request;
  const once = (name: string) => (query.getAll(name).length === 1 ? (query.get(name) ?? '') : '');
  const clientId = once('client_id');
  const client = clientId ? engine.pools.findClient(clientId) : undefined;
  const rules = client && client.poolId === pool.id ? oauthRules(client) : undefined;
  if (!client || !rules) return { kind: 'page', error: 'invalid_request', ...(clientId && { clientId }) };
  const redirectUri = once('redirect_uri');
  if (!redirectUri || !rules.callbackUrls.includes(redirectUri)) {
    return { kind: 'page', error: redirectUri ? 'redirect_mismatch' : 'invalid_request', clientId };
  }
  const state = query.get('state') ?? undefined;
  const refuse = (error: string, description: string): Reading => ({
    kind: 'redirect',
    location: withParameters(redirectUri, { error_description: description, state, error }),
  });
  if (hasRepeated(query)) return refuse('invalid_request', 'a parameter is repeated');
  const responseType = query.get('response_type');
  if (!responseType) return refuse('invalid_request', 'response_type is missing');
  if (responseType !== 'code') {
    if (responseType !== 'token') return refuse('unsupported_response_type', 'response_type has to be code');
    return rules.flows.includes('implicit')
      ? refuse('unsupported_response_type', 'the implicit grant is not implemented by the local cloud')
      : refuse('unauthorized_client', 'the client may not use the implicit grant');
  }
  if (!rules.flows.includes('code')) return refuse('unauthorized_client', 'the client has no code grant');
  const scopes = readScopes(query.get('scope'), rules.scopes);
  if (!scopes) return refuse('invalid_scope', 'a scope is not one of the client');
  const problem = pkceProblem(query, client) ?? promptProblem(query) ?? otherProblem(query);
  if (problem) return refuse('invalid_request', problem);
  const providerName = readProvider(request, query, rules.providers);
  if (providerName === null)
    return refuse('invalid_request', 'the client does not support this identity provider');
  return {
    kind: 'request',
    request: {
      client,
      redirectUri,
      scopes,
      prompts: readPrompts(query),
      ...text('state', state),
      ...text('nonce', query.get('nonce')),
      ...text('codeChallenge', query.get('code_challenge')),
      ...text('loginHint', query.get('login_hint')),
      ...text('resource', query.get('resource')),
      ...(query.has('max_age') ? { maxAgeSeconds: Number(query.get('max_age')) } : {}),
      ...(providerName === undefined ? {} : { providerName }),
      query,
    },
  };
}

const text = (name: string, value: string | null | undefined) => (value ? { [name]: value } : {});

/** All of the client's when none is asked for. @returns `undefined` for a scope that is not the client's */
export function readScopes(given: string | null, allowed: readonly string[]): readonly string[] | undefined {
  const asked = [...new Set((given ?? '').split(' ').filter(Boolean))];
  if (asked.length === 0) return allowed;
  return asked.every((scope) => allowed.includes(scope)) ? asked : undefined;
}

/**
 * AWS has no setting that demands PKCE. Here a public client must use it, so that an app that forgot is found out on the
 * developer's machine and not by an attacker.
 */
function pkceProblem(query: URLSearchParams, client: Client): string | undefined {
  const challenge = query.get('code_challenge');
  const method = query.get('code_challenge_method');
  if (challenge === null && method === null) {
    if (client.secret !== undefined) return undefined;
    return 'code_challenge is missing: the local cloud wants PKCE (S256) of every client without a secret, AWS leaves it to the app';
  }
  if (method !== 'S256') return 'code_challenge_method has to be S256';
  if (!challengePattern.test(challenge ?? '')) return 'code_challenge has to be a SHA-256 in base64url';
  return undefined;
}

const readPrompts = (query: URLSearchParams): Prompt[] =>
  (query.get('prompt') ?? '')
    .split(' ')
    .filter((value): value is Prompt => prompts.some((known) => known === value));

function promptProblem(query: URLSearchParams): string | undefined {
  const given = (query.get('prompt') ?? '').split(' ').filter(Boolean);
  if (given.length !== readPrompts(query).length) return 'prompt has an unknown value';
  return given.includes('none') && given.length > 1 ? 'prompt none stands alone' : undefined;
}

function otherProblem(query: URLSearchParams): string | undefined {
  const maxAge = query.get('max_age');
  if (maxAge !== null && !/^\d{1,9}$/.test(maxAge)) return 'max_age has to be a number of seconds';
  const resource = query.get('resource');
  if (resource !== null && (!URL.canParse(resource) || resource.includes('#'))) {
    return 'resource has to be an absolute URI without fragment';
  }
  return undefined;
}

/** @returns `undefined` for the pool's own accounts, `null` for a provider that this client has not */
function readProvider(
  { engine, pool }: DomainRequest,
  query: URLSearchParams,
  supported: readonly string[],
): string | undefined | null {
  const named = query.get('identity_provider');
  const identifier = query.get('idp_identifier');
  if (named === 'COGNITO' || (named === null && identifier === null)) return undefined;
  const provider = named
    ? engine.identityProviders.find(pool.id, named)
    : engine.identityProviders.byIdentifier(pool.id, identifier ?? '');
  return provider && supported.includes(provider.name) ? provider.name : null;
}
