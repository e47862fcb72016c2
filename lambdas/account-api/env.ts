import { integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAccountEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      PROFILES_TABLE: text(),
      CONSENTS_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      PSEUDONYM_SECRET: text(),
    },
    source,
  );
