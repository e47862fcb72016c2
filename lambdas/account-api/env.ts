import { smsShape } from '../adapters/sms.ts';
import { boolean, integer, readEnv, text } from '../env.ts';
import { lifetimesEnv } from '../session-lifetimes.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAccountEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      PROFILES_TABLE: text(),
      CONSENTS_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      PSEUDONYM_SECRET: text(),
      EDGE_SECRET: text(''),
      SEALING_SECRET: text(),
      RISK_TABLE: text(),
      USER_POOL_ID: text(),
      POOL_SESSIONS: boolean(false),
      RELYING_PARTY_ID: text(),
      /** Comma between them. */
      PASSKEY_ORIGINS: text(),
      ...smsShape,
      CODE_LIFETIME_SECONDS: integer(60, 600, 300),
      UNIFORM_ANSWER_MS: integer(0, 3000, 600),
      ...lifetimesEnv,
    },
    source,
  );
