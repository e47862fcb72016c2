import { dynamoCompletedMigrations, type MigrationTables } from '../adapters/completed-migrations.ts';
import type { DynamoClient } from '../adapters/dynamo.ts';
import { recordSeal } from '../adapters/sealed-records.ts';
import { derivedKey, type SecretReader } from '../adapters/secrets.ts';
import { dynamoWaitingPeople } from '../adapters/waiting-people.ts';
import type { Sub } from '../core/ids.ts';
import { completeMigration } from '../core/migration/complete.ts';
import type { Clock, Pseudonyms, Random } from '../ports.ts';
import type { TriggerEvent } from './trigger-event.ts';

/**
 * Before the tokens of a sign-in: 1 RRU where people of another system are expected, nothing elsewhere. A refresh is of
 * a session that began with it.
 */
export const arrivals = (
  client: DynamoClient,
  tables: MigrationTables,
  shared: {
    readonly pseudonymSecret: string;
    readonly readSecret: SecretReader;
    readonly pseudonyms: Pseudonyms;
    readonly clock: Clock;
    readonly random: Random;
  },
): ((event: TriggerEvent) => Promise<void>) => {
  const { pseudonymSecret, readSecret, ...ports } = shared;
  const seal = recordSeal(derivedKey(pseudonymSecret, readSecret, 'migration'));
  const waiting = dynamoWaitingPeople(client, tables.migration, seal, ports.clock);
  const migrations = dynamoCompletedMigrations(client, tables);
  return async (event) => {
    const { sub, email } = event.request.userAttributes;
    if (event.triggerSource === 'TokenGeneration_RefreshTokens' || !sub || !email || !mayArrive(event))
      return;
    const person = { sub: sub as Sub, email, client: event.callerContext.clientId };
    await completeMigration({ ...ports, waiting, migrations }, person);
  };
};

/**
 * Cognito made the account by our word, with a proven address and a password. An account that came from a provider only
 * says whose address it has: it must neither get what waits for its owner nor end the waiting.
 */
const mayArrive = ({ request: { userAttributes } }: TriggerEvent): boolean =>
  userAttributes.email_verified === 'true' && userAttributes['cognito:user_status'] !== 'EXTERNAL_PROVIDER';
