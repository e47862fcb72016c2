import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { dynamoConsentStates } from '../adapters/consent-states.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoFlows } from '../adapters/flows.ts';
import { dynamoRiskCounters } from '../adapters/risk-counters.ts';
import { keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { sessionTokens } from '../adapters/session-tokens.ts';
import { dynamoSignInHistories } from '../adapters/sign-in-history.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { codePolicy, readSignInEnv, riskPolicy } from './env.ts';
import { signInTrigger } from './triggers.ts';

const env = readSignInEnv();
const config = readServiceConfiguration();
const client = dynamoClient();
const secrets = secretsManagerReader();
const keys = rotatingKeys(env.SIGNING_SECRET, secrets, clock);

/** The triggers of one sign-in in one function, so that a sign-in warms one environment. */
export const handler = signInTrigger(
  {
    config,
    clock,
    random,
    risk: riskPolicy(env),
    codes: codePolicy(env),
    pseudonyms: keyedPseudonyms(env.PSEUDONYM_SECRET, secrets),
    contexts: contextTokens(keys, clock),
    sessions: sessionTokens(keys, clock),
    flows: dynamoFlows(client, env.RISK_TABLE, clock),
    histories: dynamoSignInHistories(client, env.RISK_TABLE, clock),
    counters: dynamoRiskCounters(client, env.RISK_TABLE, clock),
    consents: dynamoConsentStates(client, env.CONSENTS_TABLE),
    outbox: dynamoAuditOutbox(client, { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS }),
    mailer: sesMailer(config.mail),
  },
  (entry) => console.error(JSON.stringify(entry)),
);
