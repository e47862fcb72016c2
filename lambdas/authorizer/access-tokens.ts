import { JwtVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwksNotAvailableInCacheError,
  JwksValidationError,
  JwkValidationError,
} from 'aws-jwt-verify/error';
import type { Fetcher } from 'aws-jwt-verify/https';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model';
import { type Method, methods } from '../core/risk/decision.ts';

/** What the API may know of a verified access token. */
export interface AccessToken {
  readonly sub: string;
  readonly clientId: string;
  /** Space separated, full form. */
  readonly scopes: string;
  /** Id of the session; every token of one sign-in has the same. */
  readonly originJti: string;
  /** Epoch seconds of the sign-in (`auth_time`); a refresh keeps it. */
  readonly startedAt: number;
  /** Epoch seconds of this token (`iat`). */
  readonly issuedAt: number;
  /** Sign-in that the session began with, where Vestibule decided it. */
  readonly flow?: string;
  readonly aal?: number;
  readonly methods: readonly Method[];
}

export interface AccessTokenRules {
  /** `iss` of the pool; keys come from `<issuer>/.well-known/jwks.json` and from nowhere else. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

/** `undefined` for a token that is not good; @throws when the keys cannot be had, which says nothing about it */
export type ReadAccessToken = (jwt: string) => Promise<AccessToken | undefined>;

export function accessTokenReader(
  rules: AccessTokenRules,
  fetcher = jwksFetcher(rules.issuer),
): ReadAccessToken {
  const verifier = JwtVerifier.create(
    {
      issuer: rules.issuer,
      jwksUri: `${rules.issuer}/.well-known/jwks.json`,
      audience: null, // access tokens of Cognito have none; the client is checked below
      graceSeconds: 0,
      customJwtCheck: ({ header, payload }) => refuseOddTokens(rules, header, payload),
    },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
  return (jwt) =>
    verifier.verify(jwt).then(readClaims, (error: unknown) => {
      if (ourFaults.some((fault) => error instanceof fault)) throw error;
      return undefined;
    });
}

const ourFaults = [FetchError, JwksValidationError, JwkValidationError, JwksNotAvailableInCacheError];

/** Headers that point at a key of the sender's choice, or demand what we do not understand. */
const foreignHeaders = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip'];

function refuseOddTokens(rules: AccessTokenRules, header: JwtHeader, payload: JwtPayload): void {
  const { token_use, client_id, sub, exp, iat, origin_jti, auth_time } = payload;
  const isGood =
    header.alg === 'RS256' &&
    !foreignHeaders.some((name) => name in header) &&
    token_use === 'access' &&
    typeof client_id === 'string' &&
    rules.clientIds.includes(client_id) &&
    isText(sub) &&
    isText(origin_jti) &&
    typeof exp === 'number' &&
    typeof iat === 'number' &&
    typeof auth_time === 'number' &&
    exp > iat;
  if (!isGood) throw new Error('not an access token of ours');
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 128;

function readClaims(payload: JwtPayload): AccessToken {
  const { 'vestibule:aal': aal, 'vestibule:methods': named, 'vestibule:flow': flow } = payload;
  return {
    sub: String(payload.sub),
    clientId: String(payload.client_id),
    scopes: typeof payload.scope === 'string' ? payload.scope : '',
    originJti: String(payload.origin_jti),
    startedAt: Number(payload.auth_time),
    issuedAt: Number(payload.iat),
    ...(isText(flow) && { flow }),
    ...(typeof aal === 'number' && { aal }),
    methods: methods.filter((method) => Array.isArray(named) && named.includes(method)),
  };
}

/** Keys are public and rarely change; they are fetched again only for a key id that is not among them. */
const jwksTimeoutMs = 1_500;
/** The core rules of a web ACL block whoever names none, and the library does not. */
const agent = { 'user-agent': 'vestibule' };

/**
 * HTTPS, always, with the one exception of an issuer on this very machine.
 * @throws Error for any other issuer
 */
export function jwksFetcher(issuer: string): Fetcher {
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'https:')
    return new SimpleFetcher({ defaultRequestOptions: { responseTimeout: jwksTimeoutMs, headers: agent } });
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(hostname)) {
    throw new Error('ISSUER: expected https, or http on 127.0.0.1 or localhost');
  }
  return {
    fetch: async (uri) => {
      const answer = await fetch(uri, {
        signal: AbortSignal.timeout(jwksTimeoutMs),
        redirect: 'error',
      }).catch((error: unknown) => {
        throw new FetchError(uri, error);
      });
      if (!answer.ok) throw new FetchError(uri, new Error(`status ${answer.status}`));
      return answer.arrayBuffer();
    },
  };
}
