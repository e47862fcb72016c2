import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SqsService, sqsService } from '../../../local/services/sqs/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { type Harness, startHarness } from './harness.ts';

describe('SQS', () => {
  const store = memoryStore();
  let harness: Harness;
  let client: SQSClient;
  let QueueUrl: string;
  let deadUrl: string;

  beforeEach(async () => {
    harness = await startHarness([sqsService], { store });
    client = new SQSClient(harness.client('sqs'));
    const dead = await harness.provision('AWS::SQS::Queue', { QueueName: 'dead' }, 'Dead');
    const queue = await harness.provision('AWS::SQS::Queue', {
      QueueName: 'work',
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn: dead.attributes.Arn, maxReceiveCount: 2 },
    });
    [QueueUrl, deadUrl] = [queue.physicalId, dead.physicalId];
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    await client.send(new PurgeQueueCommand({ QueueUrl: deadUrl }));
  });
  afterEach(() => harness.stop());

  const send = (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (url = QueueUrl) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }))).Messages ?? [];

  it('names the queue by URL, ARN and name', async () => {
    expect(QueueUrl).toBe(`${harness.url}/_aws/sqs/000000000000/work`);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(QueueUrl);
    await send('x');
    expect(harness.needed.at(-1)).toEqual({
      action: 'sqs:SendMessage',
      resource: 'arn:aws:sqs:eu-west-1:000000000000:work',
    });
  });

  it('hides a received message until the visibility timeout has passed', async () => {
    await send('one');
    const [first] = await receive();
    expect(first).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive()).toEqual([]);
    harness.clock.advance(30_001);
    const [second] = await receive();
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('deletes only with the latest receipt', async () => {
    await send('two');
    const [old] = await receive();
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: old?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [current] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: old?.ReceiptHandle }));
    harness.clock.advance(30_001);
    expect(current?.ReceiptHandle).not.toBe(old?.ReceiptHandle);
    const counts = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(counts.Attributes?.ApproximateNumberOfMessages).toBe('1');
  });

  it('moves a message that was received too often to the dead-letter queue', async () => {
    await send('poison');
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await receive()).toHaveLength(1);
      harness.clock.advance(30_001);
    }
    expect(await receive()).toEqual([]);
    expect((await receive(deadUrl)).map(({ Body }) => Body)).toEqual(['poison']);
  });

  it('moves it as the same message, as old as it is', async () => {
    const { MessageId } = await send('poison');
    const sentAt = harness.clock.now();
    for (let turn = 0; turn < 2; turn += 1) {
      await receive();
      harness.clock.advance(30_001);
    }
    await receive();
    const [moved] = await receive(deadUrl);
    expect(moved).toMatchObject({ MessageId, Body: 'poison' });
    expect(moved?.Attributes?.DeadLetterQueueSourceArn).toMatch(/:work$/);
    expect(Math.abs(Number(moved?.Attributes?.SentTimestamp) - sentAt)).toBeLessThan(30_000);
  });

  it('answers a long poll when a message arrives', async () => {
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    await expect.poll(() => harness.needed.some(({ action }) => action === 'sqs:ReceiveMessage')).toBe(true);
    await send('late');
    expect((await waiting).Messages?.[0]?.Body).toBe('late');
  });

  it('reports each entry of a batch', async () => {
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'fine' },
          { Id: 'bad', MessageBody: 'x'.repeat(262_145) },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed?.map(({ Id }) => Id)).toEqual(['bad']);
  });

  it('keeps messages over a restart', async () => {
    await send('durable');
    const again = await startHarness([sqsService], { store });
    const arn = 'arn:aws:sqs:eu-west-1:000000000000:work';
    const messages = await again.cloud.service<SqsService>('sqs').receive(arn, 10);
    expect(messages.map(({ body }) => body)).toEqual(['durable']);
    await again.stop();
  });

  it('lets a service send only where the queue policy says so', async () => {
    const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:work';
    const sqs = harness.cloud.service<SqsService>('sqs');
    const sender = { queueArn, principal: 'events.amazonaws.com', sourceArn: 'arn:rule/a' };
    expect(sqs.allowsService(sender)).toBe(false);
    await harness.provision('AWS::SQS::QueuePolicy', {
      Queues: [QueueUrl],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: queueArn,
            Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule/a' } },
          },
        ],
      },
    });
    expect(sqs.allowsService(sender)).toBe(true);
    expect(sqs.allowsService({ ...sender, sourceArn: 'arn:rule/b' })).toBe(false);
  });

  it('says which queue kind it does not have', async () => {
    await expect(harness.provision('AWS::SQS::Queue', { FifoQueue: true }, 'Ordered')).rejects.toThrow(
      'Ordered: FIFO',
    );
  });
});
