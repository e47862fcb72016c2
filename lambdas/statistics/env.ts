import { readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readStatisticsEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv({ STATISTICS_TABLE: text() }, source);
