import type { DynamoDBRecord } from 'aws-lambda';
import type { AuditEvent } from '../core/audit/event.ts';
import { readEvent } from '../core/audit/read-event.ts';
import { tables } from '../tables.ts';

export interface ReadBatch {
  readonly events: readonly AuditEvent[];
  /** Those of a person that came through the Risk table, so that the Audit table does not hold them yet. */
  readonly uncopied: readonly AuditEvent[];
  /** Sequence numbers of records that are no events, with the reason; no content. */
  readonly refused: readonly { readonly sequenceNumber: string; readonly why: string }[];
}

/**
 * Finds the events in stream records of the Audit and Risk tables. An item that was changed without a new event
 * (a counter beside the last sign-in) shows the same event in both images and is passed over.
 */
export function readRecords(records: readonly DynamoDBRecord[]): ReadBatch {
  const events: AuditEvent[] = [];
  const uncopied: AuditEvent[] = [];
  const refused: { sequenceNumber: string; why: string }[] = [];
  for (const { eventName, dynamodb } of records) {
    const text = dynamodb?.NewImage?.event?.S;
    if (eventName === 'REMOVE' || text === undefined || text === dynamodb?.OldImage?.event?.S) continue;
    const read = readEvent(text);
    if ('event' in read) {
      events.push(read.event);
      if (isRiskItem(dynamodb?.Keys) && 'sub' in read.event.subject) uncopied.push(read.event);
    } else refused.push({ sequenceNumber: dynamodb?.SequenceNumber ?? '', why: read.refused });
  }
  return { events, uncopied, refused };
}

/** By its sort key; the ARN would name the table, but not which one it is. */
const isRiskItem = (keys: Record<string, unknown> | undefined): boolean =>
  keys?.[tables.risk.sortKey] !== undefined;
