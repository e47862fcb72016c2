import { readEnv, text } from '../env.ts';
import { lifetimesEnv, sessionLifetimes } from '../session-lifetimes.ts';

/** Environment values of this function; `lib` sets exactly these. */
export const readAuthorizerEnv = (source?: Readonly<Record<string, string | undefined>>) => {
  const { ISSUER, CLIENT_IDS, SERVER_CLIENT_ID, RISK_TABLE, ...lifetimes } = readEnv(
    { ISSUER: text(), CLIENT_IDS: text(), SERVER_CLIENT_ID: text(), RISK_TABLE: text(), ...lifetimesEnv },
    source,
  );
  return {
    ISSUER,
    RISK_TABLE,
    SERVER_CLIENT_ID,
    CLIENT_IDS: CLIENT_IDS.split(',').map((id) => id.trim()),
    lifetimes: sessionLifetimes(lifetimes),
  };
};
