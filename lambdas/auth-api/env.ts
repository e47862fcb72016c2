import { boolean, integer, readEnv, text } from '../env.ts';
import { lifetimesEnv } from '../session-lifetimes.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAuthEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      USER_POOL_ID: text(),
      WEB_CLIENT_ID: text(),
      SERVER_CLIENT_ID: text(),
      SERVER_CLIENT_SECRET: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      SIGNING_SECRET: text(),
      SEALING_SECRET: text(),
      RELYING_PARTY_ID: text(),
      PSEUDONYM_SECRET: text(),
      EDGE_SECRET: text(''),
      UNIFORM_ANSWER_MS: integer(0, 3_000, 600),
      REGISTRATIONS_PER_ADDRESS_PER_HOUR: integer(1, 100_000, 20),
      CODE_LIFETIME_SECONDS: integer(60, 600, 300),
      CONTEXT_MANDATORY: boolean(false),
      MIGRATION_TABLE: text(''),
      MIGRATION_CLIENT_ID: text(''),
      MIGRATION_CLIENT_SECRET: text(''),
      ISSUER: text(''),
      /** Of the client for sign-ins with providers on the portal's pages; empty where there is none. */
      PORTAL_CLIENT_ID: text(''),
      PORTAL_CLIENT_SECRET: text(''),
      ...lifetimesEnv,
      PROFILES_TABLE: text(),
      RECOVERY_DELAY_HOURS: integer(24, 336, 72),
    },
    source,
  );

export type AuthEnv = ReturnType<typeof readAuthEnv>;
