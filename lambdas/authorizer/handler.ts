import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoSessionCutoffs } from '../adapters/session-cutoffs.ts';
import { dynamoSessionEndings } from '../adapters/session-endings.ts';
import { systemClock } from '../adapters/system.ts';
import { accessTokenReader } from './access-tokens.ts';
import { type AuthorizerPorts, authorize } from './authorize.ts';
import { readAuthorizerEnv } from './env.ts';

const env = readAuthorizerEnv();
const dynamo = dynamoClient();

const ports: AuthorizerPorts = {
  readAccessToken: accessTokenReader({ issuer: env.ISSUER, clientIds: env.CLIENT_IDS }),
  isSessionEnded: dynamoSessionEndings(dynamo, env.RISK_TABLE, systemClock),
  sessionsEndedUntil: dynamoSessionCutoffs(dynamo, env.RISK_TABLE),
};

export const handler = (event: Parameters<typeof authorize>[1]) => authorize(ports, event);
