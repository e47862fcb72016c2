import { marshall } from '@aws-sdk/util-dynamodb';
import type { DecisionTraces } from '../core/administration/ports.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Flow } from '../core/challenge/flow.ts';
import type { Sub } from '../core/ids.ts';
import { eventOf } from './activity.ts';
import { type DynamoClient, type DynamoItem, GetItemCommand, QueryCommand } from './dynamo.ts';
import { flowKey, readFlowRow } from './flow-items.ts';

/** Rows per query and queries per answer: a few thousand events are more than a person has in the time they are kept. */
const pageRows = 1_000;
const maxPages = 4;

/**
 * What is left of a decision.
 *
 * | access | call | cost |
 * |---|---|---|
 * | record | 1 or 2 × GetItem | 0.5 RRU each |
 * | events | 1 to 4 × Query over the person's events, newest first | 0.5 RRU per 4 kB, about 8 events |
 */
export const dynamoDecisionTraces = (
  client: DynamoClient,
  tables: { readonly risk: string; readonly audit: string },
): DecisionTraces => {
  const record = async (id: string, mayFollow = true): Promise<Flow | undefined> => {
    const { Item } = await client.send(new GetItemCommand({ TableName: tables.risk, Key: flowKey(id) }));
    // Behind its TTL it decides nothing any more, but it still says what was decided.
    const row = readFlowRow(Item, 0);
    if (!row) return undefined;
    if ('flow' in row) return row.flow;
    return mayFollow ? record(row.bound, false) : undefined;
  };
  return {
    record: (flow) => record(flow),
    events: async (sub, flow) => {
      const found: AuditEvent[] = [];
      let start: DynamoItem | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const { Items = [], LastEvaluatedKey } = await client.send(query(tables.audit, sub, flow, start));
        found.push(...Items.flatMap((item) => eventOf(item) ?? []).filter((event) => event.flow === flow));
        start = LastEvaluatedKey;
        if (!start) break;
      }
      return found.reverse();
    },
  };
};

/** The flow stands in the text of the event; what only happens to contain it is sorted out by the reader. */
const query = (table: string, sub: Sub, flow: string, start: DynamoItem | undefined) =>
  new QueryCommand({
    TableName: table,
    KeyConditionExpression: '#subject = :sub',
    FilterExpression: 'contains(#event, :flow) OR contains(#copy, :flow)',
    ExpressionAttributeNames: { '#subject': 'subject', '#event': 'event', '#copy': 'copy' },
    ExpressionAttributeValues: marshall({ ':sub': sub, ':flow': flow }),
    ScanIndexForward: false,
    Limit: pageRows,
    ...(start && { ExclusiveStartKey: start }),
  });
