import { createHash, randomUUID } from 'node:crypto';
import { readableAttributes } from '../attributes.ts';
import type { NewDeviceMetadata } from '../devices.ts';
import { type ClientCall, type Engine, issuerOf, triggerContext } from '../engine.ts';
import { identitiesClaim } from '../federation/identities.ts';
import type { Client, TimeUnit, TokenFamily, User } from '../model.ts';
import { type StringMap, tokenVersion } from '../triggers/triggers.ts';
import {
  applyChanges,
  applyScopes,
  type Claims,
  type GroupConfiguration,
  groupConfiguration,
  readChangesV1,
  readChangesV2,
  type TokenChanges,
} from './claims.ts';
import { attributesOfScopes } from './scopes.ts';
import { evictSurplus, tracksSessions } from './user-sessions.ts';

export const userScope = 'aws.cognito.signin.user.admin';

export type TokenSource =
  | 'Authentication'
  | 'NewPasswordChallenge'
  | 'AuthenticateDevice'
  | 'RefreshTokens'
  | 'HostedAuth';

export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
  readonly NewDeviceMetadata?: NewDeviceMetadata;
}

const unitSeconds: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const defaults = { AccessToken: 1, IdToken: 1, RefreshToken: 30 } as const;
const defaultUnits = { AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' } as const;

export function lifetimeSeconds(client: Client, token: keyof typeof defaults): number {
  const { settings } = client;
  const amount = settings[`${token}Validity`] || defaults[token];
  return amount * unitSeconds[settings.TokenValidityUnits?.[token] ?? defaultUnits[token]];
}

/** Starts a token family for a completed sign-in and mints its first tokens. */
export async function issueTokens(
  engine: Engine,
  call: ClientCall,
  user: User,
  source: TokenSource,
  clientMetadata?: StringMap,
  deviceKey?: string,
): Promise<AuthenticationResult> {
  const now = engine.cloud.clock.now();
  const prepared = await prepareTokens(engine, call, user, source, clientMetadata);
  const tracked = tracksSessions(engine, call.pool.id);
  if (tracked) await evictSurplus(engine, call.pool, user.sub);
  const family = await engine.families.begin({
    poolId: call.pool.id,
    sub: user.sub,
    clientId: call.client.id,
    eventId: randomUUID(),
    ...(deviceKey ? { deviceKey } : {}),
    ...(tracked ? { activity: { at: now, ip: call.sourceIp } } : {}),
    authTime: Math.floor(now / 1000),
    expiresAt: now + lifetimeSeconds(call.client, 'RefreshToken') * 1000,
  });
  return { ...(await prepared(family)), RefreshToken: engine.families.tokenOf(family) };
}

/** Asks the trigger first: when it refuses, no family has begun and no refresh token was spent. */
export async function prepareTokens(
  engine: Engine,
  call: ClientCall,
  user: User,
  source: TokenSource,
  clientMetadata: StringMap | undefined,
  scopes: readonly string[] = [userScope],
): Promise<(family: TokenFamily) => Promise<AuthenticationResult>> {
  const plan = await planTokens(engine, call, user, source, clientMetadata, scopes);
  return (family) => mintTokens(engine, call, user, family, plan);
}

/** What the trigger made of groups, claims and scopes: plain data, since a code may stand between it and the tokens. */
export interface TokenPlan {
  readonly groups: GroupConfiguration;
  readonly changes: TokenChanges;
  readonly scopes: readonly string[];
}

/** @param asked - scopes before the trigger */
export async function planTokens(
  engine: Engine,
  call: ClientCall,
  user: User,
  source: TokenSource,
  clientMetadata: StringMap | undefined,
  asked: readonly string[],
): Promise<TokenPlan> {
  const { pool } = call;
  const groups = groupConfiguration(
    user.groups.map((name) => engine.pools.findGroup(pool.id, name)).filter((group) => group !== undefined),
  );
  const context = triggerContext(call, clientMetadata);
  const response = await engine.triggers.preTokenGeneration(context, source, user, { ...groups }, asked);
  const changes = tokenVersion(pool) === '1' ? readChangesV1(response) : readChangesV2(response);
  return { groups: changes.groups ?? groups, changes, scopes: applyScopes(asked, changes.access) };
}

export async function mintTokens(
  engine: Engine,
  call: ClientCall,
  user: User,
  family: TokenFamily,
  { groups, changes, scopes }: TokenPlan,
  nonce?: string,
): Promise<AuthenticationResult> {
  const { pool, client } = call;
  const common = commonClaims(engine, call, family, groups);
  const access = applyChanges(
    {
      ...common,
      ...lifetime(engine, client, 'AccessToken'),
      client_id: client.id,
      token_use: 'access',
      scope: scopes.join(' '),
      username: user.username,
      ...(family.deviceKey ? { device_key: family.deviceKey } : {}),
      ...(tokenVersion(pool) === '1' ? {} : { version: 2 }),
      ...(family.grant?.resource ? { aud: family.grant.resource } : {}),
    },
    changes.access,
    'access',
  );
  const id = applyChanges(
    {
      ...idClaims(client, user, groups, family.grant?.scopes),
      ...common,
      ...lifetime(engine, client, 'IdToken'),
      ...(nonce === undefined ? {} : { nonce }),
    },
    changes.id,
    'id',
  );
  const { keys } = engine;
  // An ID token of the OAuth endpoints names its access token, so it waits for it.
  const [AccessToken, IdToken] = family.grant
    ? await signBound(engine, pool.id, access, id)
    : await Promise.all([keys.sign(pool.id, 'access', access), keys.sign(pool.id, 'id', id)]);
  return { AccessToken, IdToken, ExpiresIn: lifetimeSeconds(client, 'AccessToken'), TokenType: 'Bearer' };
}

async function signBound(
  { keys }: Engine,
  poolId: string,
  access: Claims,
  id: Claims,
): Promise<readonly [string, string]> {
  const token = await keys.sign(poolId, 'access', access);
  const half = createHash('sha256').update(token).digest().subarray(0, 16);
  return [token, await keys.sign(poolId, 'id', { ...id, at_hash: half.toString('base64url') })];
}

function commonClaims(
  engine: Engine,
  call: ClientCall,
  family: TokenFamily,
  groups: GroupConfiguration,
): Claims {
  return {
    sub: family.sub,
    ...(groups.groupsToOverride.length > 0 ? { 'cognito:groups': groups.groupsToOverride } : {}),
    iss: issuerOf(engine, call.pool.id),
    ...(call.client.settings.EnableTokenRevocation === false ? {} : { origin_jti: family.id }),
    event_id: family.eventId,
    auth_time: family.authTime,
  };
}

function lifetime(engine: Engine, client: Client, token: 'IdToken' | 'AccessToken'): Claims {
  const iat = Math.floor(engine.cloud.clock.now() / 1000);
  return { iat, exp: iat + lifetimeSeconds(client, token), jti: randomUUID() };
}

/** @param scopes - of the OAuth endpoints; an API sign-in has none, and shows all that the client may read */
function idClaims(
  client: Client,
  user: User,
  groups: GroupConfiguration,
  scopes: readonly string[] | undefined,
): Claims {
  const readable = readableAttributes(client, user.attributes);
  return {
    ...attributeClaims(scopes ? attributesOfScopes(readable, scopes) : readable),
    'cognito:username': user.username,
    ...identitiesClaim(user),
    ...(groups.iamRolesToOverride.length > 0 ? { 'cognito:roles': groups.iamRolesToOverride } : {}),
    ...(groups.preferredRole ? { 'cognito:preferred_role': groups.preferredRole } : {}),
    aud: client.id,
    token_use: 'id',
  };
}

/** Strings, apart from what OpenID Connect makes a boolean, a number or an object. */
const attributeClaims = (attributes: StringMap): Claims =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, claimValue(name, value)]));

function claimValue(name: string, value: string): unknown {
  if (name === 'email_verified' || name === 'phone_number_verified') return value === 'true';
  if (name === 'updated_at') return Number(value);
  return name === 'address' ? { formatted: value } : value;
}
