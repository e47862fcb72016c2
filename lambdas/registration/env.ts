import { boolean, integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readRegistrationEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      PROFILES_TABLE: text(),
      CONSENTS_TABLE: text(),
      RISK_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      SIGNING_SECRET: text(),
      PSEUDONYM_SECRET: text(),
      CONTEXT_MANDATORY: boolean(false),
      MIGRATION_TABLE: text(''),
      LEGACY_SECRET: text(''),
    },
    source,
  );
