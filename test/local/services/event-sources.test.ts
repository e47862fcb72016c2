import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { dynamodbService } from '../../../local/services/dynamodb/index.ts';
import type { StreamRecord } from '../../../local/services/dynamodb/stream-source.ts';
import { type EventSourceService, eventSourceService } from '../../../local/services/event-sources/index.ts';
import type { MappingSettings } from '../../../local/services/event-sources/settings.ts';
import { deliverBatch } from '../../../local/services/event-sources/stream-batch.ts';
import { type SqsService, sqsService } from '../../../local/services/sqs/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { functionArn, type Harness, type HarnessOptions, startHarness } from './harness.ts';

const consumer = functionArn('consumer');
const table = {
  TableName: 'outbox',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
};
type Event = { Records: StreamRecord[] };
const ids = (event: Event) => event.Records.map(({ dynamodb }) => String(dynamodb.Keys.id?.S));
const reporting = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

describe('event source mappings on a stream', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.stop();
  });

  async function start(mapping: object, handler: (event: Event) => unknown, options: HarnessOptions = {}) {
    const harness = await startHarness([dynamodbService, sqsService, eventSourceService], options);
    open.push(harness);
    harness.functions.set(consumer, handler as never);
    const { attributes } = await harness.provision('AWS::DynamoDB::Table', table);
    const failed = await harness.provision('AWS::SQS::Queue', { QueueName: 'failed' });
    await harness.provision('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: attributes.StreamArn,
      FunctionName: consumer,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: failed.attributes.Arn } },
      ...mapping,
    });
    const client = new DynamoDBClient(harness.client('dynamodb'));
    const put = async (...names: string[]) => {
      for (const id of names) {
        const Item = { id: { S: id }, body: { S: `${id}!` }, bytes: { B: Buffer.from('bytes') } };
        await client.send(new PutItemCommand({ TableName: 'outbox', Item }));
      }
    };
    const failures = async () => {
      const sqs = harness.cloud.service<SqsService>('sqs');
      return (await sqs.receive(failed.attributes.Arn as string, 10)).map(({ body }) => JSON.parse(body));
    };
    const mappings = () => harness.cloud.service<EventSourceService>('event-sources').mappings();
    return { harness, put, failures, mappings, streamArn: attributes.StreamArn };
  }

  it('delivers records in order and in the shape of Lambda', async () => {
    const events: Event[] = [];
    const { harness, put, streamArn } = await start({}, (event) => void events.push(event));
    await put('a', 'b', 'c');
    await harness.ready();
    await expect.poll(() => events.flatMap(ids)).toEqual(['a', 'b', 'c']);
    expect(events[0]?.Records[0]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.closeTo(Date.now() / 1000, -2),
        Keys: { id: { S: 'a' } },
        NewImage: { id: { S: 'a' }, body: { S: 'a!' }, bytes: { B: 'Ynl0ZXM=' } },
        SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_IMAGE',
      },
      eventSourceARN: streamArn,
    });
  });

  it('notices a write soon when it was idle', async () => {
    const events: Event[] = [];
    const { harness, put } = await start({}, (event) => void events.push(event));
    await harness.ready();
    await put('first');
    await expect.poll(() => events.length, { timeout: 900, interval: 20 }).toBe(1);
  });

  it('goes on after a restart where it had stopped', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'vestibule-streams-'));
    const durable = { store: memoryStore(), directory, ephemeral: false };
    const seen: string[] = [];
    const first = await start({}, (event) => void seen.push(...ids(event)), durable);
    await first.put('a', 'b');
    await first.harness.ready();
    await expect.poll(() => seen).toEqual(['a', 'b']);
    await first.harness.stop();
    open.pop();
    const second = await start({}, (event) => void seen.push(...ids(event)), durable);
    await second.put('c');
    await second.harness.ready();
    await expect.poll(() => seen).toEqual(['a', 'b', 'c']);
    await second.harness.stop();
    open.pop();
    await rm(directory, { recursive: true });
  });

  it('splits a failing batch until the bad record is alone, and delivers all others once', async () => {
    const done: string[] = [];
    const poison = 'd';
    const { harness, put, failures, mappings } = await start(
      { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 },
      (event) => {
        if (ids(event).includes(poison)) throw new Error('bad record');
        done.push(...ids(event));
      },
    );
    await put('a', 'b', 'c', poison, 'e', 'f');
    await harness.ready();
    await expect.poll(() => done, { timeout: 5_000 }).toEqual(['a', 'b', 'c', 'e', 'f']);
    const [message, ...others] = await failures();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      requestContext: {
        functionArn: consumer,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      version: '1.0',
      DDBStreamBatchInfo: {
        batchSize: 1,
        shardId: expect.any(String),
        startSequenceNumber: expect.any(String),
      },
    });
    expect(JSON.stringify(message)).not.toContain('d!');
    expect(mappings()[0]?.discarded).toBe(1);
  });

  it('tries again from the first record that the function reports', async () => {
    const calls: string[][] = [];
    const { harness, put } = await start(reporting, (event) => {
      calls.push(ids(event));
      const failed = calls.length === 1 ? event.Records.slice(1) : [];
      return {
        batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
      };
    });
    await put('a', 'b', 'c');
    await harness.ready();
    await expect
      .poll(() => calls)
      .toEqual([
        ['a', 'b', 'c'],
        ['b', 'c'],
      ]);
  });

  it('gives up records that became too old while they failed', async () => {
    let calls = 0;
    const { harness, put, failures } = await start({ MaximumRecordAgeInSeconds: 60 }, () => {
      calls += 1;
      throw new Error('down');
    });
    await put('a');
    await harness.ready();
    await expect.poll(() => calls).toBeGreaterThan(0);
    harness.clock.advance(120_000);
    const received: unknown[] = [];
    await expect
      .poll(async () => received.push(...(await failures())), { timeout: 5_000 })
      .toBeGreaterThan(0);
    expect(received[0]).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded' } });
  });

  it('tries once what the clock jumped over while the batch gathered', async () => {
    const seen: string[] = [];
    const { harness } = await start({}, (event) => void seen.push(...ids(event)));
    const day = 86_400;
    const record = {
      dynamodb: {
        Keys: { id: { S: 'a' } },
        SequenceNumber: '1',
        ApproximateCreationDateTime: harness.clock.now() / 1000 - day,
      },
    } as unknown as StreamRecord;
    const settings = { functionArn: consumer, maxAgeMs: 60_000, retries: 1, bisect: false };
    const discarded: unknown[] = [];
    await deliverBatch(
      {
        cloud: harness.cloud,
        settings: settings as MappingSettings,
        checkpoint: async () => {},
        discard: async (batch) => void discarded.push(batch),
        pause: async () => true,
      },
      [record],
    );
    expect(seen).toEqual(['a']);
    expect(discarded).toEqual([]);
  });

  it('passes over what the filter does not want', async () => {
    const seen: string[] = [];
    const Pattern = JSON.stringify({
      eventName: ['INSERT'],
      dynamodb: { Keys: { id: { S: [{ prefix: 'yes' }] } } },
    });
    const { harness, put } = await start(
      { FilterCriteria: { Filters: [{ Pattern }] } },
      (event) => void seen.push(...ids(event)),
    );
    await put('no-1', 'yes-1', 'no-2', 'yes-2');
    await harness.ready();
    await expect.poll(() => seen).toEqual(['yes-1', 'yes-2']);
  });

  it('keeps to the batch size', async () => {
    const sizes: number[] = [];
    const { harness, put } = await start({ BatchSize: 2 }, (event) => void sizes.push(event.Records.length));
    await put('a', 'b', 'c', 'd', 'e');
    await harness.ready();
    await expect.poll(() => sizes).toEqual([2, 2, 1]);
  });

  it('does not read a stream that the role may not read, and says so', async () => {
    const seen: string[] = [];
    const { harness, put, mappings } = await start({}, (event) => void seen.push(...ids(event)));
    harness.denied.add('dynamodb:GetRecords');
    await put('a');
    await harness.ready();
    await expect.poll(() => mappings()[0]?.lastResult).toContain('dynamodb:GetRecords');
    harness.denied.clear();
    await expect.poll(() => seen, { timeout: 3_000 }).toEqual(['a']);
  });
});

