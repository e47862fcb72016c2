import type { SessionLifetimes } from './core/session/lifetimes.ts';
import { type Env, integer } from './env.ts';

/** Environment values about how long sessions live, for every function that judges one. */
export const lifetimesEnv = {
  SESSION_DAYS: integer(1, 3_650, 30),
  SESSION_IDLE_HOURS: integer(1, 8_760, 336),
  STRONG_SESSION_HOURS: integer(1, 720, 24),
  STRONG_SESSION_IDLE_MINUTES: integer(5, 1_440, 60),
} as const;

export const sessionLifetimes = (env: Env<typeof lifetimesEnv>): SessionLifetimes => ({
  session: { absoluteSeconds: env.SESSION_DAYS * 86_400, idleSeconds: env.SESSION_IDLE_HOURS * 3_600 },
  strong: {
    absoluteSeconds: env.STRONG_SESSION_HOURS * 3_600,
    idleSeconds: env.STRONG_SESSION_IDLE_MINUTES * 60,
  },
});
