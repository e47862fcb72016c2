import { integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readHousekeepingEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      USER_POOL_ID: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      UNCONFIRMED_RETENTION_HOURS: integer(24, 720, 48),
    },
    source,
  );
