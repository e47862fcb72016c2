import { dynamoAccountLocks } from '../adapters/account-locks.ts';
import { dynamoAuditOutbox } from '../adapters/audit-outbox.ts';
import { clientDirectory } from '../adapters/client-directory.ts';
import { dynamoConsentStates } from '../adapters/consent-states.ts';
import { contextTokens } from '../adapters/context-tokens.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { sealedFactorSecrets } from '../adapters/factor-secrets.ts';
import { dynamoFactorUse } from '../adapters/factors.ts';
import { dynamoFlows } from '../adapters/flows.ts';
import { methodPolicies } from '../adapters/method-policies.ts';
import { passkeyAssertions } from '../adapters/passkey-assertions.ts';
import { passkeyChallenges } from '../adapters/passkey-challenges.ts';
import { dynamoRiskCounters } from '../adapters/risk-counters.ts';
import { keyedPseudonyms, rotatingKeys, secretsManagerReader } from '../adapters/secrets.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { sesMailer } from '../adapters/ses-mailer.ts';
import { sessionTokens } from '../adapters/session-tokens.ts';
import { dynamoSignInHistories } from '../adapters/sign-in-history.ts';
import { smsSender } from '../adapters/sms.ts';
import { systemClock as clock, systemRandom as random } from '../adapters/system.ts';
import { passkeyPages } from '../core/factor/passkey-pages.ts';
import { arrivals } from './arrivals.ts';
import { codePolicy, readSignInEnv, riskPolicy } from './env.ts';
import { signInTrigger } from './triggers.ts';

const env = readSignInEnv();
const config = readServiceConfiguration();
const client = dynamoClient();
const secrets = secretsManagerReader();
const keys = rotatingKeys(env.SIGNING_SECRET, secrets, clock);

const clientOf = clientDirectory(env.CLIENTS_PARAMETER, clock);
const pseudonyms = keyedPseudonyms(env.PSEUDONYM_SECRET, secrets);
const audit = { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS };
const outbox = dynamoAuditOutbox(client, audit);
const migration = env.MIGRATION_TABLE !== '' && {
  arrived: arrivals(
    client,
    {
      migration: env.MIGRATION_TABLE,
      profiles: env.PROFILES_TABLE,
      consents: env.CONSENTS_TABLE,
      risk: env.RISK_TABLE,
      audit,
    },
    { pseudonymSecret: env.PSEUDONYM_SECRET, readSecret: secrets, pseudonyms, clock, random },
  ),
};

/** The triggers of one sign-in in one function, so that a sign-in warms one environment. */
export const handler = signInTrigger(
  {
    config,
    clock,
    random,
    risk: riskPolicy(env),
    codes: codePolicy(env),
    methodPolicy: methodPolicies(config.authentication, clientOf),
    clientOf,
    isLocked: dynamoAccountLocks(client, env.PROFILES_TABLE),
    pseudonyms,
    contexts: contextTokens(keys, clock),
    sessions: sessionTokens(keys, clock),
    flows: dynamoFlows(client, env.RISK_TABLE, clock),
    histories: dynamoSignInHistories(client, env.RISK_TABLE, clock),
    counters: dynamoRiskCounters(client, env.RISK_TABLE, clock),
    factors: dynamoFactorUse(client, env.PROFILES_TABLE),
    factorSecrets: sealedFactorSecrets(rotatingKeys(env.SEALING_SECRET, secrets, clock)),
    passkeys: passkeyAssertions({
      id: env.RELYING_PARTY_ID,
      origins: passkeyPages(env, config),
    }),
    passkeyChallenges: passkeyChallenges(keys, clock),
    consents: dynamoConsentStates(client, env.CONSENTS_TABLE),
    outbox,
    mailer: sesMailer(config.mail),
    ...migration,
    sms: smsSender(config.sms, env, { client, table: env.RISK_TABLE, clock, random, pseudonyms, outbox }),
  },
  (entry) => console.error(JSON.stringify(entry)),
);
