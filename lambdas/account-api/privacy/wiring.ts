import { type AuditTable, dynamoAuditOutbox } from '../../adapters/audit-outbox.ts';
import type { DynamoClient } from '../../adapters/dynamo.ts';
import { dynamoErasureRequests } from '../../adapters/erasure-marks.ts';
import { cognitoOwnEntry } from '../../adapters/own-directory-entry.ts';
import { dynamoPersonalRecords } from '../../adapters/personal-records.ts';
import { dynamoRiskCounters } from '../../adapters/risk-counters.ts';
import { systemClock as clock, systemRandom as random } from '../../adapters/system.ts';
import type { ServiceConfiguration } from '../../core/configuration.ts';
import type { Pseudonyms } from '../../ports.ts';
import type { PrivacyServices } from './routes.ts';

interface PrivacyEnv {
  readonly PROFILES_TABLE: string;
  readonly CONSENTS_TABLE: string;
  readonly RISK_TABLE: string;
  readonly USER_POOL_ID: string;
}

interface Opened {
  readonly configuration: ServiceConfiguration;
  readonly client: DynamoClient;
  readonly audit: AuditTable;
  readonly pseudonyms: Pseudonyms;
}

/** Services of these routes from the function's environment. */
export const privacyServices = (
  env: PrivacyEnv,
  { configuration, client, audit, pseudonyms }: Opened,
): PrivacyServices => ({
  configuration,
  records: dynamoPersonalRecords(client, {
    profiles: env.PROFILES_TABLE,
    consents: env.CONSENTS_TABLE,
    risk: env.RISK_TABLE,
    audit: audit.name,
  }),
  erasures: dynamoErasureRequests(client, { profiles: env.PROFILES_TABLE, risk: env.RISK_TABLE, audit }),
  counters: dynamoRiskCounters(client, env.RISK_TABLE, clock),
  directory: cognitoOwnEntry(env.USER_POOL_ID),
  outbox: dynamoAuditOutbox(client, audit),
  pseudonyms,
  random,
  closingFailed: (error) =>
    console.error(
      JSON.stringify({
        level: 'error',
        event: 'closing-failed',
        name: error instanceof Error ? error.name : 'Unknown', // a text of AWS's may quote a user name
      }),
    ),
});
