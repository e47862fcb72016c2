import { integer, readEnv, text } from '../env.ts';

export const readForwarderEnv = () =>
  readEnv({
    FIREHOSE_STREAM: text(),
    EVENT_BUS: text(),
    AUDIT_TABLE: text(),
    CHECKPOINT_KEY: text(),
    AUDIT_TTL_DAYS: integer(30, 90),
  });
