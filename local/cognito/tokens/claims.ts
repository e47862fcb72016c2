import { invalidLambdaResponse } from '../errors.ts';
import type { Group } from '../model.ts';
import { isRecord } from '../triggers/invoke.ts';

export type Claims = Record<string, unknown>;

/** What a token generation trigger may change, whatever version it answers in. */
export interface TokenChanges {
  readonly id: ClaimChanges;
  readonly access: ClaimChanges & {
    readonly scopesToAdd: readonly string[];
    readonly scopesToSuppress: readonly string[];
  };
  /** Absent: groups stay as they are. */
  readonly groups?: GroupConfiguration;
}

interface ClaimChanges {
  readonly add: Readonly<Record<string, unknown>>;
  readonly suppress: readonly string[];
}

export interface GroupConfiguration {
  readonly groupsToOverride: readonly string[];
  readonly iamRolesToOverride: readonly string[];
  readonly preferredRole: string | null;
}

const protectedClaims = new Set([
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'client_id',
  'device_key',
  'event_id',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
  'username',
  'version',
]);

/** Groups of the pool the user is in, best precedence first. */
export function groupConfiguration(groups: readonly Group[]): GroupConfiguration {
  const last = Number.MAX_SAFE_INTEGER;
  const ranked = [...groups].sort(
    (a, b) => (a.precedence ?? last) - (b.precedence ?? last) || a.name.localeCompare(b.name),
  );
  const roles = ranked.map(({ roleArn }) => roleArn).filter((role): role is string => role !== undefined);
  return {
    groupsToOverride: ranked.map(({ name }) => name),
    iamRolesToOverride: [...new Set(roles)],
    preferredRole: ranked.find(({ roleArn }) => roleArn)?.roleArn ?? null,
  };
}

/** V1: strings in the ID token, and groups. */
export function readChangesV1(response: Claims | undefined): TokenChanges {
  const details = member(response, 'claimsOverrideDetails');
  const add = details?.claimsToAddOrOverride ?? {};
  if (!isRecord(add) || Object.values(add).some((value) => typeof value !== 'string')) {
    throw invalidLambdaResponse();
  }
  return {
    id: { add, suppress: texts(details?.claimsToSuppress) },
    access: { add: {}, suppress: [], scopesToAdd: [], scopesToSuppress: [] },
    ...readGroups(details),
  };
}

/** V2 and V3: any JSON value in both tokens, scopes, and groups. */
export function readChangesV2(response: Claims | undefined): TokenChanges {
  const details = member(response, 'claimsAndScopeOverrideDetails');
  const id = member(details, 'idTokenGeneration');
  const access = member(details, 'accessTokenGeneration');
  const scopesToAdd = texts(access?.scopesToAdd);
  if (scopesToAdd.some((scope) => /\s/.test(scope))) throw invalidLambdaResponse();
  return {
    id: readClaimChanges(id),
    access: { ...readClaimChanges(access), scopesToAdd, scopesToSuppress: texts(access?.scopesToSuppress) },
    ...readGroups(details),
  };
}

const readClaimChanges = (generation: Claims | undefined): ClaimChanges => ({
  add: member(generation, 'claimsToAddOrOverride') ?? {},
  suppress: texts(generation?.claimsToSuppress),
});

/** Protected claims stay; suppression beats addition; `aud` may only repeat the client id in an access token. */
export function applyChanges(claims: Claims, changes: ClaimChanges, use: 'id' | 'access'): Claims {
  const changed = { ...claims };
  for (const [name, value] of Object.entries(changes.add)) {
    const audience = name === 'aud' && use === 'access' && value === claims.client_id;
    if (audience || !isProtected(name)) changed[name] = value;
  }
  for (const name of changes.suppress) {
    if (!isProtected(name)) delete changed[name];
  }
  return changed;
}

export const applyScopes = (
  scopes: readonly string[],
  { scopesToAdd, scopesToSuppress }: TokenChanges['access'],
) => [...new Set([...scopes, ...scopesToAdd])].filter((scope) => !scopesToSuppress.includes(scope));

const isProtected = (name: string): boolean =>
  protectedClaims.has(name) || name === 'aud' || name.startsWith('cognito:') || name.startsWith('dev:');

/** A member that is there but empty removes all groups; one that is absent changes none. */
function readGroups(details: Claims | undefined): Pick<TokenChanges, 'groups'> {
  if (!details || !('groupOverrideDetails' in details)) return {};
  const given = member(details, 'groupOverrideDetails');
  const preferredRole = given?.preferredRole ?? null;
  if (preferredRole !== null && typeof preferredRole !== 'string') throw invalidLambdaResponse();
  return {
    groups: {
      groupsToOverride: texts(given?.groupsToOverride),
      iamRolesToOverride: texts(given?.iamRolesToOverride),
      preferredRole,
    },
  };
}

function member(parent: Claims | undefined, name: string): Claims | undefined {
  const value = parent?.[name] ?? undefined;
  if (value !== undefined && !isRecord(value)) throw invalidLambdaResponse();
  return value;
}

function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string'))
    throw invalidLambdaResponse();
  return value;
}
