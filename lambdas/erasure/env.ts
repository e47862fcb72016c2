import { integer, readEnv, text } from '../env.ts';
import { lifetimesEnv } from '../session-lifetimes.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readErasureEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      USER_POOL_ID: text(),
      PROFILES_TABLE: text(),
      CONSENTS_TABLE: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      PSEUDONYM_SECRET: text(),
      CONSENT_EVIDENCE_DAYS: integer(0, 3_650, 1_095),
      ...lifetimesEnv,
    },
    source,
  );
