import type { Sub } from '../core/ids.ts';
import { type PoolSession, poolSessionOf } from '../core/session/pool-sessions.ts';
import type { SessionRow } from '../core/session/registry.ts';

/** Sessions that the user pool itself keeps (Essentials and Plus, where tracking is on): ending one ends its refresh token. */
export interface PoolSessions {
  /** `unknown`: none of the pool's sessions is surely this one; our own marker has to do. */
  end(sub: Sub, row: Pick<SessionRow, 'client' | 'startedAt'>): Promise<'ended' | 'unknown'>;
}

/** Each call is at most this many pages of 60: a person has 100 sessions at the most. */
const maxPages = 3;

/** AdminListUserSessions and AdminRevokeUserSession; loaded with the first use. */
export const cognitoPoolSessions = (userPoolId: string): PoolSessions => ({
  end: async (sub, row) => {
    const { openCognitoAdmin } = await import('./lazy/cognito-admin.ts');
    const pool = openCognitoAdmin(userPoolId);
    const sessions: PoolSession[] = [];
    let next: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { Sessions = [], NextToken } = await pool.sessions(sub, next);
      for (const { SessionId, ClientId, CreateDate, SessionType } of Sessions) {
        if (SessionType !== 'TOKEN' || !SessionId || !ClientId || !CreateDate) continue;
        sessions.push({ id: SessionId, client: ClientId, createdAt: CreateDate.getTime() });
      }
      next = NextToken;
      if (next === undefined) break;
    }
    const match = poolSessionOf(row, sessions);
    if (!match) return 'unknown';
    await pool.endSession(sub, match.id);
    return 'ended';
  },
});
