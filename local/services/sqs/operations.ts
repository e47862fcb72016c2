import { AwsError, type Cloud, type Needed } from '../../platform.ts';
import { arnOf, viaService } from '../arns.ts';
import type { Fields } from '../fields.ts';
import type { Operation, Operations } from '../json-api.ts';
import { type Message, md5, type Queue, type Queues } from './queues.ts';

const maxBytes = 262_144;
const maxBatch = 10;
const maxWaitSeconds = 20;
const maxVisibilitySeconds = 43_200;

export const queueUrl = (cloud: Cloud, name: string): string =>
  `${cloud.url}/_aws/sqs/${cloud.accountId}/${name}`;

export function sqsOperations(cloud: Cloud, queues: Queues): Operations {
  const onQueue = (
    action: string,
    handle: (queue: Queue, input: Fields) => unknown,
    keyActions: readonly string[] = [],
  ): Operation => ({
    needs: (input) => needs(cloud, queues.find(input.text('QueueUrl')), action, keyActions),
    handle: (input) => handle(queues.find(input.text('QueueUrl')), input),
  });
  const send = (queue: Queue, entry: Fields) => sendOne(queues, queue, entry);
  return {
    SendMessage: onQueue('sqs:SendMessage', send, ['kms:GenerateDataKey', 'kms:Decrypt']),
    SendMessageBatch: onQueue(
      'sqs:SendMessage',
      (queue, input) => batch(input, (entry) => send(queue, entry)),
      ['kms:GenerateDataKey', 'kms:Decrypt'],
    ),
    ReceiveMessage: onQueue('sqs:ReceiveMessage', (queue, input) => receive(queues, queue, input), [
      'kms:Decrypt',
    ]),
    DeleteMessage: onQueue('sqs:DeleteMessage', (queue, input) =>
      queues.delete(queue, input.text('ReceiptHandle')),
    ),
    DeleteMessageBatch: onQueue('sqs:DeleteMessage', (queue, input) =>
      batch(input, async (entry) => {
        await queues.delete(queue, entry.text('ReceiptHandle'));
        return {};
      }),
    ),
    ChangeMessageVisibility: onQueue('sqs:ChangeMessageVisibility', (queue, input) => {
      const bounds = { min: 0, max: maxVisibilitySeconds, default: queue.visibilitySeconds };
      return queues.changeVisibility(
        queue,
        input.text('ReceiptHandle'),
        input.integer('VisibilityTimeout', bounds),
      );
    }),
    GetQueueAttributes: onQueue('sqs:GetQueueAttributes', (queue, input) => {
      const wanted = new Set(input.texts('AttributeNames'));
      const all = Object.entries(attributes(queues, queue));
      return {
        Attributes: Object.fromEntries(all.filter(([name]) => wanted.has('All') || wanted.has(name))),
      };
    }),
    PurgeQueue: onQueue('sqs:PurgeQueue', (queue) => queues.purge(queue)),
    GetQueueUrl: {
      needs: (input) => [
        { action: 'sqs:GetQueueUrl', resource: arnOf(cloud, 'sqs', input.text('QueueName')) },
      ],
      handle: (input) => ({ QueueUrl: queueUrl(cloud, queues.find(input.text('QueueName')).name) }),
    },
    ListQueues: {
      needs: () => [{ action: 'sqs:ListQueues', resource: arnOf(cloud, 'sqs', '*') }],
      handle: (input) => {
        const prefix = input.optionalText('QueueNamePrefix') ?? '';
        const names = queues.names().filter((name) => name.startsWith(prefix));
        return { QueueUrls: names.map((name) => queueUrl(cloud, name)) };
      },
    },
  };
}

function needs(cloud: Cloud, queue: Queue, action: string, keyActions: readonly string[]): readonly Needed[] {
  const { keyArn } = queue;
  const context = viaService(cloud, 'sqs');
  const keys = keyArn ? keyActions.map((each) => ({ action: each, resource: keyArn, context })) : [];
  return [{ action, resource: queue.arn }, ...keys];
}

async function sendOne(queues: Queues, queue: Queue, entry: Fields): Promise<Record<string, string>> {
  const body = entry.text('MessageBody');
  if (body.length === 0)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > maxBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  }
  const delaySeconds = entry.optionalInteger('DelaySeconds', { min: 0, max: 900 });
  const MessageId = await queues.send(queue, {
    body,
    attributes: entry.optionalObject('MessageAttributes')?.values ?? {},
    ...(delaySeconds !== undefined && { delaySeconds }),
  });
  return { MessageId, MD5OfMessageBody: md5(body) };
}

/** Partial success, as the batch operations have it. */
async function batch(input: Fields, one: (entry: Fields) => Promise<object>): Promise<object> {
  const entries = input.objects('Entries');
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > maxBatch) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maxBatch}.`,
    );
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    const Id = entry.text('Id');
    try {
      Successful.push({ Id, ...(await one(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.name, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

async function receive(queues: Queues, queue: Queue, input: Fields): Promise<object> {
  const limit = input.integer('MaxNumberOfMessages', { min: 1, max: maxBatch, default: 1 });
  const wait = input.integer('WaitTimeSeconds', { min: 0, max: maxWaitSeconds, default: queue.waitSeconds });
  const visibility = input.optionalInteger('VisibilityTimeout', { min: 0, max: maxVisibilitySeconds });
  const deadline = performance.now() + wait * 1000;
  let messages = await queues.receive(queue, limit, visibility);
  while (messages.length === 0 && performance.now() < deadline) {
    await arrival(queues, queue, Math.min(deadline - performance.now(), 1_000));
    messages = await queues.receive(queue, limit, visibility);
  }
  return messages.length > 0 ? { Messages: messages.map(presented) } : {};
}

/** A message that becomes visible again makes no arrival: the longest wait is a second. */
const arrival = (queues: Queues, queue: Queue, withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    const timer = setTimeout(done, withinMs);
    const unwatch = queues.onArrival(queue, done);
  });

const presented = (message: Message) => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  MD5OfBody: md5(message.body),
  Body: message.body,
  Attributes: systemAttributes(message),
  ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
});

export const systemAttributes = (message: Message): Record<string, string> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ...(message.sourceArn && { DeadLetterQueueSourceArn: message.sourceArn }),
});

function attributes(queues: Queues, queue: Queue): Record<string, string> {
  const { visible, hidden, delayed } = queues.counts(queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    VisibilityTimeout: String(queue.visibilitySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    DelaySeconds: String(queue.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.waitSeconds),
    MaximumMessageSize: String(maxBytes),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queue.redrive.deadLetterArn,
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
    ...(queue.keyArn && { KmsMasterKeyId: queue.keyArn }),
  };
}
