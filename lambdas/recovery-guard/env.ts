import { integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readRecoveryGuardEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      PROFILES_TABLE: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
    },
    source,
  );
