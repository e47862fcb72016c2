import { setTimeout } from 'node:timers/promises';
import { dynamoAddressBook } from '../../adapters/address-book.ts';
import { type AuditTable, dynamoAuditOutbox } from '../../adapters/audit-outbox.ts';
import { cognitoAccounts } from '../../adapters/cognito-accounts.ts';
import type { DynamoClient } from '../../adapters/dynamo.ts';
import { sealedFactorSecrets } from '../../adapters/factor-secrets.ts';
import { dynamoFactorStore } from '../../adapters/factor-store.ts';
import { compromisedPasswords } from '../../adapters/password-lists.ts';
import { dynamoPendingChanges } from '../../adapters/pending-changes.ts';
import { dynamoRiskCounters } from '../../adapters/risk-counters.ts';
import { rotatingKeys, type SecretReader } from '../../adapters/secrets.ts';
import { sesMailer } from '../../adapters/ses-mailer.ts';
import { dynamoPasswordResets } from '../../adapters/session-cutoffs.ts';
import { smsSender } from '../../adapters/sms.ts';
import { systemClock as clock, systemRandom as random } from '../../adapters/system.ts';
import type { Caller } from '../../api/types.ts';
import type { ServiceConfiguration } from '../../core/configuration.ts';
import { passkeyPages } from '../../core/factor/passkey-pages.ts';
import { factorPolicy } from '../../core/factor/policy.ts';
import type { Profiles } from '../../core/profile/ports.ts';
import type { Pseudonyms } from '../../ports.ts';
import type { readAccountEnv } from '../env.ts';
import type { SecurityServices } from './services.ts';

interface Opened {
  readonly configuration: ServiceConfiguration;
  readonly client: DynamoClient;
  readonly audit: AuditTable;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly pseudonyms: Pseudonyms;
  readonly secrets: SecretReader;
}

/** Over what the function has open already; the user pool and the mail client come with their first use. */
export function securityServices(
  env: ReturnType<typeof readAccountEnv>,
  { configuration, client, audit, profiles, pseudonyms, secrets }: Opened,
): SecurityServices {
  const outbox = dynamoAuditOutbox(client, audit);
  const brake = { client, table: env.RISK_TABLE, clock, random, pseudonyms, outbox };
  const tables = { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit };
  return {
    configuration,
    profiles,
    pseudonyms,
    clock,
    random,
    factors: dynamoFactorStore(client, tables),
    pending: dynamoPendingChanges(client, env.RISK_TABLE, dynamoRiskCounters(client, env.RISK_TABLE, clock)),
    secrets: sealedFactorSecrets(rotatingKeys(env.SEALING_SECRET, secrets, clock)),
    accounts: cognitoAccounts(env.USER_POOL_ID),
    addresses: dynamoAddressBook(client, tables),
    passwords: compromisedPasswords(configuration.password.rangeQuery),
    endSessions: dynamoPasswordResets(client, tables).record,
    policyOf: async (caller) => factorPolicy(configuration.authentication.base, isOperator(caller)),
    outbox,
    ...(configuration.sms && { sms: smsSender(configuration.sms, env, brake) }),
    mailer: sesMailer(configuration.mail),
    relyingParty: {
      id: env.RELYING_PARTY_ID,
      name: configuration.brand.name,
      origins: passkeyPages(env, configuration),
    },
    codeLifetimeSeconds: env.CODE_LIFETIME_SECONDS,
    wait: (milliseconds) => setTimeout(milliseconds),
    noticeFailed,
  };
}

/** Operator scopes are given only to somebody in the group who has proven a passkey. */
const isOperator = ({ scopes }: Caller): boolean =>
  scopes.some((scope) => scope.startsWith('vestibule/operators.'));

const noticeFailed = (error: unknown): void =>
  console.error(
    JSON.stringify({
      level: 'error',
      event: 'address-notice-failed',
      name: error instanceof Error ? error.name : 'Unknown',
    }),
  );
