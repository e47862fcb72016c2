import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DynamoService, dynamodbService } from '../../../local/services/dynamodb/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { type Harness, startHarness } from './harness.ts';

const keyArn = 'arn:aws:kms:eu-west-1:000000000000:key/1';
const riskTable = {
  TableName: 'risk',
  KeySchema: [
    { AttributeName: 'subject', KeyType: 'HASH' },
    { AttributeName: 'kind', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['subject', 'kind', 'owner'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-owner',
      KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  DeletionProtectionEnabled: true,
};

describe('DynamoDB', () => {
  let harness: Harness;
  let client: DynamoDBClient;
  let tableArn: string;
  let streamArn: string;
  const service = () => harness.cloud.service<DynamoService>('dynamodb');
  const key = (subject: string, kind = 'A') => ({ subject: { S: subject }, kind: { S: kind } });

  beforeAll(async () => {
    harness = await startHarness([dynamodbService]);
    client = new DynamoDBClient(harness.client('dynamodb'));
    const { physicalId, attributes } = await harness.provision('AWS::DynamoDB::Table', riskTable);
    expect(physicalId).toBe('risk');
    tableArn = attributes.Arn as string;
    streamArn = attributes.StreamArn as string;
  });
  beforeEach(() => {
    harness.needed.length = 0;
    harness.cloud.meter.reset();
  });
  afterAll(() => harness.stop());

  it('gives ARNs of the cloud and not of the engine', () => {
    expect(tableArn).toBe('arn:aws:dynamodb:eu-west-1:000000000000:table/risk');
    expect(streamArn).toMatch(/^arn:aws:dynamodb:eu-west-1:000000000000:table\/risk\/stream\/.+/);
  });

  it('describes the table as the template has it', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'risk' }));
    expect(Table).toMatchObject({
      TableArn: tableArn,
      LatestStreamArn: streamArn,
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: keyArn },
    });
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: 'risk' }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName: 'risk' }));
    expect(
      backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe('ENABLED');
  });

  it('keeps a table that is there, and refuses another key by name', async () => {
    await client.send(new PutItemCommand({ TableName: 'risk', Item: key('kept') }));
    await harness.provision('AWS::DynamoDB::Table', riskTable);
    expect((await client.send(new GetItemCommand({ TableName: 'risk', Key: key('kept') }))).Item).toEqual(
      key('kept'),
    );
    const KeySchema = [{ AttributeName: 'owner', KeyType: 'HASH' }];
    await expect(harness.provision('AWS::DynamoDB::Table', { ...riskTable, KeySchema })).rejects.toThrow(
      'KeySchema',
    );
  });

  it('needs the action on the table with its condition keys, and the key that encrypts it', async () => {
    await client
      .send(
        new UpdateItemCommand({
          TableName: 'risk',
          Key: key('someone', 'HISTORY'),
          UpdateExpression: 'SET #d.#k = if_not_exists(#d, :v), seen = :v REMOVE gone',
          ConditionExpression: 'attribute_not_exists(locked)',
          ExpressionAttributeNames: { '#d': 'devices', '#k': 'inner' },
          ExpressionAttributeValues: { ':v': { S: 'x' } },
        }),
      )
      .catch(() => undefined);
    const [item, decrypt] = harness.needed;
    expect(item).toMatchObject({ action: 'dynamodb:UpdateItem', resource: tableArn });
    expect(item?.context?.['dynamodb:LeadingKeys']).toEqual(['someone']);
    expect(item?.context?.['dynamodb:Attributes']).toEqual(
      expect.arrayContaining(['subject', 'kind', 'devices', 'seen', 'gone', 'locked']),
    );
    expect(item?.context?.['dynamodb:Attributes']).not.toContain('inner');
    expect(decrypt).toMatchObject({
      action: 'kms:Decrypt',
      resource: keyArn,
      context: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' },
    });
  });

  it('needs the index for a query on it, with the key that is asked for', async () => {
    await client.send(
      new QueryCommand({
        TableName: 'risk',
        IndexName: 'by-owner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'me' } },
      }),
    );
    expect(harness.needed[0]).toMatchObject({
      action: 'dynamodb:Query',
      resource: `${tableArn}/index/by-owner`,
    });
    expect(harness.needed[0]?.context?.['dynamodb:LeadingKeys']).toEqual(['me']);
    expect(harness.needed[0]?.context?.['dynamodb:Select']).toBe('ALL_ATTRIBUTES');
  });

  it('needs the action of each entry for a transaction, and the batch actions for batches', async () => {
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'risk', Item: key('t1') } },
          {
            Update: {
              TableName: 'risk',
              Key: key('t2'),
              UpdateExpression: 'SET n = :n',
              ExpressionAttributeValues: { ':n': { N: '1' } },
            },
          },
          { Delete: { TableName: 'risk', Key: key('t3') } },
          {
            ConditionCheck: {
              TableName: 'risk',
              Key: key('t4'),
              ConditionExpression: 'attribute_not_exists(kind)',
            },
          },
        ],
      }),
    );
    expect(harness.needed.map(({ action }) => action)).toEqual([
      'dynamodb:PutItem',
      'kms:Decrypt',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ]);
    harness.needed.length = 0;
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { risk: [{ PutRequest: { Item: key('b1') } }] } }),
    );
    await client.send(new BatchGetItemCommand({ RequestItems: { risk: { Keys: [key('b1')] } } }));
    const batches = harness.needed.filter(({ action }) => action.startsWith('dynamodb'));
    expect(batches.map(({ action, context }) => [action, context?.['dynamodb:LeadingKeys']])).toEqual([
      ['dynamodb:BatchWriteItem', ['b1']],
      ['dynamodb:BatchGetItem', ['b1']],
    ]);
  });

  it('counts units by AWS rules without showing them to a caller who did not ask', async () => {
    const Item = {
      ...key('units'),
      ConsumedCapacity: { S: '"ConsumedCapacity":{"TableName":"trick"}' },
      pad: { S: 'x'.repeat(1_500) },
    };
    const put = await client.send(new PutItemCommand({ TableName: 'risk', Item }));
    const read = await client.send(new GetItemCommand({ TableName: 'risk', Key: key('units') }));
    await client.send(new GetItemCommand({ TableName: 'risk', Key: key('units'), ConsistentRead: true }));
    expect(put.ConsumedCapacity).toBeUndefined();
    expect(read.ConsumedCapacity).toBeUndefined();
    expect(read.Item).toEqual(Item);
    expect(harness.cloud.meter.read()).toMatchObject({
      'dynamodb:wru': 2,
      'dynamodb:wru:risk': 2,
      'dynamodb:rru': 1.5,
      'dynamodb:rru:risk': 1.5,
    });
  });

  it('counts transactions double and a lost condition as one write', async () => {
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'risk', Item: key('double') } }] }),
    );
    expect(harness.cloud.meter.read()['dynamodb:wru']).toBe(2);
    const taken = {
      TableName: 'risk',
      Item: key('double'),
      ConditionExpression: 'attribute_not_exists(kind)',
    };
    await expect(client.send(new PutItemCommand(taken))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    expect(harness.cloud.meter.read()['dynamodb:wru']).toBe(3);
  });

  it('counts a transaction over several tables at each of them, and answers as if nobody had asked', async () => {
    await harness.provision('AWS::DynamoDB::Table', {
      TableName: 'audit',
      KeySchema: riskTable.KeySchema,
      AttributeDefinitions: riskTable.AttributeDefinitions.slice(0, 2),
      BillingMode: 'PAY_PER_REQUEST',
    });
    harness.cloud.meter.reset();
    const put = (TableName: string, kind: string) => ({ Put: { TableName, Item: key('both', kind) } });
    const TransactItems = [put('risk', 'A'), put('audit', 'A'), put('audit', 'B')];
    const written = await client.send(new TransactWriteItemsCommand({ TransactItems }));
    expect(written).not.toHaveProperty('ConsumedCapacity');
    const Get = ({ Put: { TableName, Item: Key } }: ReturnType<typeof put>) => ({ Get: { TableName, Key } });
    const read = await client.send(new TransactGetItemsCommand({ TransactItems: TransactItems.map(Get) }));
    expect(read.Responses?.map(({ Item }) => Item)).toEqual(TransactItems.map(({ Put }) => Put.Item));
    expect(harness.cloud.meter.read()).toMatchObject({
      'dynamodb:wru': 6,
      'dynamodb:wru:risk': 2,
      'dynamodb:wru:audit': 4,
      'dynamodb:rru': 6,
      'dynamodb:rru:audit': 4,
    });
  });

  it('still shows the units to a caller who asks', async () => {
    const put = new PutItemCommand({
      TableName: 'risk',
      Item: key('asked'),
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect((await client.send(put)).ConsumedCapacity).toMatchObject({ TableName: 'risk', CapacityUnits: 1 });
    expect(harness.cloud.meter.read()['dynamodb:wru']).toBe(1);
  });

  it('deletes by time to live when the clock has passed it, and marks the record in the stream', async () => {
    const ttl = { N: String(Math.floor(Date.now() / 1000) + 600) };
    await client.send(new PutItemCommand({ TableName: 'risk', Item: { ...key('short'), ttl } }));
    expect(await service().sweepExpired()).toBe(0);
    harness.clock.advance(601_000);
    expect(await service().sweepExpired()).toBe(1);
    expect(
      (await client.send(new GetItemCommand({ TableName: 'risk', Key: key('short') }))).Item,
    ).toBeUndefined();
    const stream = service().stream(streamArn);
    const [shard] = await stream.shards();
    const { records } = await stream.read(await stream.open(shard?.id ?? '', 'TRIM_HORIZON'), 1_000);
    const removed = records.find(
      ({ eventName, dynamodb }) => eventName === 'REMOVE' && dynamodb.Keys.subject?.S === 'short',
    );
    expect(removed?.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
    expect(removed).toMatchObject({
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      eventSourceARN: streamArn,
    });
  });

  it('offers the stream through its API, with sequence numbers that sort as text', async () => {
    const streams = new DynamoDBStreamsClient(harness.client('dynamodb'));
    const described = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    const ShardId = described.StreamDescription?.Shards?.[0]?.ShardId ?? '';
    const open = async (SequenceNumber?: string) => {
      const position = SequenceNumber
        ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber }
        : { ShardIteratorType: 'TRIM_HORIZON' as const };
      return streams.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ...position }));
    };
    const { Records = [] } = await streams.send(
      new GetRecordsCommand({ ShardIterator: (await open()).ShardIterator }),
    );
    const numbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    expect(numbers.every((number) => number.length >= 21)).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    const later = await streams.send(
      new GetRecordsCommand({ ShardIterator: (await open(numbers[1])).ShardIterator }),
    );
    expect(later.Records?.[0]?.dynamodb?.SequenceNumber).toBe(numbers[2]);
    expect(harness.needed.at(-1)).toEqual({ action: 'dynamodb:GetRecords', resource: streamArn });
  });

  it('answers an operation that it does not have by its name', async () => {
    const response = await fetch(`${harness.url}/_aws/dynamodb`, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ExportTableToPointInTime' },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('ExportTableToPointInTime'),
    });
  });
});

it('keeps items and settings over a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-dynamodb-'));
  const store = memoryStore();
  const open = () => startHarness([dynamodbService], { directory, store, ephemeral: false });
  const first = await open();
  await first.provision('AWS::DynamoDB::Table', riskTable);
  const item = { subject: { S: 'p' }, kind: { S: 'k' } };
  await new DynamoDBClient(first.client('dynamodb')).send(
    new PutItemCommand({ TableName: 'risk', Item: item }),
  );
  await first.stop();
  const second = await open();
  const client = new DynamoDBClient(second.client('dynamodb'));
  expect((await client.send(new GetItemCommand({ TableName: 'risk', Key: item }))).Item).toEqual(item);
  expect((await second.provision('AWS::DynamoDB::Table', riskTable)).attributes.StreamArn).toBeDefined();
  await second.stop();
  await rm(directory, { recursive: true });
});
