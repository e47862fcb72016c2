import { integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAdminEnv = (source?: Readonly<Record<string, string | undefined>>) => {
  const env = readEnv(
    {
      USER_POOL_ID: text(),
      CLIENT_IDS: text(),
      PROFILES_TABLE: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      CONSENTS_TABLE: text(),
      STATISTICS_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      PSEUDONYM_SECRET: text(),
      RECOVERY_DELAY_HOURS: integer(24, 336, 72),
    },
    source,
  );
  return { ...env, CLIENT_IDS: env.CLIENT_IDS.split(',').map((id) => id.trim()) };
};
