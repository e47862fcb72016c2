import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LambdaService } from '../../../local/functions/index.ts';
import { eventBridgeService } from '../../../local/services/events/index.ts';
import { type Message, type SqsService, sqsService } from '../../../local/services/sqs/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { functionArn, type Harness, startHarness } from '../services/harness.ts';

const worker = functionArn('worker');
const queue = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;
const minute = 60_000;
const hour = 60 * minute;

describe('asynchronous invocations', () => {
  let store: ReturnType<typeof memoryStore>;
  let harness: Harness;
  let calls: number;
  let failing: boolean;

  beforeEach(async () => {
    store = memoryStore();
    calls = 0;
    failing = true;
    await open();
  });
  afterEach(() => harness.stop());

  async function open(functionQueueArn?: string) {
    harness = await startHarness([sqsService, eventBridgeService], {
      store,
      ...(functionQueueArn && { functionQueueArn }),
    });
    harness.functions.set(worker, (() => {
      calls += 1;
      if (failing) throw new Error('broken');
      return { done: true };
    }) as never);
    for (const QueueName of ['dead', 'failed', 'succeeded']) {
      await harness.provision('AWS::SQS::Queue', { QueueName });
    }
  }
  async function reopen(functionQueueArn: string) {
    await harness.stop();
    await open(functionQueueArn);
  }
  const accept = () =>
    harness.cloud
      .service<LambdaService>('lambda')
      .accept(worker, { order: 1 }, { principal: 'events.amazonaws.com' });
  const configure = (properties: object) =>
    harness.provision('AWS::Lambda::EventInvokeConfig', {
      FunctionName: worker,
      Qualifier: '$LATEST',
      ...properties,
    });
  async function message(name: string): Promise<Message> {
    let found: Message | undefined;
    const sqs = harness.cloud.service<SqsService>('sqs');
    await expect
      .poll(async () => {
        found ??= (await sqs.receive(queue(name), 1))[0];
        return found;
      })
      .toBeDefined();
    return found as Message;
  }
  const lost = () => harness.cloud.meter.read()['lambda:lost-events'];

  it('tries a failing function after one minute and two more, by the clock of the cloud', async () => {
    await harness.ready();
    await accept();
    await expect.poll(() => calls).toBe(1);
    harness.clock.advance(minute);
    await expect.poll(() => calls).toBe(2);
    harness.clock.advance(2 * minute - 5_000);
    failing = false;
    harness.clock.advance(5_000);
    await expect.poll(() => calls).toBe(3);
    await expect.poll(() => store.collection('lambda-events').size).toBe(0);
    expect(lost()).toBeUndefined();
  });

  it('loses the event when nothing takes what failed, which the meter counts', async () => {
    await harness.ready();
    await accept();
    harness.clock.advance(hour);
    await expect.poll(lost).toBe(1);
    expect(calls).toBe(3);
  });

  it('puts the event into the dead-letter queue of the function', async () => {
    await reopen(queue('dead'));
    await harness.ready();
    await accept();
    harness.clock.advance(hour);
    const { body, attributes } = await message('dead');
    expect(JSON.parse(body)).toEqual({ order: 1 });
    expect(attributes).toEqual({
      RequestID: { DataType: 'String', StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'Error: broken' },
    });
    expect(lost()).toBeUndefined();
  });

  it('loses it when the role of the function may not send there', async () => {
    await reopen(queue('dead'));
    await harness.ready();
    harness.denied.add('sqs:SendMessage');
    await accept();
    harness.clock.advance(hour);
    await expect.poll(lost).toBe(1);
  });

  it('keeps to the retries of the template and sends a record of the invocation', async () => {
    await configure({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queue('failed') } },
    });
    await harness.ready();
    await accept();
    harness.clock.advance(hour);
    expect(JSON.parse((await message('failed')).body)).toEqual({
      version: '1.0',
      timestamp: expect.any(String),
      requestContext: {
        requestId: expect.any(String),
        functionArn: `${worker}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { order: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'Error: broken', errorType: 'Error' },
    });
    expect(calls).toBe(2);
  });

  it('sends a record of a success where the template asks for it', async () => {
    failing = false;
    await configure({ DestinationConfig: { OnSuccess: { Destination: queue('succeeded') } } });
    await harness.ready();
    await accept();
    expect(JSON.parse((await message('succeeded')).body)).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responsePayload: { done: true },
    });
  });

  it('gives up what is too old', async () => {
    await configure({
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queue('failed') } },
    });
    await harness.ready();
    await accept();
    await expect.poll(() => calls).toBe(1);
    harness.clock.advance(minute);
    await expect.poll(() => calls).toBe(2); // at 60 seconds; the next would be at 180
    expect(JSON.parse((await message('failed')).body)).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded' },
    });
  });

  it('tries on without using up retries while Lambda has no room', async () => {
    const invoke = harness.cloud.functions.invoke;
    let throttles = 5;
    harness.cloud.functions.invoke = async (...call) => {
      throttles -= 1;
      if (throttles < 0) return invoke(...call);
      const errorType = 'TooManyRequestsException';
      return { ok: false, kind: 'throttled', errorType, message: 'Rate Exceeded.', durationMs: 0 };
    };
    failing = false;
    await harness.ready();
    await accept();
    harness.clock.advance(31_000); // 1 + 2 + 4 + 8 + 16 seconds
    await expect.poll(() => calls).toBe(1);
  });

  it('keeps an event over a restart, and over a clock that jumped by a day', async () => {
    await harness.ready();
    await accept();
    await expect.poll(() => calls).toBe(1);
    await expect
      .poll(() => [...store.collection<{ failures: number }>('lambda-events').entries()][0]?.[1].failures)
      .toBe(1);
    await reopen(queue('dead'));
    failing = false;
    await harness.ready();
    harness.clock.advance(24 * hour);
    await expect.poll(() => calls).toBe(2);
  });

  it('refuses destinations that it does not know', async () => {
    const Destination = 'arn:aws:sns:eu-west-1:000000000000:topic';
    await expect(configure({ DestinationConfig: { OnFailure: { Destination } } })).rejects.toThrow(
      'OnFailure: an SQS queue',
    );
  });

  it('is what a rule hands over to', async () => {
    failing = false;
    await harness.provision('AWS::Events::Rule', {
      EventPattern: { source: ['shop'] },
      Targets: [{ Id: 'f', Arn: worker }],
    });
    await harness.ready();
    const Entries = [{ Source: 'shop', DetailType: 'Sold', Detail: '{}' }];
    await new EventBridgeClient(harness.client('events')).send(new PutEventsCommand({ Entries }));
    await expect.poll(() => calls).toBe(1);
  });
});
