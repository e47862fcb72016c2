import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { CiamError } from '../core/errors.ts';
import {
  fitsAttempt,
  type ProviderAttempt,
  providerAttemptSeconds,
} from '../core/session/provider-attempt.ts';
import type { Clock } from '../ports.ts';
import { type IssuedTokens, signInError } from './cognito-sign-in.ts';
import { type DynamoClient, isConditionFailure, PutItemCommand } from './dynamo.ts';

/** The pool's OAuth endpoints, with the portal's own client: code grant, PKCE and a secret. */
export interface ProviderDoor {
  authorizeUrl(attempt: ProviderAttempt): Promise<string>;
  /**
   * Trades the code, and verifies what came of it.
   * @throws CiamError `FLOW_REJECTED` for a code that is not of this attempt, `UNAVAILABLE` when nobody answers
   */
  redeem(code: string, attempt: ProviderAttempt): Promise<IssuedTokens & { readonly refreshToken: string }>;
}

export interface PortalClient {
  /** `iss` of the pool; its endpoints are where its discovery document says, and nowhere else. */
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: () => Promise<string>;
  readonly redirectUri: string;
  /** Everything that a session in the portal may do, beside `openid`. */
  readonly scopes: readonly string[];
}

interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly jwks: string;
}

/** The browser waits; a provider's page has taken longer. */
const timeoutMs = 5_000;

/** Two HTTPS calls for the first sign-in of an environment (documents and keys are kept), one for any other. */
export function cognitoProviderDoor(client: PortalClient, clock: Clock): ProviderDoor {
  let endpoints: Promise<Endpoints> | undefined;
  let keys: ReturnType<typeof import('./lazy/jose.ts').createRemoteJWKSet> | undefined;
  const discover = (): Promise<Endpoints> => {
    endpoints ??= readEndpoints(client.issuer).catch((error: unknown) => {
      endpoints = undefined;
      throw error;
    });
    return endpoints;
  };
  const verify = async (tokens: TokenAnswer, attempt: ProviderAttempt): Promise<boolean> => {
    const { createRemoteJWKSet, jwtVerify, errors } = await import('./lazy/jose.ts');
    const { jwks } = await discover();
    keys ??= createRemoteJWKSet(new URL(jwks), { timeoutDuration: timeoutMs });
    const options = { issuer: client.issuer, algorithms: ['RS256'], currentDate: new Date(clock.now()) };
    try {
      const [id, access] = await Promise.all([
        jwtVerify(tokens.id_token, keys, { ...options, audience: client.clientId, clockTolerance: 5 }),
        jwtVerify(tokens.access_token, keys, { ...options, clockTolerance: 5 }),
      ]);
      const facts = {
        nonce: id.payload.nonce,
        idSub: id.payload.sub,
        accessSub: access.payload.sub,
        idUse: id.payload.token_use,
        accessUse: access.payload.token_use,
        accessClient: access.payload.client_id,
        identities: id.payload.identities,
      };
      return fitsAttempt(facts, attempt, client.clientId);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout) throw signInError('UNAVAILABLE', error);
      if (error instanceof errors.JOSEError) return false;
      throw signInError('UNAVAILABLE', error);
    }
  };
  return {
    authorizeUrl: async ({ state, verifier, nonce, provider, fresh }) => {
      const { authorize } = await discover();
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.clientId,
        redirect_uri: client.redirectUri,
        scope: ['openid', ...client.scopes].join(' '),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        identity_provider: provider,
        ...(fresh && { prompt: 'login' }),
      });
      return `${authorize}?${query}`;
    },
    redeem: async (code, attempt) => {
      const { token } = await discover();
      const tokens = await trade(token, code, attempt, client);
      if (!(await verify(tokens, attempt))) throw signInError('FLOW_REJECTED');
      return {
        accessToken: tokens.access_token,
        idToken: tokens.id_token,
        refreshToken: tokens.refresh_token,
        expiresInSeconds: tokens.expires_in,
      };
    },
  };
}

interface TokenAnswer {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

async function trade(
  endpoint: string,
  code: string,
  { verifier }: ProviderAttempt,
  { clientId, secret, redirectUri }: PortalClient,
): Promise<TokenAnswer> {
  const answer = await send(endpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${await secret()}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      code,
    }),
  });
  // RFC 6749 §5.2: what is wrong with the code is 400; anything else is ours, or passes.
  if (answer.status === 400) throw signInError('FLOW_REJECTED', new Error(await errorCodeOf(answer)));
  if (!answer.ok) throw signInError('UNAVAILABLE', new Error(`token endpoint: ${answer.status}`));
  const tokens = (await answer.json()) as Partial<TokenAnswer>;
  if (!tokens.id_token || !tokens.access_token || !tokens.refresh_token)
    throw signInError('UNAVAILABLE', new Error('token endpoint: expected three tokens'));
  return tokens as TokenAnswer;
}

/** `invalid_client` and the like, for the operator. */
const errorCodeOf = async (answer: Response): Promise<string> => {
  const { error } = (await answer.json().catch(() => ({}))) as { error?: unknown };
  return typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : 'unknown';
};

async function readEndpoints(issuer: string): Promise<Endpoints> {
  const answer = await send(`${issuer}/.well-known/openid-configuration`, {});
  if (!answer.ok) throw signInError('UNAVAILABLE', new Error(`discovery: ${answer.status}`));
  const found = (await answer.json()) as Readonly<Record<string, unknown>>;
  if (found.issuer !== issuer) throw new Error('discovery: names another issuer');
  return {
    authorize: endpointOf(found.authorization_endpoint),
    token: endpointOf(found.token_endpoint),
    jwks: endpointOf(found.jwks_uri),
  };
}

/** HTTPS, with the one exception of this very machine. */
function endpointOf(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isHere)) throw new Error('discovery: expected https');
  return url.href;
}

const send = (address: string, init: RequestInit): Promise<Response> =>
  fetch(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      throw signInError('UNAVAILABLE', error);
    },
  );

/** `PROVIDER#<id>` / `USED` of the Risk table, 1 WRU. `false`: this attempt has come to its end before. */
export const dynamoSpentAttempts =
  (client: DynamoClient, table: string, clock: Clock) =>
  async ({ id }: ProviderAttempt): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall({
        subject: `PROVIDER#${id}`,
        kind: 'USED',
        ttl: Math.floor(clock.now() / 1000) + 2 * providerAttemptSeconds,
      }),
      ConditionExpression: 'attribute_not_exists(subject)',
    });
    return client.send(command).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false;
        throw error;
      },
    );
  };

export const linkRequired = (code: string): CiamError =>
  new CiamError(
    'LINK_REQUIRED',
    'This address has an account. Sign in to it and enter the code to link the two.',
    {
      link: { code },
    },
  );
