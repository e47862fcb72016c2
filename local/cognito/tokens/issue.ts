import { randomUUID } from 'node:crypto';
import { readableAttributes } from '../attributes.ts';
import { type ClientCall, type Engine, issuerOf, triggerContext } from '../engine.ts';
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
} from './claims.ts';

export const userScope = 'aws.cognito.signin.user.admin';

export type TokenSource = 'Authentication' | 'NewPasswordChallenge' | 'RefreshTokens';

export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
}

const unitSeconds: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const defaults = { AccessToken: 1, IdToken: 1, RefreshToken: 30 } as const;
const defaultUnits = { AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' } as const;

function lifetimeSeconds(client: Client, token: keyof typeof defaults): number {
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
): Promise<AuthenticationResult> {
  const now = engine.cloud.clock.now();
  const prepared = await prepareTokens(engine, call, user, source, clientMetadata);
  const family = await engine.families.begin({
    poolId: call.pool.id,
    sub: user.sub,
    clientId: call.client.id,
    eventId: randomUUID(),
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
): Promise<(family: TokenFamily) => Promise<AuthenticationResult>> {
  const { pool, client } = call;
  const groups = groupConfiguration(
    user.groups.map((name) => engine.pools.findGroup(pool.id, name)).filter((group) => group !== undefined),
  );
  const response = await engine.triggers.preTokenGeneration(
    triggerContext(call, clientMetadata),
    source,
    user,
    { ...groups },
    [userScope],
  );
  const version = tokenVersion(pool);
  const changes = version === '1' ? readChangesV1(response) : readChangesV2(response);
  const finalGroups = changes.groups ?? groups;
  const scopes = applyScopes([userScope], changes.access);
  return async (family) => {
    const common = commonClaims(engine, call, family, finalGroups);
    const id = { ...idClaims(client, user, finalGroups), ...common, ...lifetime(engine, client, 'IdToken') };
    const access = {
      ...common,
      ...lifetime(engine, client, 'AccessToken'),
      client_id: client.id,
      token_use: 'access',
      scope: scopes.join(' '),
      username: user.username,
      ...(version === '1' ? {} : { version: 2 }),
    };
    const [IdToken, AccessToken] = await Promise.all([
      engine.keys.sign(pool.id, 'id', applyChanges(id, changes.id, 'id')),
      engine.keys.sign(pool.id, 'access', applyChanges(access, changes.access, 'access')),
    ]);
    return { AccessToken, IdToken, ExpiresIn: lifetimeSeconds(client, 'AccessToken'), TokenType: 'Bearer' };
  };
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

function idClaims(client: Client, user: User, groups: GroupConfiguration): Claims {
  return {
    ...attributeClaims(readableAttributes(client, user.attributes)),
    'cognito:username': user.username,
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