describe('event source mappings on a queue', () => {
  it('deletes what the function has done and leaves what it reports', async () => {
    const harness = await startHarness([sqsService, eventSourceService]);
    const calls: unknown[] = [];
    harness.functions.set(consumer, ((event: { Records: { messageId: string; body: string }[] }) => {
      calls.push(event.Records[0]);
      const failed = event.Records.filter(({ body }) => body === 'bad');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    }) as never);
    const { attributes } = await harness.provision('AWS::SQS::Queue', { QueueName: 'jobs' });
    const arn = attributes.Arn as string;
    const properties = { EventSourceArn: arn, FunctionName: 'consumer', ...reporting };
    await harness.provision('AWS::Lambda::EventSourceMapping', properties);
    const sqs = harness.cloud.service<SqsService>('sqs');
    await sqs.send(arn, { body: 'good' });
    await sqs.send(arn, { body: 'bad' });
    await harness.ready();
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]).toMatchObject({
      body: 'good',
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: 'eu-west-1',
    });
    await harness.stop();
    harness.clock.advance(31_000);
    expect((await sqs.receive(arn, 10)).map(({ body }) => body)).toEqual(['bad']);
  });

  it('brings a failed message again after its visibility timeout, and then to the dead-letter queue', async () => {
    const harness = await startHarness([sqsService, eventSourceService]);
    let calls = 0;
    harness.functions.set(consumer, (() => {
      calls += 1;
      throw new Error('broken');
    }) as never);
    const dead = (await harness.provision('AWS::SQS::Queue', { QueueName: 'dead' })).attributes.Arn as string;
    const { attributes } = await harness.provision('AWS::SQS::Queue', {
      QueueName: 'jobs',
      VisibilityTimeout: 90,
      RedrivePolicy: { deadLetterTargetArn: dead, maxReceiveCount: 2 },
    });
    const arn = attributes.Arn as string;
    const properties = { EventSourceArn: arn, FunctionName: 'consumer' };
    await harness.provision('AWS::Lambda::EventSourceMapping', properties);
    const sqs = harness.cloud.service<SqsService>('sqs');
    await sqs.send(arn, { body: 'poison' });
    await harness.ready();
    await expect.poll(() => calls).toBe(1);
    harness.clock.advance(90_000);
    await expect.poll(() => calls, { timeout: 5_000 }).toBe(2);
    harness.clock.advance(90_000);
    const found: string[] = [];
    await expect
      .poll(async () => found.push(...(await sqs.receive(dead, 1)).map(({ body }) => body)), {
        timeout: 5_000,
      })
      .toBe(1);
    expect(found).toEqual(['poison']);
    expect(calls).toBe(2);
    await harness.stop();
  });

  it.each([
    { what: 'stream settings', properties: { BisectBatchOnFunctionError: true }, says: 'BisectBatch' },
    { what: 'a large batch without a window', properties: { BatchSize: 100 }, says: 'BatchSize' },
    { what: 'what it does not know', properties: { KmsKeyArn: 'arn' }, says: 'KmsKeyArn' },
    {
      what: 'another kind of answer',
      properties: { FunctionResponseTypes: ['Other'] },
      says: 'FunctionResponseTypes',
    },
  ])('refuses $what', async ({ properties, says }) => {
    const harness = await startHarness([sqsService, eventSourceService]);
    const EventSourceArn = 'arn:aws:sqs:eu-west-1:000000000000:jobs';
    const given = { EventSourceArn, FunctionName: 'consumer', ...properties };
    await expect(harness.provision('AWS::Lambda::EventSourceMapping', given)).rejects.toThrow(says);
    await harness.stop();
  });

  /** Messages that somebody holds, looked at from outside. */
  const taken = ({ cloud }: Harness) =>
    [...cloud.store.collection<{ receiveCount: number }>('sqs-messages').entries()].filter(
      ([, { receiveCount }]) => receiveCount > 0,
    ).length;

  const windowed = async (BatchSize: number, MaximumBatchingWindowInSeconds: number) => {
    const harness = await startHarness([sqsService, eventSourceService]);
    const batches: string[][] = [];
    harness.functions.set(consumer, ((event: { Records: { body: string }[] }) => {
      batches.push(event.Records.map(({ body }) => body));
    }) as never);
    const { attributes } = await harness.provision('AWS::SQS::Queue', { QueueName: 'jobs' });
    const arn = attributes.Arn as string;
    await harness.provision('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arn,
      FunctionName: 'consumer',
      BatchSize,
      MaximumBatchingWindowInSeconds,
    });
    const sqs = harness.cloud.service<SqsService>('sqs');
    return { harness, batches, arn, sqs };
  };

  it('gathers a batch within its window', async () => {
    const { harness, batches, arn, sqs } = await windowed(1_000, 1);
    await harness.ready();
    await sqs.send(arn, { body: 'first' });
    await expect.poll(() => taken(harness)).toBe(1);
    await sqs.send(arn, { body: 'second' });
    await expect.poll(() => batches, { timeout: 5_000 }).toEqual([['first', 'second']]);
    await harness.stop();
  });

  it('does not wait for the window once a batch is full', async () => {
    const { harness, batches, arn, sqs } = await windowed(2, 300);
    for (const body of ['a', 'b', 'c', 'd']) await sqs.send(arn, { body });
    await harness.ready();
    await expect
      .poll(() => batches, { timeout: 5_000 })
      .toEqual([
        ['a', 'b'],
        ['c', 'd'],
      ]);
    await harness.stop();
  });

  it('has what it gathered there again when the cloud stops before the window does', async () => {
    const { harness, batches, arn, sqs } = await windowed(1_000, 300);
    await sqs.send(arn, { body: 'waiting' });
    await harness.ready();
    await expect.poll(() => taken(harness)).toBe(1);
    await harness.stop();
    expect(batches).toEqual([]);
    expect((await sqs.receive(arn, 10)).map(({ body }) => body)).toEqual(['waiting']);
  });
});
