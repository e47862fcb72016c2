import { setTimeout } from 'node:timers/promises';
import { dynamoAddressClaims } from '../adapters/address-claims.ts';
import { addressLimits, dynamoNoticeBudget } from '../adapters/address-limits.ts';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { cognitoClient } from '../adapters/cognito/client.ts';
import { cognitoSignOut } from '../adapters/cognito-accounts.ts';
import { cognitoDirectory } from '../adapters/cognito-directory.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { dynamoMailboxCodes } from '../adapters/mailbox-codes.ts';
import { compromisedPasswords } from '../adapters/password-lists.ts';
import { cognitoPasswordProof } from '../adapters/password-proof.ts';
import { dynamoPendingRegistrations } from '../adapters/pending-registrations.ts';
import { dynamoRecoveries } from '../adapters/recoveries.ts';
import { dynamoRiskCounters } from '../adapters/risk-counters.ts';
import { cachedSecret, keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { dispatch } from '../api/dispatch.ts';
import { passwordRefused } from '../core/registration/password.ts';
import { readAuthEnv } from './env.ts';
import { mailFailed, noticeFailed, signOutFailed } from './notice-failed.ts';
import { type RecoveryServices, recoveryRoutes } from './recoveries.ts';
import { registrationRoutes } from './routes.ts';
import { postScriptError } from './script-errors.ts';
import type { RegistrationServices } from './services.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { sessionServices } from './sessions/wiring.ts';

const env = readAuthEnv();
const configuration = readServiceConfiguration();
const cognito = cognitoClient();
const dynamo = dynamoClient();
const secrets = secretsManagerReader();
const keys = rotatingKeys(env.SIGNING_SECRET, secrets, clock);
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secrets);
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };

const registrations: RegistrationServices = {
  configuration,
  contexts: contextTokens(keys, clock),
  perAddressPerHour: env.REGISTRATIONS_PER_ADDRESS_PER_HOUR,
  signOutEverywhere: cognitoSignOut(env.USER_POOL_ID),
  signOutFailed,
  ports: {
    directory: cognitoDirectory({
      cognito,
      clientId: env.SERVER_CLIENT_ID,
      clientSecret: cachedSecret(secrets, env.SERVER_CLIENT_SECRET),
    }),
    pending: dynamoPendingRegistrations(dynamo, env.RISK_TABLE, audit, clock),
    limits: addressLimits(dynamoRiskCounters(dynamo, env.RISK_TABLE, clock)),
    notices: dynamoNoticeBudget(dynamo, env.RISK_TABLE, clock),
    outbox: dynamoAuditOutbox(dynamo, audit),
    passwords: compromisedPasswords(configuration.password.rangeQuery),
    mailer: sesMailer(configuration.mail),
    pseudonyms,
    clock,
    random,
    noticeFailed,
  },
};

const sessions = sessionServices(env, {
  cognito,
  dynamo,
  secrets,
  keys,
  pseudonyms,
  requireGoodPassword: async (password) => {
    const { minLength } = configuration.password;
    const rules = { minLength, words: [configuration.brand.name] };
    const problem = await registrations.ports.passwords.problem(password, rules);
    if (problem) throw passwordRefused(problem, minLength);
  },
  origins: configuration.origins,
  providers: configuration.providers.map(({ name }) => name),
  ...(configuration.portalUrl && { portalUrl: configuration.portalUrl }),
  asksLegacySystem: configuration.migration?.legacyEndpoint !== undefined,
});
const { counters } = sessions;
const recoveries: RecoveryServices = {
  configuration,
  counters,
  policy: { delayHours: env.RECOVERY_DELAY_HOURS },
  perAddressPerHour: env.REGISTRATIONS_PER_ADDRESS_PER_HOUR,
  ports: {
    ...registrations.ports,
    recoveries: dynamoRecoveries(dynamo, { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit }),
    codes: dynamoMailboxCodes(dynamo, env.RISK_TABLE, counters, clock, {
      attempts: 3,
      answersPerHour: 10,
      codesPerHour: 5,
    }),
    password: cognitoPasswordProof(sessions.cognito),
    ownerOf: dynamoAddressClaims(dynamo, env.PROFILES_TABLE).find,
    mailFailed: mailFailed('recovery-code'),
    wait: (milliseconds) => setTimeout(milliseconds),
  },
};

/** The Identity API for strangers: registration, sign-in, recovery. */
export const handler = dispatch(
  'auth-api',
  {
    ...registrationRoutes(registrations),
    ...sessionRoutes(sessions),
    ...recoveryRoutes(recoveries),
    'POST /v1/script-errors': postScriptError(),
  },
  {
    clock,
    origins: configuration.origins,
    uniformAnswerMs: env.UNIFORM_ANSWER_MS,
    ...(env.EDGE_SECRET && { edgeSecret: cachedSecret(secrets, env.EDGE_SECRET) }),
  },
);
