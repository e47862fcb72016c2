import { AwsError, type HttpResponse } from '../../platform.ts';
import { secretsOf } from '../client-secret.ts';
import { type AuthenticationResult, userScope } from '../tokens/issue.ts';
import { refreshSession } from '../tokens/refresh.ts';
import { json, OAuthError } from './answers.ts';
import { readScopes } from './authorization-request.ts';
import { type AuthenticatedClient, authenticateClient } from './client-authentication.ts';
import { redeemCode } from './codes.ts';
import { type DomainRequest, pageCall } from './domains.ts';
import { machineToken } from './machine-tokens.ts';

type Grant = (request: DomainRequest, from: AuthenticatedClient) => Promise<HttpResponse>;

const byCode: Grant = async (request, { client, rules }) => {
  allow(rules.flows.includes('code'));
  const result = await redeemCode(request.engine, pageCall(request, client, 'Token'), {
    code: required(request, 'code'),
    redirectUri: required(request, 'redirect_uri'),
    verifier: request.form.get('code_verifier') ?? undefined,
  });
  return tokens(request, result);
};

/** With rotation the token is traded for the next one; without, it stays and none is answered. */
const byRefreshToken: Grant = async (request, { client, rules }) => {
  allow(rules.flows.includes('code'));
  const token = required(request, 'refresh_token');
  const call = pageCall(request, client, 'Token');
  const [secret] = secretsOf(client); // the client has proven one of them
  const options = { rotating: true, ...(secret ? { clientSecret: secret.value } : {}) };
  return tokens(request, await refreshSession(request.engine, call, token, options));
};

const byClientCredentials: Grant = async (request, { client, rules }) => {
  allow(rules.flows.includes('client_credentials') && client.secret !== undefined);
  const scopes = readScopes(request.form.get('scope'), rules.scopes);
  if (!scopes) throw new OAuthError('invalid_scope', 'a scope is not one of the client');
  const metadata = readMetadata(request.form.get('aws_client_metadata'));
  const { token, expiresIn } = await machineToken(
    request.engine,
    pageCall(request, client, 'Token'),
    scopes,
    metadata,
  );
  return json(200, { access_token: token, expires_in: expiresIn, token_type: 'Bearer' });
};

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: byCode,
  refresh_token: byRefreshToken,
  client_credentials: byClientCredentials,
};

/** `POST /oauth2/token`. @throws OAuthError */
export async function tokenEndpoint(request: DomainRequest): Promise<HttpResponse> {
  if (request.http.method !== 'POST') throw new OAuthError('invalid_request', 'POST only');
  const name = request.form.get('grant_type');
  if (!name) throw new OAuthError('invalid_request', 'grant_type is missing');
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined;
  if (!grant) throw new OAuthError('unsupported_grant_type', 'not a grant type of this endpoint');
  const from = authenticateClient(request);
  try {
    return await grant(request, from);
  } catch (error) {
    // What a refresh token or a trigger came to is the grant's fault towards the client.
    if (error instanceof AwsError) throw new OAuthError('invalid_grant', error.message);
    throw error;
  }
}

function allow(may: boolean): void {
  if (!may) throw new OAuthError('unauthorized_client', 'the client may not use this grant');
}

function required({ form }: DomainRequest, name: string): string {
  const value = form.get(name);
  if (!value) throw new OAuthError('invalid_request', `${name} is missing`);
  return value;
}

/** An ID token is for those who asked for `openid`, or signed in through the API. */
function tokens({ engine, pool }: DomainRequest, result: AuthenticationResult): HttpResponse {
  const claims = engine.keys.verify(pool.id, 'access', result.AccessToken);
  const scopes = String(claims?.scope ?? '').split(' ');
  const identified = scopes.includes('openid') || scopes.includes(userScope);
  return json(200, {
    ...(identified ? { id_token: result.IdToken } : {}),
    access_token: result.AccessToken,
    ...(result.RefreshToken ? { refresh_token: result.RefreshToken } : {}),
    expires_in: result.ExpiresIn,
    token_type: 'Bearer',
  });
}

/** Form field with JSON of strings, handed to the token generation trigger. */
function readMetadata(given: string | null): Readonly<Record<string, string>> | undefined {
  if (given === null) return undefined;
  try {
    const parsed: unknown = JSON.parse(given);
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : undefined;
    if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      return Object.fromEntries(entries);
    }
  } catch {
    // not JSON: refused below like any other wrong value
  }
  throw new OAuthError('invalid_request', 'aws_client_metadata has to be a JSON object of strings');
}
