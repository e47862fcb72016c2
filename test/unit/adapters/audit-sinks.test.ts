import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import { describe, expect, it } from 'vitest';
import { eventBridgeBus } from '../../../lambdas/adapters/event-bridge.ts';
import { firehoseArchive } from '../../../lambdas/adapters/firehose-archive.ts';
import { anEvent } from '../../support/audit.ts';

/** Which entries of a call AWS refuses; `silent` counts a failure without saying which entry it was. */
type Refusal = (call: number, entries: number) => readonly number[] | 'silent';
const never: Refusal = () => [];

/** A client as the AWS SDK's, that keeps what each call brought and refuses some of it with HTTP 200. */
function aSink<Input, Entry>(
  entriesOf: (input: Input) => readonly Entry[],
  answerOf: (refused: readonly boolean[], failed: number) => object,
  refusal: Refusal,
) {
  const calls: Entry[][] = [];
  const send = async ({ input }: { input: Input }) => {
    const entries = [...entriesOf(input)];
    calls.push(entries);
    const refused = refusal(calls.length, entries.length);
    if (refused === 'silent') return answerOf([], 1);
    const marks = entries.map((_, index) => refused.includes(index));
    return answerOf(marks, refused.length);
  };
  return { calls, client: { send } };
}

const firehose = (refusal = never) => {
  const sink = aSink(
    ({ Records }: { Records: { Data: Buffer }[] }) => Records.map(({ Data }) => Data),
    (refused, FailedPutCount) => ({
      FailedPutCount,
      RequestResponses: refused.map((isRefused) =>
        isRefused ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: 'r' },
      ),
    }),
    refusal,
  );
  const archive = firehoseArchive('audit', sink.client as unknown as FirehoseClient);
  const lines = () => sink.calls.map((records) => records.flatMap(linesIn));
  return { ...sink, archive, lines };
};
const linesIn = (record: Buffer): unknown[] => {
  const text = record.toString();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
};

describe('the archive on Firehose', () => {
  const megabyte = (n: number) => ({ n, text: 'é'.repeat(250_000) });

  it('packs small lines into one record, in their order, whole and newline-terminated', async () => {
    const { archive, lines, calls } = firehose();
    await archive.append([{ n: 1 }, { n: 2, text: 'a\nb\u2028' }, { n: 3 }]);
    expect(calls.map((records) => records.length)).toEqual([1]);
    expect(lines()).toEqual([[{ n: 1 }, { n: 2, text: 'a\nb\u2028' }, { n: 3 }]]);
  });

  it('keeps every record and every call within the limits, counted in bytes', async () => {
    const { archive, lines, calls } = firehose();
    const given = Array.from({ length: 12 }, (_, n) => megabyte(n));
    await archive.append(given);
    expect(lines().flat()).toEqual(given);
    for (const records of calls) {
      expect(Math.max(...records.map(({ length }) => length))).toBeLessThan(1_024_000);
      expect(records.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4 * 1_048_576);
    }
  });

  it('makes no call for nothing', async () => {
    const { archive, calls } = firehose();
    await archive.append([]);
    expect(calls).toEqual([]);
  });

  it('sends the refused records again, and only those', async () => {
    const { archive, lines } = firehose((call) => (call === 1 ? [1] : []));
    await archive.append([megabyte(1), megabyte(2), megabyte(3)]);
    expect(lines().map((call) => call.map((line) => (line as { n: number }).n))).toEqual([[1, 2, 3], [2]]);
  });

  it('sends everything again when the answer does not say what was refused', async () => {
    const { archive, lines } = firehose((call) => (call === 1 ? 'silent' : []));
    await archive.append([{ n: 1 }]);
    expect(lines()).toEqual([[{ n: 1 }], [{ n: 1 }]]);
  });

  it('fails when something is refused every time, so that the batch comes again', async () => {
    const { archive, calls } = firehose(() => [0]);
    await expect(archive.append([{ n: 1 }])).rejects.toThrow('Firehose refused 1 records 4 times');
    expect(calls).toHaveLength(4);
  });

  it('fails with what the call fails with', async () => {
    const send = () => Promise.reject(Object.assign(new Error(), { name: 'ResourceNotFoundException' }));
    const archive = firehoseArchive('gone', { send } as unknown as FirehoseClient);
    await expect(archive.append([{}])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: Date;
}

const bridge = (refusal = never) => {
  const sink = aSink(
    ({ Entries }: { Entries: Entry[] }) => Entries,
    (refused, FailedEntryCount) => ({
      FailedEntryCount,
      Entries: refused.map((isRefused) =>
        isRefused ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' },
      ),
    }),
    refusal,
  );
  return { ...sink, bus: eventBridgeBus('bus', sink.client as unknown as EventBridgeClient) };
};
const idsOf = (calls: readonly Entry[][]) =>
  calls.map((entries) => entries.map(({ Detail }) => (JSON.parse(Detail) as { id: string }).id));

describe('the bus on EventBridge', () => {
  const events = Array.from({ length: 23 }, () => anEvent());
  const ids = events.map(({ id }) => id);

  it('publishes events as they are, by type, on the configured bus', async () => {
    const { bus, calls } = bridge();
    const event = anEvent({ type: 'consent.granted' });
    await bus.publish([event]);
    expect(calls).toEqual([
      [
        {
          EventBusName: 'bus',
          Source: 'vestibule',
          DetailType: 'consent.granted',
          Time: new Date(event.at),
          Detail: JSON.stringify(event),
        },
      ],
    ]);
  });

  it('publishes at most ten at a time, in order', async () => {
    const { bus, calls } = bridge();
    await bus.publish(events);
    expect(idsOf(calls)).toEqual([ids.slice(0, 10), ids.slice(10, 20), ids.slice(20)]);
  });

  it('publishes the refused ones again before it goes on, and only those', async () => {
    const { bus, calls } = bridge((call) => (call === 1 ? [0, 9] : []));
    await bus.publish(events.slice(0, 12));
    expect(idsOf(calls)).toEqual([ids.slice(0, 10), [ids[0], ids[9]], ids.slice(10, 12)]);
  });

  it('publishes everything again when the answer does not say what was refused', async () => {
    const { bus, calls } = bridge((call) => (call === 1 ? 'silent' : []));
    await bus.publish(events.slice(0, 2));
    expect(idsOf(calls)).toEqual([ids.slice(0, 2), ids.slice(0, 2)]);
  });

  it('fails when an event is refused every time, so that the batch comes again', async () => {
    const { bus, calls } = bridge(() => [0]);
    await expect(bus.publish(events.slice(0, 3))).rejects.toThrow('EventBridge refused 1 events 4 times');
    expect(idsOf(calls)).toEqual([ids.slice(0, 3), [ids[0]], [ids[0]], [ids[0]]]);
  });
});
