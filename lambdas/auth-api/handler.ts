import { addressLimits, dynamoNoticeBudget } from '../adapters/address-limits.ts';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { cognitoDirectory } from '../adapters/cognito-directory.ts';
import { cachedSecret, cognitoClient } from '../adapters/cognito-sign-in.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoPendingRegistrations } from '../adapters/pending-registrations.ts';
import { dynamoRiskCounters } from '../adapters/risk-counters.ts';
import { keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { dispatch } from '../api/dispatch.ts';
import { readAuthEnv } from './env.ts';
import { noticeFailed } from './notice-failed.ts';
import { registrationRoutes } from './routes.ts';
import type { RegistrationServices } from './services.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { sessionServices } from './sessions/wiring.ts';

const env = readAuthEnv();
const configuration = readServiceConfiguration();
const dynamo = dynamoClient();
const secrets = secretsManagerReader();
const keys = rotatingKeys(env.SIGNING_SECRET, secrets, clock);
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secrets);
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };

const registrations: RegistrationServices = {
  configuration,
  contexts: contextTokens(keys, clock),
  perAddressPerHour: env.REGISTRATIONS_PER_ADDRESS_PER_HOUR,
  ports: {
    directory: cognitoDirectory({
      cognito: cognitoClient(),
      clientId: env.SERVER_CLIENT_ID,
      clientSecret: cachedSecret(secrets, env.SERVER_CLIENT_SECRET),
    }),
    pending: dynamoPendingRegistrations(dynamo, env.RISK_TABLE, audit, clock),
    limits: addressLimits(dynamoRiskCounters(dynamo, env.RISK_TABLE, clock)),
    notices: dynamoNoticeBudget(dynamo, env.RISK_TABLE, clock),
    outbox: dynamoAuditOutbox(dynamo, audit),
    mailer: sesMailer(configuration.mail),
    pseudonyms,
    clock,
    random,
    noticeFailed,
  },
};

/** The Identity API for strangers: registration, sign-in, recovery. */
export const handler = dispatch(
  'auth-api',
  {
    ...registrationRoutes(registrations),
    ...sessionRoutes(sessionServices(env, { dynamo, secrets, keys, pseudonyms })),
  },
  { clock, origins: configuration.origins, uniformAnswerMs: env.UNIFORM_ANSWER_MS },
);
