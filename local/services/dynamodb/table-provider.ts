import {
  AwsError,
  type Cloud,
  type ProvisionedResource,
  type ResourceProvider,
  type ResourceRequest,
} from '../../platform.ts';
import { arnOf, physicalName } from '../arns.ts';
import { Fields } from '../fields.ts';
import { type EngineClient, table } from './engine-client.ts';
import type { EngineNames } from './engine-names.ts';
import type { TableSettings, Tables } from './tables.ts';

interface Described {
  readonly TableArn: string;
  readonly KeySchema: readonly KeyElement[];
  readonly LatestStreamArn?: string;
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface Parts {
  readonly cloud: Cloud;
  readonly engine: EngineClient;
  readonly names: EngineNames;
  readonly tables: Tables;
}

/** Creates a table once; one that is there is kept with its items, and gets what the template added. */
export const tableProvider = (parts: Parts): ResourceProvider => ({
  type: 'AWS::DynamoDB::Table',
  provision: async (request) => {
    const properties = new Fields(request.properties);
    const name = properties.optionalText('TableName') ?? physicalName(request.logicalId, request.suffix, 255);
    const existing = await describe(parts.engine, name);
    if (existing) await update(parts.engine, name, existing, properties);
    else await parts.engine.call(table('CreateTable'), createInput(name, properties));
    await parts.tables.keep(name, settings(properties, parts.tables.find(name).settings));
    return provisioned(parts, name, await describe(parts.engine, name), request);
  },
});

function provisioned(
  { cloud, names }: Parts,
  name: string,
  described: Described | undefined,
  request: ResourceRequest,
): ProvisionedResource {
  if (!described)
    throw new AwsError('InternalServerError', `${request.logicalId}: the engine lost table ${name}`);
  names.learn(described.TableArn);
  const stream = described.LatestStreamArn;
  return {
    physicalId: name,
    attributes: {
      Arn: arnOf(cloud, 'dynamodb', `table/${name}`),
      ...(stream && { StreamArn: names.fromEngine(stream) }),
    },
  };
}

async function describe(engine: EngineClient, TableName: string): Promise<Described | undefined> {
  try {
    return (await engine.call<{ Table: Described }>(table('DescribeTable'), { TableName })).Table;
  } catch (error) {
    if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function createInput(TableName: string, properties: Fields): Record<string, unknown> {
  const stream = properties.optionalObject('StreamSpecification');
  const copied = ['KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes'];
  return {
    TableName,
    ...Object.fromEntries(
      copied.filter((key) => properties.has(key)).map((key) => [key, properties.values[key]]),
    ),
    // units are counted per call; locally nothing is provisioned or throttled
    BillingMode: 'PAY_PER_REQUEST',
    ...(stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.text('StreamViewType') },
    }),
  };
}

async function update(
  engine: EngineClient,
  TableName: string,
  existing: Described,
  properties: Fields,
): Promise<void> {
  if (JSON.stringify(existing.KeySchema) !== JSON.stringify(keySchema(properties))) {
    throw new AwsError(
      'ValidationException',
      `KeySchema: table ${TableName} exists with another key, and a replacement would lose its items; ` +
        'remove the state directory or give the table another name',
    );
  }
  const stream = properties.optionalObject('StreamSpecification');
  if (stream && !existing.LatestStreamArn) {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: stream.text('StreamViewType') };
    await engine.call(table('UpdateTable'), { TableName, StreamSpecification });
  }
  const present = new Set(existing.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  for (const index of properties.objects('GlobalSecondaryIndexes')) {
    if (present.has(index.text('IndexName'))) continue;
    await engine.call(table('UpdateTable'), {
      TableName,
      AttributeDefinitions: properties.list('AttributeDefinitions'),
      GlobalSecondaryIndexUpdates: [{ Create: index.values }],
    });
  }
}

const keySchema = (properties: Fields): KeyElement[] =>
  properties.objects('KeySchema').map((key) => ({
    AttributeName: key.text('AttributeName'),
    KeyType: key.text('KeyType') as KeyElement['KeyType'],
  }));

const partitionKey = (schema: readonly KeyElement[]): string =>
  schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';

function settings(properties: Fields, previous: TableSettings | undefined): TableSettings {
  const indexes = [
    ...properties.objects('GlobalSecondaryIndexes'),
    ...properties.objects('LocalSecondaryIndexes'),
  ];
  const keys = keySchema(properties);
  const ttl = properties.optionalObject('TimeToLiveSpecification');
  const ttlAttribute = ttl
    ? ttl.flag('Enabled')
      ? ttl.text('AttributeName')
      : undefined
    : previous?.ttlAttribute;
  const sse = properties.optionalObject('SSESpecification');
  const keyArn = sse?.flag('SSEEnabled') ? sse.optionalText('KMSMasterKeyId') : undefined;
  return {
    partitionKey: partitionKey(keys),
    keyNames: keys.map(({ AttributeName }) => AttributeName),
    indexKeys: Object.fromEntries(
      indexes.map((index) => [index.text('IndexName'), partitionKey(keySchema(index))]),
    ),
    pointInTimeRecovery:
      properties.optionalObject('PointInTimeRecoverySpecification')?.flag('PointInTimeRecoveryEnabled') ??
      false,
    deletionProtection: properties.flag('DeletionProtectionEnabled'),
    ...(ttlAttribute && { ttlAttribute }),
    ...(keyArn && { keyArn }),
  };
}
