import type { Service } from '../platform.ts';
import type { Image } from './decisions.ts';
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
  readonly Items?: readonly Image[];
  readonly LastEvaluatedKey?: unknown;
}

/** Rows of a table that carry an event or a decision, in no order. */
export async function storedImages(dynamodb: Service, table: string): Promise<readonly Image[]> {
  const images: Image[] = [];
  let from: unknown;
  for (let page = 0; page < PAGES; page += 1) {
    const answer: ScanAnswer = await callApi(dynamodb, 'Scan', {
      TableName: table,
      FilterExpression: 'attribute_exists(#event) OR attribute_exists(#record)',
      ExpressionAttributeNames: { '#event': 'event', '#record': 'record' },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    images.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return images;
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
