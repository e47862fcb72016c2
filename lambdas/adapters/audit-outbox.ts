import { marshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { AuditOutbox } from '../ports.ts';
import {
  BatchWriteItemCommand,
  type DynamoClient,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
} from './dynamo.ts';

export interface AuditTable {
  readonly name: string;
  /** Days an outbox row stays readable as recent activity; the archive keeps its own retention. */
  readonly ttlDays: number;
}

/** Partition of an event: the person, or the pseudonym of an address without account. */
export const auditSubject = (event: AuditEvent): string =>
  'sub' in event.subject ? event.subject.sub : `ANON#${event.subject.pseudonym}`;

/**
 * Outbox row: keys, TTL, type and the event as one JSON string, so that what is archived is what was written. A `copy` of
 * an event that reached the archive through another table is for reading only: the stream's consumer passes it over.
 */
const row = (table: AuditTable, event: AuditEvent, as: 'event' | 'copy' = 'event') =>
  marshall({
    subject: auditSubject(event),
    id: event.id,
    // Beside the event, so that a reader of the stream can choose: a filter cannot look into the text.
    type: event.type,
    [as]: JSON.stringify(event),
    ttl: Math.floor(Date.parse(event.at) / 1000) + table.ttlDays * 86_400,
  });

/** The event as part of a transaction with the state change that it records: 2 WRU. */
export const auditWrite = (table: AuditTable, event: AuditEvent): TransactWriteItem => ({
  Put: { TableName: table.name, Item: row(table, event), ConditionExpression: 'attribute_not_exists(id)' },
});

/** Writes: 1 WRU each (events are below 1 kB). */
export const dynamoAuditOutbox = (client: DynamoClient, table: AuditTable): AuditOutbox => ({
  put: async (event) => {
    await client
      .send(
        new PutItemCommand({
          TableName: table.name,
          Item: row(table, event),
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      )
      .catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // the same event again: already written
      });
  },
});

/** DynamoDB takes no more in one call. */
const batchSize = 25;

/**
 * Copies into the Audit table, for "recent activity": a sign-in writes its events with its own items in the Risk
 * table, because a second write would cost it a third. 1 WRU each, behind the answer; repeating it changes nothing.
 * @throws Error when some found no room: the stream hands over the same events again
 */
export const dynamoActivityCopies =
  (client: DynamoClient, table: AuditTable) =>
  async (events: readonly AuditEvent[]): Promise<void> => {
    // One call may not name an item twice; the stream may hold an event more than once.
    const rows = [...new Map(events.map((event) => [event.id, row(table, event, 'copy')])).values()];
    for (let start = 0; start < rows.length; start += batchSize) {
      const writes = rows.slice(start, start + batchSize).map((Item) => ({ PutRequest: { Item } }));
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table.name]: writes } }),
      );
      const left = UnprocessedItems[table.name]?.length ?? 0;
      if (left > 0) throw new Error(`activity copies: ${left} of ${writes.length} found no room`);
    }
  };
