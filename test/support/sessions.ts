import { randomBytes } from 'node:crypto';
import type { BrowserSessions } from '../../lambdas/adapters/browser-sessions.ts';
import type { SessionState, SessionStates } from '../../lambdas/adapters/session-states.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { type BrowserSession, isBrowserToken } from '../../lambdas/core/session/browser-session.ts';
import type { SessionLifetimes } from '../../lambdas/core/session/lifetimes.ts';

export const lifetimes: SessionLifetimes = {
  session: { absoluteSeconds: 30 * 86_400, idleSeconds: 14 * 86_400 },
  strong: { absoluteSeconds: 86_400, idleSeconds: 3_600 },
};

/** Session states in memory, with the events that were written; held to the same contract as the real ones. */
export function memoryStates(): SessionStates & { readonly events: AuditEvent[] } {
  type Kept = SessionState & { readonly raisedBy?: string; readonly raisedFrom?: number };
  const states = new Map<string, Kept>();
  const events: AuditEvent[] = [];
  const of = (key: string): Kept => states.get(key) ?? { isEnded: false, isLinked: false };
  return {
    events,
    find: async (key) => {
      const found = states.get(key);
      if (!found) return undefined;
      const { raisedBy: _, raisedFrom: __, ...state } = found;
      return state;
    },
    end: async (key, event) => {
      if (of(key).isEnded) return;
      states.set(key, { ...of(key), isEnded: true });
      events.push(event);
    },
    raise: async (key, { flow, begunAt, ...assurance }, event) => {
      const state = of(key);
      const isSpent = state.raisedBy === flow || (state.raisedFrom ?? 0) >= begunAt;
      if (state.isEnded || isSpent) return false;
      states.set(key, { ...state, assurance, raisedBy: flow, raisedFrom: begunAt });
      events.push(event);
      return true;
    },
    lapse: async (key) => {
      const state = states.get(key);
      if (state?.assurance?.level === 2) {
        states.set(key, { ...state, assurance: { ...state.assurance, level: 1 } });
      }
    },
    link: async (originJti, flow, assurance) => {
      states.set(originJti, { ...of(originJti), flow });
      const state = of(flow);
      states.set(flow, {
        ...state,
        isLinked: true,
        ...(assurance && !state.assurance && { assurance }),
      });
    },
  };
}

/** Browser sessions in memory. */
export function memoryBrowsers(): BrowserSessions {
  const kept = new Map<string, { session: BrowserSession; sealed: string }>();
  const change = (token: string, changes: (session: BrowserSession) => Partial<BrowserSession>) => {
    const found = kept.get(token);
    if (found) kept.set(token, { ...found, session: { ...found.session, ...changes(found.session) } });
  };
  return {
    create: async (session, sealed) => {
      const token = randomBytes(32).toString('base64url');
      kept.set(token, { session, sealed });
      return token;
    },
    find: async (token) => (isBrowserToken(token) ? kept.get(token)?.session : undefined),
    refreshToken: async (token) => kept.get(token)?.sealed,
    touch: async (token, seenAt) =>
      change(token, (session) =>
        session.replacedAt === undefined && session.seenAt < seenAt ? { seenAt } : {},
      ),
    replaced: async (token, at) =>
      change(token, ({ replacedAt }) => (replacedAt === undefined ? { replacedAt: at } : {})),
    remove: async (token) => void kept.delete(token),
  };
}
