import { readEnv, text } from '../env.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAuthorizerEnv = (source?: Readonly<Record<string, string | undefined>>) => {
  const { ISSUER, CLIENT_IDS, RISK_TABLE } = readEnv(
    { ISSUER: text(), CLIENT_IDS: text(), RISK_TABLE: text() },
    source,
  );
  return { ISSUER, RISK_TABLE, CLIENT_IDS: CLIENT_IDS.split(',').map((id) => id.trim()) };
};
