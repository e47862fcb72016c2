import { JwtVerifier } from 'aws-jwt-verify';

/** @param clientIds - whose tokens this server takes: any client of the pool can get some */
export const accessTokens = (
  issuer: string,
  clientIds: readonly string[],
  settings?: Parameters<typeof JwtVerifier.create>[1],
) =>
  JwtVerifier.create(
    {
      issuer,
      audience: null, // an access token of Cognito has a client_id in its place
      jwksUri: `${issuer}/.well-known/jwks.json`,
      customJwtCheck: ({ payload }) => {
        if (payload.token_use !== 'access') throw new Error('not an access token');
        if (!clientIds.includes(String(payload.client_id))) throw new Error('a token of another client');
      },
    },
    settings,
  );

type Claims = Readonly<Record<string, unknown>>;

/** A token without a level (managed login, machines) has none: compare, and never take its absence for enough. */
export const reaches = (claims: Claims, level: 1 | 2): boolean => {
  const proven = claims['vestibule:aal'];
  return typeof proven === 'number' && proven >= level;
};

export const hasScope = (claims: Claims, scope: string): boolean =>
  String(claims.scope).split(' ').includes(scope);

/** What to answer when `reaches` says no: the app steps up, refreshes and calls again (RFC 9470). */
export const stepUpRequired = {
  status: 401,
  headers: {
    'www-authenticate':
      'Bearer error="insufficient_user_authentication", acr_values="urn:vestibule:aal:2", max_age="600"',
  },
} as const;
