import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cognitoClient, cognitoSignIn } from '../../adapters/cognito-sign-in.ts';
import { contextTokens } from '../../adapters/context-tokens.ts';
import { dynamoEndedSessions } from '../../adapters/ended-sessions.ts';
import { dynamoRiskCounters } from '../../adapters/risk-counters.ts';
import { sealed } from '../../adapters/sealed.ts';
import { rotatingKeys, type SecretReader } from '../../adapters/secrets.ts';
import { dynamoSessionCutoffs } from '../../adapters/session-cutoffs.ts';
import { dynamoSessionEndings } from '../../adapters/session-endings.ts';
import { sessionTokens } from '../../adapters/session-tokens.ts';
import { systemClock as clock, systemRandom as random } from '../../adapters/system.ts';
import type { Pseudonyms, SigningKeys } from '../../ports.ts';
import type { AuthEnv } from '../env.ts';
import { flowHandleSeconds, refreshHandleSeconds, type SessionServices } from './services.ts';

/** Services of these routes from the function's environment; made once, beside those of the other routes. */
export const sessionServices = (
  env: AuthEnv,
  shared: {
    readonly dynamo: DynamoDBClient;
    readonly secrets: SecretReader;
    readonly keys: SigningKeys;
    readonly pseudonyms: Pseudonyms;
  },
): SessionServices => ({
  cognito: cognitoSignIn(
    cognitoClient(),
    {
      userPoolId: env.USER_POOL_ID,
      clientId: env.SERVER_CLIENT_ID,
      secretId: env.SERVER_CLIENT_SECRET,
    },
    shared.secrets,
    clock,
  ),
  contexts: contextTokens(shared.keys, clock),
  sessions: sessionTokens(shared.keys, clock),
  flows: sealed('flow', shared.keys, clock, flowHandleSeconds),
  // A secret of its own: a session may outlive every rotation of the key that signs contexts for minutes.
  refreshTokens: sealed(
    'refresh',
    rotatingKeys(env.SEALING_SECRET, shared.secrets, clock),
    clock,
    refreshHandleSeconds,
  ),
  counters: dynamoRiskCounters(shared.dynamo, env.RISK_TABLE, clock),
  ended: dynamoEndedSessions(shared.dynamo, env.RISK_TABLE, clock),
  isEnded: dynamoSessionEndings(shared.dynamo, env.RISK_TABLE, clock),
  endedUntil: dynamoSessionCutoffs(shared.dynamo, env.RISK_TABLE),
  pseudonyms: shared.pseudonyms,
  clock,
  random,
  clientId: env.SERVER_CLIENT_ID,
});
