import { type Engine, timestamp } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Pool, TokenFamily, User } from '../model.ts';

export interface SessionSettings {
  readonly UserSessionTracking: 'ENABLED' | 'DISABLED';
  readonly TokenSession: { readonly MaxPerUser: number };
}

const unconfigured: SessionSettings = { UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 20 } };

export const sessionSettings = (engine: Engine, poolId: string): SessionSettings =>
  engine.configurations.find<SessionSettings>(poolId, 'sessions')?.value ?? unconfigured;

export const tracksSessions = (engine: Engine, poolId: string): boolean =>
  sessionSettings(engine, poolId).UserSessionTracking === 'ENABLED';

/** Makes room for one more: the session that was idle longest goes. */
export async function evictSurplus(engine: Engine, pool: Pool, sub: string): Promise<void> {
  const { UserSessionTracking, TokenSession } = sessionSettings(engine, pool.id);
  if (UserSessionTracking !== 'ENABLED') return;
  const alive = engine.families.liveOf(pool.id, sub).sort((a, b) => lastActive(a) - lastActive(b));
  const surplus = alive.slice(0, Math.max(0, alive.length + 1 - TokenSession.MaxPerUser));
  await Promise.all(surplus.map((family) => engine.families.revoke(family)));
}

/** @throws AwsError `InvalidParameterException` in a pool that does not track sessions */
export function listSessions(engine: Engine, user: User, current?: string) {
  requireTracking(engine, user.poolId);
  return engine.families
    .liveOf(user.poolId, user.sub)
    .sort((a, b) => lastActive(b) - lastActive(a))
    .map((family) => described(engine, family, current));
}

/**
 * Ends one session: its refresh token and what its access tokens may do at the service.
 * @throws AwsError `ResourceNotFoundException`, `InvalidParameterException` for the caller's own
 */
export async function revokeSession(
  engine: Engine,
  user: User,
  sessionId: string,
  current?: string,
): Promise<void> {
  requireTracking(engine, user.poolId);
  const family = engine.families
    .liveOf(user.poolId, user.sub)
    .find(({ id }) => sessionIdOf(engine, id) === sessionId);
  if (!family) throw resourceNotFound('Session does not exist.');
  if (family.id === current) throw invalidParameter('The current session cannot be revoked.');
  await engine.families.revoke(family);
}

function requireTracking(engine: Engine, poolId: string): void {
  if (tracksSessions(engine, poolId)) return;
  throw invalidParameter('Session tracking is not enabled for the user pool.');
}

const described = (engine: Engine, family: TokenFamily, current: string | undefined) => ({
  SessionId: sessionIdOf(engine, family.id),
  SessionType: 'TOKEN',
  ClientId: family.clientId,
  CreateDate: family.authTime,
  LastActiveDate: timestamp(lastActive(family)),
  DeviceType: 'unknown',
  LastIPAddress: family.activity?.ip ?? 'unknown',
  LastLocation: { Country: 'unknown' },
  IsCurrentSession: family.id === current,
});

const lastActive = ({ activity, authTime }: TokenFamily): number => activity?.at ?? authTime * 1000;

const idLength = 25;

/** Follows from the sign-in's own id, and does not give it away. */
function sessionIdOf(engine: Engine, familyId: string): string {
  const digest = engine.secrets.derive('session-id', familyId);
  return `tkn${BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .padStart(idLength, '0')
    .slice(0, idLength)}`;
}
