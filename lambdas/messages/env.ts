import { readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readMessagesEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv({ RISK_TABLE: text(), CLIENTS_PARAMETER: text() }, source);
