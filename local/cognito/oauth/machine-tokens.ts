import { randomUUID } from 'node:crypto';
import { type ClientCall, type Engine, issuerOf, triggerContext } from '../engine.ts';
import { applyChanges, applyScopes, readChangesV2 } from '../tokens/claims.ts';
import { lifetimeSeconds } from '../tokens/issue.ts';
import { type StringMap, tokenVersion } from '../triggers/triggers.ts';

/** An access token in a client's own name. Token generation is asked in its third version only. */
export async function machineToken(
  engine: Engine,
  call: ClientCall,
  scopes: readonly string[],
  clientMetadata: StringMap | undefined,
): Promise<{ readonly token: string; readonly expiresIn: number }> {
  const { pool, client } = call;
  const asks = tokenVersion(pool) === '3';
  const response = asks
    ? await engine.triggers.machineTokenGeneration(triggerContext(call, clientMetadata), scopes)
    : undefined;
  const changes = readChangesV2(response).access;
  const expiresIn = lifetimeSeconds(client, 'AccessToken');
  const now = Math.floor(engine.cloud.clock.now() / 1000);
  const claims = {
    sub: client.id,
    token_use: 'access',
    scope: applyScopes(scopes, changes).join(' '),
    auth_time: now,
    iss: issuerOf(engine, pool.id),
    exp: now + expiresIn,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.id,
  };
  return {
    token: await engine.keys.sign(pool.id, 'access', applyChanges(claims, changes, 'access')),
    expiresIn,
  };
}
