import { checkSecret, checkSecretHash } from '../client-secret.ts';
import { tracksDevices } from '../devices.ts';
import type { ClientCall, Engine } from '../engine.ts';
import { notAuthorized, userDisabled } from '../errors.ts';
import type { Pool, TokenFamily, User } from '../model.ts';
import type { StringMap } from '../triggers/triggers.ts';
import { type AuthenticationResult, prepareTokens } from './issue.ts';
import { tracksSessions } from './user-sessions.ts';

export interface RefreshOptions {
  /** Whether the operation may answer with a new refresh token. */
  readonly rotating: boolean;
  readonly secretHash?: string;
  readonly clientSecret?: string;
  readonly clientMetadata?: StringMap;
  readonly deviceKey?: string;
}

/** New tokens for a refresh token; with rotation, the token is traded in as well. */
export async function refreshSession(
  engine: Engine,
  call: ClientCall,
  token: string,
  options: RefreshOptions,
): Promise<AuthenticationResult> {
  const { family, number } = engine.families.open(token, call.client.id);
  const user = engine.directory.bySub(call.pool.id, family.sub);
  if (!user) throw notAuthorized('Invalid Refresh Token');
  if (options.rotating) checkSecret(call.client, options.clientSecret);
  else
    checkSecretHash(call.client, options.secretHash, [
      user.username,
      user.sub,
      ...aliasesOf(user.attributes),
    ]);
  if (!user.enabled) throw userDisabled();
  refuseOtherDevice(call.pool, family, user, options.deviceKey);
  const rotation = call.client.settings.RefreshTokenRotation;
  const rotates = rotation?.Feature === 'ENABLED';
  if (rotates && !options.rotating) {
    throw notAuthorized('Refresh token rotation is enabled: use GetTokensFromRefreshToken.');
  }
  const graceMs = (rotation?.RetryGracePeriodSeconds ?? 0) * 1000;
  if (rotates) engine.families.refuseReused(family, number, graceMs);
  // Of a sign-in with OAuth scopes nothing more than those, whichever way it is refreshed.
  const scopes = family.grant?.scopes;
  const mint = await prepareTokens(engine, call, user, 'RefreshTokens', options.clientMetadata, scopes);
  if (tracksSessions(engine, call.pool.id)) await engine.families.used(family.id, call.sourceIp);
  // The trigger took its time: what is revoked or spent by now counts.
  const current = engine.families.open(token, call.client.id).family;
  if (!rotates) return mint(current);
  const rotated = await engine.families.rotate(current, number, graceMs);
  return { ...(await mint(rotated)), RefreshToken: engine.families.tokenOf(rotated) };
}

/** Tokens of a tracked device are refreshed by that device, once it was confirmed and as long as it is not forgotten. */
function refuseOtherDevice(pool: Pool, family: TokenFamily, user: User, given: string | undefined): void {
  if (!family.deviceKey || !tracksDevices(pool)) return;
  if (given === family.deviceKey && user.devices?.[given]) return;
  throw notAuthorized('Invalid Refresh Token');
}

const aliasesOf = (attributes: StringMap): string[] =>
  [attributes.email, attributes.phone_number].filter((value): value is string => value !== undefined);
