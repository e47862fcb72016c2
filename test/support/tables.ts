import { CreateTableCommand, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { type TableShape, tables } from '../../lambdas/tables.ts';
import { type DynamoEngine, startDynamoEngine } from '../../local/dynamodb-engine.ts';
import { type TestDynamo, testDynamo } from './dynamo-client.ts';

export interface TestTables {
  readonly client: TestDynamo;
  readonly endpoint: string;
  readonly names: Readonly<Record<keyof typeof tables, string>>;
  close(): Promise<void>;
}

/** Every table on a fresh engine in memory; the engine under test is a real one, never an imitation. */
export async function openTables(engine: 'dynoxide' | 'dynamodb-local' = 'dynoxide'): Promise<TestTables> {
  const started: DynamoEngine = await startDynamoEngine({ engine, env: {} });
  const client = testDynamo(started.endpoint);
  for (const [name, shape] of Object.entries(tables)) await client.send(createTable(name, shape));
  return {
    client,
    endpoint: started.endpoint,
    names: {
      profiles: 'profiles',
      consents: 'consents',
      risk: 'risk',
      migration: 'migration',
      audit: 'audit',
      statistics: 'statistics',
    },
    close: async () => {
      client.destroy();
      await started.stop();
    },
  };
}

function createTable(name: string, shape: TableShape): CreateTableCommand {
  const keys: KeySchemaElement[] = [
    { AttributeName: shape.partitionKey, KeyType: 'HASH' },
    { AttributeName: shape.sortKey, KeyType: 'RANGE' },
  ];
  const indexes = Object.entries(shape.indexes ?? {});
  const keyNames = [shape, ...indexes.map(([, index]) => index)].flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    sortKey,
  ]);
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys,
    AttributeDefinitions: [...new Set(keyNames)].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S' as const,
    })),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: index.partitionKey, KeyType: 'HASH' as const },
          { AttributeName: index.sortKey, KeyType: 'RANGE' as const },
        ],
        Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.attributes] },
      })),
    }),
    ...(shape.stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const },
    }),
  });
}
