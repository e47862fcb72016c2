import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AddressAttempts } from '../core/administration/ports.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { readEvent } from '../core/audit/read-event.ts';
import type { Sub } from '../core/ids.ts';
import {
  activityOf,
  attemptOf,
  type OperatorActivity,
  operatorActivityOf,
} from '../core/profile/activity.ts';
import type { RecentActivity } from '../core/profile/ports.ts';
import { type DynamoClient, type DynamoItem, QueryCommand } from './dynamo.ts';

/** Queries per page at the most, so that a long run of routine events cannot make one answer expensive. */
const maxQueries = 4;

/**
 * Recent activity from the Audit table; the partition is the person.
 *
 * | access | call | cost |
 * |---|---|---|
 * | recent | 1 to 4 × Query, newest first, eventually consistent | 0.5 RRU per 4 kB, about 8 events |
 */
export const dynamoActivity = (client: DynamoClient, table: string): RecentActivity =>
  activityAs(client, table, activityOf);

/** As operators see it: with the flow, by which they ask why something was decided, and with what it was made of. */
export const dynamoOperatorActivity = (
  client: DynamoClient,
  table: string,
): RecentActivity<OperatorActivity> => activityAs(client, table, operatorActivityOf);

/** Newest attempts with an address: 1 Query, 0.5 RRU per 4 kB. */
export const dynamoAttempts =
  (client: DynamoClient, table: string): AddressAttempts =>
  async (address, { limit, now }) => {
    // The outbox keeps what is about no account in a partition of the address.
    const sub = `ANON#${address}` as Sub;
    const { items } = await queryPage(client, table, { sub, now, limit, before: undefined });
    return items.flatMap((item) => eventOf(item) ?? []).map(attemptOf);
  };

type Present<Shown> = (event: AuditEvent, sub: Sub) => Shown | undefined;

const activityAs = <Shown>(
  client: DynamoClient,
  table: string,
  present: Present<Shown>,
): RecentActivity<Shown> => ({
  recent: async (sub, { limit, now, before }) => {
    const events: Shown[] = [];
    let position = before;
    for (let query = 0; query < maxQueries; query += 1) {
      const page = await queryPage(client, table, {
        sub,
        now,
        limit: limit - events.length,
        before: position,
      });
      events.push(...page.items.flatMap((item) => visible(item, sub, present)));
      position = page.next;
      if (position === undefined || events.length >= limit) break;
    }
    return { events, ...(position !== undefined && { next: position }) };
  },
});

interface PageQuery {
  readonly sub: Sub;
  readonly now: number;
  readonly limit: number;
  readonly before: string | undefined;
}

async function queryPage(client: DynamoClient, table: string, { sub, now, limit, before }: PageQuery) {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#subject = :sub',
      // DynamoDB removes expired rows only within days.
      FilterExpression: '#ttl > :now',
      ExpressionAttributeNames: { '#subject': 'subject', '#ttl': 'ttl' },
      ExpressionAttributeValues: marshall({ ':sub': sub, ':now': Math.floor(now / 1000) }),
      ScanIndexForward: false,
      Limit: limit,
      // The partition is always the caller's own: a position can move within it, never out of it.
      ...(before !== undefined && { ExclusiveStartKey: marshall({ subject: sub, id: before }) }),
    }),
  );
  const next = LastEvaluatedKey?.id?.S;
  return { items: Items, ...(next !== undefined && { next }) };
}

/** A row that is no event of ours is the audit forwarder's to report; the person is shown the others. */
function visible<Shown>(item: DynamoItem, sub: Sub, present: Present<Shown>): Shown[] {
  const event = eventOf(item);
  const activity = event && present(event, sub);
  return activity ? [activity] : [];
}

/** The event of an outbox row, or of the copy of one that was written elsewhere. */
export function eventOf(item: DynamoItem): AuditEvent | undefined {
  const { event, copy = event } = unmarshall(item) as { event?: unknown; copy?: unknown };
  const read = readEvent(typeof copy === 'string' ? copy : '');
  return 'event' in read ? read.event : undefined;
}
