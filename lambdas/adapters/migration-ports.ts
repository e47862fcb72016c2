import type { LegacyEndpoint } from '../core/configuration.ts';
import type { MigrationPorts } from '../core/migration/first-sign-in.ts';
import type { AuditOutbox, Clock, Pseudonyms } from '../ports.ts';
import type { DynamoClient } from './dynamo.ts';
import { dynamoLegacyCircuit } from './legacy-circuit.ts';
import { legacyDirectory } from './legacy-directory.ts';
import { dynamoMigrationAttempts } from './migration-attempts.ts';
import { lazyPasswordHashes } from './password-hashes.ts';
import { recordSeal } from './sealed-records.ts';
import { derivedKey, type SecretReader } from './secrets.ts';
import { dynamoWaitingPeople } from './waiting-people.ts';

export interface MigrationSetting {
  readonly tables: { readonly migration: string; readonly risk: string };
  readonly pseudonymSecret: string;
  readonly legacy?: LegacyEndpoint & { readonly secretId: string };
}

/** Everything that the first sign-in of an imported person needs, for the function that has the trigger. */
export const migrationPorts = (
  client: DynamoClient,
  { tables, pseudonymSecret, legacy }: MigrationSetting,
  shared: {
    readonly readSecret: SecretReader;
    readonly pseudonyms: Pseudonyms;
    readonly outbox: AuditOutbox;
    readonly clock: Clock;
    readonly eventId: MigrationPorts['eventId'];
  },
): MigrationPorts => {
  const { readSecret, clock, ...rest } = shared;
  const seal = recordSeal(derivedKey(pseudonymSecret, readSecret, 'migration'));
  return {
    ...rest,
    clock,
    waiting: dynamoWaitingPeople(client, tables.migration, seal, clock),
    attempts: dynamoMigrationAttempts(client, tables.risk, clock),
    hashes: lazyPasswordHashes,
    ...(legacy && {
      legacy: legacyDirectory(legacy, {
        readSecret,
        clock,
        circuit: dynamoLegacyCircuit(client, tables.risk, legacy.url, clock),
      }),
    }),
  };
};
