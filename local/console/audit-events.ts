import type { Service } from '../platform.ts';
import { callApi } from './sources.ts';

/** What the console shows of an audit event. Fields it does not know are left out. */
export interface AuditEventView {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly subject: string;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly flow?: string;
  readonly door?: string;
  readonly device?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A page is up to 1 MB; a laptop with more than this shows the newest of what was read. */
const PAGES = 8;

interface ScanAnswer {
  readonly Items?: readonly { readonly event?: { readonly S?: string } }[];
  readonly LastEvaluatedKey?: unknown;
}

/** The events that rows of a table carry, in no order. */
export async function storedEvents(dynamodb: Service, table: string): Promise<readonly AuditEventView[]> {
  const events: AuditEventView[] = [];
  let from: unknown;
  for (let page = 0; page < PAGES; page += 1) {
    const answer: ScanAnswer = await callApi(dynamodb, 'Scan', {
      TableName: table,
      ProjectionExpression: '#event',
      FilterExpression: 'attribute_exists(#event)',
      ExpressionAttributeNames: { '#event': 'event' },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    events.push(...(answer.Items ?? []).flatMap(({ event }) => readEvent(event?.S)));
    from = answer.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return events;
}

/** A row without a readable event is not an event; the archive's verifier is the place that complains about it. */
export function readEvent(text: string | undefined): readonly AuditEventView[] {
  const event = text === undefined ? undefined : parsed(text);
  if (event === undefined || typeof event.id !== 'string' || typeof event.type !== 'string') return [];
  const subject = record(event.subject);
  return [
    {
      id: event.id,
      type: event.type,
      at: String(event.at),
      subject: String(subject.sub ?? subject.pseudonym ?? ''),
      outcome: String(event.outcome),
      reasons: Array.isArray(event.reasons) ? event.reasons.map(String) : [],
      ...(typeof event.flow === 'string' && { flow: event.flow }),
      ...(typeof event.door === 'string' && { door: event.door }),
      ...(typeof event.device === 'string' && { device: event.device }),
      data: record(event.data),
    },
  ];
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Decisions of the sign-in path: the events that carry a score or reasons. */
export const decisionsOf = (events: readonly AuditEventView[]): readonly AuditEventView[] =>
  events.filter(
    ({ type, data, reasons }) =>
      /^sign-in\.(challenged|succeeded|refused)$/.test(type) &&
      (data.score !== undefined || reasons.length > 0),
  );
