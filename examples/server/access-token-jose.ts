import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** Verifies an access token, and says whose it is and what was proven. */
export function accessTokenReader(issuer: string, clientIds: readonly string[]) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)); // kept, and fetched anew for a new key
  return async (token: string): Promise<JWTPayload & { level: number }> => {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] });
    if (payload.token_use !== 'access') throw new Error('not an access token');
    if (!clientIds.includes(String(payload.client_id))) throw new Error('a token of another client');
    const proven = payload['vestibule:aal'];
    return { ...payload, level: typeof proven === 'number' ? proven : 0 };
  };
}
