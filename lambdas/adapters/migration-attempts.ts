import type { MigrationAttempts } from '../core/migration/ports.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, isConditionFailure, UpdateItemCommand } from './dynamo.ts';
import { countUpdates } from './risk-counters.ts';

/** Guesses at one imported password in an hour, over all doors. The way past it is the mailbox: a new password by mail. */
export const migrationAttemptsPerHour = 10;

/** `MIGRATION#<pseudonym>` / `ATTEMPTS` of the Risk table: 1 WRU, 2 for the first of an hour and when they are used up. */
export const dynamoMigrationAttempts = (
  client: DynamoClient,
  table: string,
  clock: Clock,
): MigrationAttempts => ({
  take: async (address) => {
    const key = { subject: `MIGRATION#${address}`, kind: 'ATTEMPTS' };
    const nowSeconds = Math.floor(clock.now() / 1000);
    const { within, fresh } = countUpdates(table, key, nowSeconds, { limit: migrationAttemptsPerHour });
    // The third try is for the race of two first ones: the loser counts within the window that the winner opened.
    for (const update of [within, fresh, within]) {
      const isTaken = await client.send(new UpdateItemCommand(update)).then(
        () => true,
        (error: unknown) => {
          if (isConditionFailure(error)) return false;
          throw error;
        },
      );
      if (isTaken) return true;
    }
    return false;
  },
});
