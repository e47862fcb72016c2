import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventBridgeService } from '../../../local/services/events/index.ts';
import { type SqsService, sqsService } from '../../../local/services/sqs/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { functionArn, type Harness, startHarness } from './harness.ts';

const notifier = functionArn('notifier');
const minute = 60_000;
const event = {
  Source: 'vestibule',
  DetailType: 'SignedIn',
  Detail: '{"device":"new"}',
  EventBusName: 'audit',
};

describe('EventBridge', () => {
  let store: ReturnType<typeof memoryStore>;
  let harness: Harness;
  let client: EventBridgeClient;
  let queueArn: string;
  let received: unknown[];

  beforeEach(async () => {
    store = memoryStore();
    received = [];
    await open();
  });
  afterEach(() => harness.stop());

  async function open() {
    harness = await startHarness([sqsService, eventBridgeService], { store });
    client = new EventBridgeClient(harness.client('events'));
    harness.functions.set(notifier, ((input: unknown) => void received.push(input)) as never);
    const bus = await harness.provision('AWS::Events::EventBus', { Name: 'audit' });
    expect(bus.attributes.Arn).toBe('arn:aws:events:eu-west-1:000000000000:event-bus/audit');
    const queue = await harness.provision('AWS::SQS::Queue', { QueueName: 'dead' });
    queueArn = queue.attributes.Arn as string;
    await harness.provision('AWS::SQS::QueuePolicy', {
      Queues: [queue.physicalId],
      PolicyDocument: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn,
        },
      },
    });
  }
  const rule = (targets: readonly object[], EventPattern: object = { detail: { device: ['new'] } }) =>
    harness.provision('AWS::Events::Rule', {
      Name: 'new-device',
      EventBusName: 'audit',
      EventPattern,
      Targets: targets,
    });
  const put = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries: Entries as never }));
  const inQueue = () => harness.cloud.service<SqsService>('sqs').receive(queueArn, 10);

  it('hands a matching event to the function in the shape of AWS', async () => {
    const { attributes } = await rule([{ Id: 'f', Arn: notifier }]);
    expect(attributes.Arn).toBe('arn:aws:events:eu-west-1:000000000000:rule/audit/new-device');
    await harness.ready();
    const { FailedEntryCount, Entries } = await put(event, { ...event, Detail: '{"device":"known"}' });
    expect(FailedEntryCount).toBe(0);
    await expect
      .poll(() => received)
      .toEqual([
        {
          version: '0',
          id: Entries?.[0]?.EventId,
          'detail-type': 'SignedIn',
          source: 'vestibule',
          account: '000000000000',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          region: 'eu-west-1',
          resources: [],
          detail: { device: 'new' },
        },
      ]);
    expect(harness.needed[0]).toMatchObject({
      action: 'events:PutEvents',
      resource: 'arn:aws:events:eu-west-1:000000000000:event-bus/audit',
    });
  });

  it('reports refused entries one by one and takes the others', async () => {
    await rule([{ Id: 'f', Arn: notifier }]);
    await harness.ready();
    const answer = await put({ ...event, Detail: 'no json' }, event, { ...event, Source: '' });
    expect(answer.FailedEntryCount).toBe(2);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'MalformedDetail',
      undefined,
      'InvalidArgument',
    ]);
    await expect.poll(() => received.length).toBe(1);
  });

  it('refuses more than ten entries', async () => {
    await expect(put(...Array.from({ length: 11 }, () => event))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('sends to a queue, with a constant input or a part of the event', async () => {
    await rule([
      { Id: 'whole', Arn: queueArn },
      { Id: 'part', Arn: queueArn, InputPath: '$.detail' },
      { Id: 'fixed', Arn: queueArn, Input: '{"fixed":true}' },
    ]);
    await harness.ready();
    await put(event);
    const bodies: string[] = [];
    await expect.poll(async () => bodies.push(...(await inQueue()).map(({ body }) => body))).toBe(3);
    expect(bodies).toEqual(expect.arrayContaining(['{"device":"new"}', '{"fixed":true}']));
  });

  it('puts what cannot be delivered into the dead-letter queue, with the reason', async () => {
    await rule([{ Id: 'f', Arn: functionArn('gone'), DeadLetterConfig: { Arn: queueArn } }]);
    await harness.ready();
    await put(event);
    let messages = await inQueue();
    await expect
      .poll(async () => {
        messages = messages.length > 0 ? messages : await inQueue();
        return messages.length;
      })
      .toBe(1);
    expect(JSON.parse(messages[0]?.body ?? '')).toMatchObject({ detail: { device: 'new' } });
    expect(messages[0]?.attributes).toMatchObject({ ERROR_CODE: { StringValue: 'NO_RESOURCE' } });
  });

  it('is done once Lambda has the event: what the function throws never reaches the rule’s queue', async () => {
    let calls = 0;
    await rule([{ Id: 'f', Arn: notifier, DeadLetterConfig: { Arn: queueArn } }]);
    harness.functions.set(notifier, (() => {
      calls += 1;
      throw new Error('broken');
    }) as never);
    await harness.ready();
    await put(event);
    await expect.poll(() => calls).toBe(1);
    harness.clock.advance(3 * minute);
    await expect.poll(() => calls).toBe(3);
    expect(await inQueue()).toEqual([]);
    expect(harness.cloud.meter.read()['events:lost']).toBeUndefined();
  });

  describe('a target that does not take the event', () => {
    const unavailable = (times: number) =>
      harness.cloud.faults.add({
        service: 'events',
        operation: 'InvokeTarget',
        effect: { kind: 'error', name: 'SDK_CLIENT_ERROR' },
        times,
      });
    const left = () => harness.cloud.faults.armed?.()[0]?.times ?? 0;
    const dead = async () => {
      let messages = await inQueue();
      await expect
        .poll(async () => {
          messages = messages.length > 0 ? messages : await inQueue();
          return messages.length;
        })
        .toBe(1);
      return messages[0];
    };

    it('gets it again by the clock of the cloud, later each time', async () => {
      await rule([{ Id: 'f', Arn: notifier }]);
      await harness.ready();
      unavailable(3);
      await put(event);
      await expect.poll(left).toBe(2);
      harness.clock.advance(1_000);
      await expect.poll(left).toBe(1);
      harness.clock.advance(2_000);
      await expect.poll(left).toBe(0);
      harness.clock.advance(4_000);
      await expect.poll(() => received.length).toBe(1);
    });

    it('is given up after the retries of the template, with the reason', async () => {
      const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 };
      const { attributes } = await rule([
        { Id: 'f', Arn: notifier, RetryPolicy, DeadLetterConfig: { Arn: queueArn } },
      ]);
      await harness.ready();
      unavailable(10);
      await put(event);
      await expect.poll(left).toBe(9);
      harness.clock.advance(minute);
      const message = await dead();
      expect(left()).toBe(7);
      expect(JSON.parse(message?.body ?? '')).toMatchObject({ detail: { device: 'new' } });
      expect(message?.attributes).toMatchObject({
        RULE_ARN: { StringValue: attributes.Arn },
        TARGET_ARN: { StringValue: notifier },
        ERROR_CODE: { StringValue: 'SDK_CLIENT_ERROR' },
        RETRY_ATTEMPTS: { StringValue: '2' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      });
    });

    it('is given up once the event is too old', async () => {
      const RetryPolicy = { MaximumEventAgeInSeconds: 60 };
      await rule([{ Id: 'f', Arn: notifier, RetryPolicy, DeadLetterConfig: { Arn: queueArn } }]);
      await harness.ready();
      unavailable(100);
      await put(event);
      harness.clock.advance(2 * minute);
      expect((await dead())?.attributes).toMatchObject({
        RETRY_ATTEMPTS: { StringValue: '5' }, // after 1, 3, 7, 15 and 31 seconds
        EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' },
      });
    });

    it('gets it all the same when the clock jumps by a day meanwhile', async () => {
      await rule([{ Id: 'f', Arn: notifier }]);
      await harness.ready();
      unavailable(2);
      await put(event);
      harness.clock.advance(24 * 60 * minute);
      await expect.poll(() => received.length).toBe(1);
    });

    it('loses it without a dead-letter queue, which the meter counts', async () => {
      await rule([{ Id: 'f', Arn: functionArn('gone') }]);
      await harness.ready();
      await put(event);
      await expect.poll(() => harness.cloud.meter.read()['events:lost']).toBe(1);
    });
  });

  it('delivers after a restart what was accepted before', async () => {
    await rule([{ Id: 'f', Arn: notifier }]);
    await put(event); // the worker has not been started
    expect(received).toEqual([]);
    await harness.stop();
    await open();
    await rule([{ Id: 'f', Arn: notifier }]);
    await harness.ready();
    await expect.poll(() => received.length).toBe(1);
  });

  describe('a rule with a schedule', () => {
    const schedule = (ScheduleExpression: string, more: object = {}) =>
      harness.provision('AWS::Events::Rule', {
        Name: 'hourly',
        ScheduleExpression,
        Targets: [{ Id: 'f', Arn: notifier }],
        ...more,
      });
    const hour = 3_600_000;

    it('fires when the clock of the cloud gets there, in the shape of AWS', async () => {
      const { attributes } = await schedule('rate(1 hour)');
      await harness.ready();
      expect(received).toEqual([]);
      harness.cloud.clock.advance(hour);
      await expect
        .poll(() => received)
        .toEqual([
          {
            version: '0',
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            'detail-type': 'Scheduled Event',
            source: 'aws.events',
            account: '000000000000',
            time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
            region: 'eu-west-1',
            resources: [attributes.Arn],
            detail: {},
          },
        ]);
      harness.cloud.clock.advance(hour);
      await expect.poll(() => received.length).toBe(2);
    });

    it('fires once for all the times that the clock jumped over, and hands over a constant input', async () => {
      await schedule('rate(1 hour)', { Targets: [{ Id: 'f', Arn: notifier, Input: '{"sweep":true}' }] });
      await harness.ready();
      harness.cloud.clock.advance(50 * hour);
      await expect.poll(() => received).toEqual([{ sweep: true }]);
      harness.cloud.clock.advance(hour);
      await expect.poll(() => received.length).toBe(2);
    });

    it('keeps its time over a restart', async () => {
      await schedule('rate(1 hour)');
      await harness.ready();
      harness.cloud.clock.advance(hour);
      await expect.poll(() => received.length).toBe(1);
      await harness.stop();
      await open();
      await schedule('rate(1 hour)');
      await harness.ready();
      harness.cloud.clock.advance(hour);
      await expect.poll(() => received.length).toBe(2);
    });

    it('stays silent while it is disabled', async () => {
      await schedule('rate(1 minute)', { State: 'DISABLED' });
      await schedule('rate(1 hour)', { Name: 'other' });
      await harness.ready();
      harness.cloud.clock.advance(hour);
      await expect.poll(() => received.length).toBe(1);
      expect(received).toMatchObject([{ resources: [expect.stringContaining('rule/other')] }]);
    });

    it('belongs to the default bus', async () =>
      expect(schedule('rate(1 hour)', { EventBusName: 'audit' })).rejects.toThrow('default event bus'));
  });

  it('names what it does not have', async () => {
    const schedule = harness.provision('AWS::Events::Rule', { ScheduleExpression: 'at(noon)' }, 'Nightly');
    await expect(schedule).rejects.toThrow('ScheduleExpression is not valid: at(noon)');
    await expect(harness.provision('AWS::Events::Rule', {}, 'Idle')).rejects.toThrow('Idle: expected');
    await expect(rule([{ Id: 't', Arn: 'arn:aws:sns:eu-west-1:000000000000:t' }])).rejects.toThrow(
      'targets are',
    );
  });
});
