import type { CompletedMigrations } from '../core/migration/ports.ts';
import { claimAddress } from './address-claims.ts';
import { completeWith, type RegistrationTables } from './completed-registrations.ts';
import { type DynamoClient, isConditionFailure, UpdateItemCommand } from './dynamo.ts';
import { finishMoving } from './waiting-people.ts';

export interface MigrationTables extends RegistrationTables {
  readonly migration: string;
}

/**
 * The end of a migration: one transaction like that of a registration (profile first), with the address claim and the
 * record, which must still be moving. With two consents: 2 × (1 + 4 + 3 + 2) = 20 WRU, once per person.
 */
export const dynamoCompletedMigrations = (
  client: DynamoClient,
  tables: MigrationTables,
): CompletedMigrations => ({
  complete: async ({ address, ...registration }) => {
    const finish = finishMoving(tables.migration, address);
    const claim = claimAddress(tables.profiles, address, registration.profile.sub);
    const outcome = await completeWith(client, tables, registration, [claim, finish]);
    // A profile that was complete before (a registration of their own) is theirs; only the record is still open.
    if (outcome === 'done' && finish.Update) {
      await client.send(new UpdateItemCommand(finish.Update)).catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // closed by the transaction
      });
    }
    return outcome === 'done' ? 'done' : 'raced';
  },
});
