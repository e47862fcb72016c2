import { type Call, type ClientCall, clientCall, type Engine } from '../engine.ts';
import { notAuthorized, userDisabled, userNotFound } from '../errors.ts';
import type { User } from '../model.ts';
import { userScope } from './issue.ts';

export interface SignedInCall extends ClientCall {
  readonly user: User;
  /** With device tracking: the device that the token was issued to. */
  readonly deviceKey?: string;
  /** The sign-in that the token comes from; absent where the client's tokens cannot be revoked. */
  readonly originJti?: string;
}

/**
 * Who an access token speaks for. More than a signature is checked, unlike offline: expiry, revocation, sign-out,
 * the user's existence, and the scope that lets a token act on its own user.
 */
export function signedIn(engine: Engine, call: Call, accessToken: string): SignedInCall {
  const claims = readClaims(engine, accessToken);
  if (Number(claims.exp) * 1000 <= engine.cloud.clock.now()) throw notAuthorized('Access Token has expired');
  if (!String(claims.scope).split(' ').includes(userScope)) {
    throw notAuthorized('Access Token does not have required scopes');
  }
  const withClient = clientCall(engine, call, String(claims.client_id));
  const family = typeof claims.origin_jti === 'string' ? engine.families.get(claims.origin_jti) : undefined;
  if (family?.revoked) throw notAuthorized('Access Token has been revoked');
  const user = engine.directory.bySub(withClient.pool.id, String(claims.sub));
  if (!user) throw userNotFound();
  if (!user.enabled) throw userDisabled();
  return {
    ...withClient,
    user,
    ...(typeof claims.device_key === 'string' ? { deviceKey: claims.device_key } : {}),
    ...(typeof claims.origin_jti === 'string' ? { originJti: claims.origin_jti } : {}),
  };
}

function readClaims(engine: Engine, token: string): Record<string, unknown> {
  const poolId = poolOf(token);
  const claims = poolId ? engine.keys.verify(poolId, 'access', token) : undefined;
  if (claims?.token_use !== 'access') throw notAuthorized('Invalid Access Token');
  return claims;
}

/** The pool a token claims to come from; its signature proves it afterwards. */
function poolOf(token: string): string | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof iss === 'string' ? iss.split('/').at(-1) : undefined;
  } catch {
    return undefined; // not a token at all
  }
}
