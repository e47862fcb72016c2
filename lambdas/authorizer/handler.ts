import { dynamoBrowserSessions } from '../adapters/browser-sessions.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { dynamoSessionCutoffs } from '../adapters/session-cutoffs.ts';
import { dynamoSessionStates } from '../adapters/session-states.ts';
import { systemClock as clock } from '../adapters/system.ts';
import { accessTokenReader } from './access-tokens.ts';
import { type AuthorizerPorts, authorize } from './authorize.ts';
import { readAuthorizerEnv } from './env.ts';

const env = readAuthorizerEnv();
const dynamo = dynamoClient();

const ports: AuthorizerPorts = {
  readAccessToken: accessTokenReader({ issuer: env.ISSUER, clientIds: env.CLIENT_IDS }),
  states: dynamoSessionStates(dynamo, env.RISK_TABLE, clock),
  cutoff: dynamoSessionCutoffs(dynamo, env.RISK_TABLE),
  browsers: dynamoBrowserSessions(dynamo, env.RISK_TABLE, clock),
  lifetimes: env.lifetimes,
  origins: readServiceConfiguration().origins,
  serverClientId: env.SERVER_CLIENT_ID,
  clock,
};

export const handler = (event: Parameters<typeof authorize>[1]) => authorize(ports, event);
