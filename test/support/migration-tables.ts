import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { keyedPseudonyms } from '../../lambdas/adapters/secrets.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';

/** What an operator could see of a migration in the tables of a running cloud. */
export class MigrationTables {
  private readonly client: DynamoDBClient;
  private readonly secrets: SecretsManagerClient;
  private readonly outputs: Outputs;

  constructor(outputs: Outputs) {
    this.outputs = outputs;
    const { region, endpoints, credentials } = outputs;
    const settings = { region, endpoint: endpoints.aws, credentials };
    this.client = new DynamoDBClient(settings);
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

  async record(email: string): Promise<{ state: string; isEmpty: boolean } | undefined> {
    const read = async () => {
      const { SecretString } = await this.secrets.send(
        new GetSecretValueCommand({ SecretId: this.outputs.stack.PseudonymSecretArn }),
      );
      return { versionId: 'current', key: JSON.parse(SecretString ?? '{}').key as string };
    };
    const address = await keyedPseudonyms('', read).of('identifier', email);
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
