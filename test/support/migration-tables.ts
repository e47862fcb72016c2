import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { derivedEventId } from '../../lambdas/adapters/event-ids.ts';
import { recordSeal } from '../../lambdas/adapters/sealed-records.ts';
import { derivedKey, keyedPseudonyms } from '../../lambdas/adapters/secrets.ts';
import { dynamoWaitingImport } from '../../lambdas/adapters/waiting-people.ts';
import type { Pseudonym } from '../../lambdas/core/ids.ts';
import { shapeOf } from '../../lambdas/core/migration/hash.ts';
import type { WaitingPerson } from '../../lambdas/core/migration/record.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { type TestDynamo, testDynamo } from './dynamo-client.ts';

/** What an operator could see of a migration in the tables of a running cloud. */
export class MigrationTables {
  private readonly client: TestDynamo;
  private readonly secrets: SecretsManagerClient;
  private readonly outputs: Outputs;

  constructor(outputs: Outputs) {
    this.outputs = outputs;
    const { region, endpoints, credentials } = outputs;
    const settings = { region, endpoint: endpoints.aws, credentials };
    this.client = testDynamo(settings.endpoint, settings.credentials);
    this.secrets = new SecretsManagerClient(settings);
  }

  close(): void {
    this.client.destroy();
    this.secrets.destroy();
  }

  private async items(table: string | undefined): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let start: Record<string, never> | undefined;
    do {
      const page = await this.client.send(
        new ScanCommand({ TableName: table, ExclusiveStartKey: start, ConsistentRead: true }),
      );
      found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      start = page.LastEvaluatedKey as Record<string, never> | undefined;
    } while (start);
    return found;
  }

  private migration = () => this.items(this.outputs.stack.MigrationTableName);

  /** People who wait. */
  async waiting(): Promise<number> {
    return (await this.migration()).filter(({ state }) => state === 'waiting').length;
  }

  /** Events of a type in the outbox. */
  async events(type: string): Promise<number> {
    const rows = await this.items(this.outputs.stack.AuditTableName);
    return rows.filter(({ event }) => String(event).includes(`"type":"${type}"`)).length;
  }

  /** Everything in the table as text. */
  async raw(): Promise<string> {
    return (await this.migration())
      .map((item) =>
        JSON.stringify(item, (_, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        ),
      )
      .join('\n');
  }

  private readonly readSecret = async () => {
    const { SecretString } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: this.outputs.stack.PseudonymSecretArn }),
    );
    return { versionId: 'current', key: JSON.parse(SecretString ?? '{}').key as string };
  };

  private addressOf(email: string): Promise<Pseudonym> {
    return keyedPseudonyms('', this.readSecret).of('identifier', email);
  }

  /** Brings people in as the import does. */
  async add(...people: readonly WaitingPerson[]): Promise<void> {
    const { MigrationTableName = '', AuditTableName = '' } = this.outputs.stack;
    const seal = recordSeal(derivedKey('', this.readSecret, 'migration'));
    const tables = { migration: MigrationTableName, audit: { name: AuditTableName, ttlDays: 30 } };
    const clock = { now: () => Date.now() };
    const waiting = dynamoWaitingImport(this.client, tables, seal, clock);
    await waiting.addShapes(people.flatMap(({ password }) => (password ? [shapeOf(password)] : [])));
    for (const person of people) {
      const address = await this.addressOf(person.email);
      const now = clock.now();
      await waiting.add(address, person, {
        replace: false,
        expiresAt: Math.floor(now / 1000) + 86_400,
        event: {
          v: 1,
          id: derivedEventId(now, address),
          type: 'migration.imported',
          at: new Date(now).toISOString(),
          subject: { pseudonym: address },
          actor: 'operator',
          outcome: 'success',
          reasons: [],
        },
      });
    }
  }

  async record(email: string): Promise<{ state: string; isEmpty: boolean } | undefined> {
    const address = await this.addressOf(email);
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.outputs.stack.MigrationTableName,
        Key: marshall({ subject: `WAITING#${address}`, kind: 'PERSON' }),
        ConsistentRead: true,
      }),
    );
    const item = Item && unmarshall(Item);
    return (
      item && { state: item.state, isEmpty: item.sealed === undefined && item.fingerprint === undefined }
    );
  }
}
