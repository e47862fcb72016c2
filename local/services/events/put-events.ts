import { randomUUID } from 'node:crypto';
import { AwsError, type Cloud } from '../../platform.ts';
import { nameOf } from '../arns.ts';
import type { Fields } from '../fields.ts';
import type { Rule } from './bus.ts';
import type { Deliveries } from './deliveries.ts';

const maxEntries = 10;
const maxBytes = 1_048_576;

export interface PutEventsParts {
  readonly cloud: Cloud;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly deliveries: Deliveries;
  hasBus(name: string): boolean;
}

export const busOf = (entry: Fields): string => nameOf(entry.optionalText('EventBusName') ?? 'default');

/** Partial failure: an entry that is refused does not stop the others, and the answer is 200 all the same. */
export async function putEvents(parts: PutEventsParts, input: Fields): Promise<object> {
  const entries = input.objects('Entries');
  if (entries.length === 0 || entries.length > maxEntries) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length from 1 to ${maxEntries}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maxBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const Entries = await Promise.all(entries.map((entry) => putEvent(parts, entry)));
  return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
}

/** As AWS counts: 14 bytes for a time, and the UTF-8 length of source, type, detail and resources. */
const sizeOf = (entry: Fields): number =>
  [
    entry.optionalText('Source'),
    entry.optionalText('DetailType'),
    entry.optionalText('Detail'),
    ...entry.texts('Resources'),
  ]
    .map((text) => Buffer.byteLength(text ?? ''))
    .reduce((sum, bytes) => sum + bytes, entry.has('Time') ? 14 : 0);

async function putEvent(parts: PutEventsParts, entry: Fields): Promise<object> {
  const event = read(parts.cloud, entry);
  if ('ErrorCode' in event) return event;
  // AWS accepts an event for a bus that does not exist, too; nothing receives it
  const bus = busOf(entry);
  if (!parts.hasBus(bus)) parts.cloud.log.warn('events: no such bus, the event goes nowhere', { bus });
  parts.cloud.meter.count('events:accepted');
  const matching = [...parts.rules.values()].filter(
    (rule) => rule.bus === bus && rule.enabled && rule.matches(event),
  );
  await Promise.all(matching.map((rule) => parts.deliveries.add(rule, event)));
  return { EventId: event.id };
}

function read({ clock, accountId, region }: Cloud, entry: Fields) {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => !entry.optionalText(name));
  if (missing)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  const detail = parseDetail(entry.text('Detail'));
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const seconds = Number(entry.values.Time);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.text('DetailType'),
    source: entry.text('Source'),
    account: accountId,
    time: new Date(Number.isFinite(seconds) ? seconds * 1000 : clock.now())
      .toISOString()
      .replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: entry.texts('Resources'),
    detail,
  };
}

function parseDetail(text: string): object | undefined {
  try {
    const detail = JSON.parse(text) as unknown;
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}
