import { integer, readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readRegistryEnv = () =>
  readEnv({ PROFILES_TABLE: text(), AUDIT_TABLE: text(), AUDIT_TTL_DAYS: integer(30, 90, 90) });
