import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Sub } from '../core/ids.ts';
import {
  type ErasureMarker,
  type ErasurePlan,
  type ErasurePorts,
  type Farewell,
  isErasureReason,
} from '../core/privacy/erasure.ts';
import type { SessionCutoff } from '../core/session/cutoff.ts';
import { lockKey } from './account-locks.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  isConditionFailure,
  type TransactWriteItem,
  UpdateItemCommand,
  writeTogether,
} from './dynamo.ts';
import { sessionCutoffPut } from './session-cutoffs.ts';
import { forgetProofs } from './sign-in-history.ts';

/** Longer than any delivery of an event repeats (a day), so that none of them finds an account that is not there. */
const erasedSeconds = 30 * 86_400;

export interface ErasureRequests {
  /**
   * Closes the account: the mark, the end of every session and of what devices had proven, and the event, in one
   * transaction of 8 WRU. `locked`: an operator had closed it before; nothing was written. `asked`: it was asked before.
   */
  begin(
    marker: Pick<ErasureMarker, 'sub' | 'id' | 'at' | 'brand'>,
    cutoff: SessionCutoff,
    event: AuditEvent,
  ): Promise<'begun' | 'asked' | 'locked'>;
}

/**
 * The mark is the account's lock (`lock` in Profiles), so that whatever asks for a lock finds it: no tokens at any door.
 * An operator cannot take it away.
 */
export const dynamoErasureRequests = (
  client: DynamoClient,
  tables: { readonly profiles: string; readonly risk: string; readonly audit: AuditTable },
): ErasureRequests => ({
  begin: async ({ sub, id, at, brand }, cutoff, event) => {
    const lost = await writeTogether(client, [
      {
        Put: {
          TableName: tables.profiles,
          Item: {
            ...lockKey(sub),
            ...marshall({ reason: 'erasure', by: sub, id, at, mailFailures: 0, ...(brand && { brand }) }),
          },
          ConditionExpression: 'attribute_not_exists(#sub)',
          ExpressionAttributeNames: { '#sub': 'sub' },
        },
      },
      { Put: sessionCutoffPut(tables.risk, cutoff) },
      forgetProofs(tables.risk, sub, Date.parse(event.at)),
      auditWrite(tables.audit, event),
    ]);
    if (!lost) return 'begun';
    return (await dynamoErasureMark(client, tables.profiles)(sub)) ? 'asked' : 'locked';
  },
});

/** Strongly consistent: 1 RRU. `undefined` also for an account that an operator has locked. */
export const dynamoErasureMark =
  (client: DynamoClient, table: string) =>
  async (sub: Sub): Promise<ErasureMarker | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: lockKey(sub), ConsistentRead: true }),
    );
    return Item && markerOf(Item);
  };

/** Eventually consistent, 0.5 RRU: for whoever comes late. */
export const dynamoIsErased =
  (client: DynamoClient, table: string) =>
  async (sub: Sub): Promise<boolean> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: lockKey(sub),
        ProjectionExpression: '#reason',
        ExpressionAttributeNames: { '#reason': 'reason' },
      }),
    );
    return isErasureReason(Item?.reason?.S);
  };

/**
 * Part of a transaction that makes an item which was not there, 2 WRU: refused from the moment an erasure begins, as nothing else
 * keeps a request that was under way from bringing back what has been erased. What only changes an item is refused by the
 * item's own condition.
 */
export const unlessErased = (table: string, sub: Sub): TransactWriteItem => ({
  ConditionCheck: {
    TableName: table,
    Key: lockKey(sub),
    ConditionExpression: 'attribute_not_exists(#reason) OR NOT #reason IN (:erasure, :erased)',
    ExpressionAttributeNames: { '#reason': 'reason' },
    ExpressionAttributeValues: marshall({ ':erasure': 'erasure', ':erased': 'erased' }),
  },
});

/** Of this very erasure, and not at its end. */
const underWay = '#id = :id AND #reason = :erasure';
const names = { '#id': 'id', '#reason': 'reason' };

/**
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU |
 * | plan, noteFarewell, mailFailed | UpdateItem, conditional | 1 WRU |
 * | complete | TransactWriteItems: mark + event | 4 WRU |
 */
export const dynamoErasureMarkers = (
  client: DynamoClient,
  tables: { readonly profiles: string; readonly audit: AuditTable },
): ErasurePorts['markers'] => {
  const change = async (
    { sub, id }: ErasureMarker,
    expression: string,
    name: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<DynamoItem | undefined> => {
    const command = new UpdateItemCommand({
      TableName: tables.profiles,
      Key: lockKey(sub),
      UpdateExpression: expression,
      ConditionExpression: underWay,
      ExpressionAttributeNames: { ...names, '#name': name },
      ExpressionAttributeValues: marshall({ ':id': id, ':erasure': 'erasure', ...values }),
      ReturnValues: 'ALL_NEW',
    });
    return client.send(command).then(
      ({ Attributes }) => Attributes,
      (error: unknown) => {
        if (!isConditionFailure(error)) throw error;
        return undefined; // another run has come to its end
      },
    );
  };
  const keepFirst = 'SET #name = if_not_exists(#name, :value)';
  return {
    find: dynamoErasureMark(client, tables.profiles),
    plan: async (marker, plan) => {
      const item = await change(marker, keepFirst, 'plan', { ':value': plan });
      return (item && markerOf(item)?.plan) ?? plan;
    },
    noteFarewell: async (marker, farewell) => {
      const item = await change(marker, keepFirst, 'farewell', { ':value': farewell });
      return (item && markerOf(item)?.farewell) ?? farewell;
    },
    mailFailed: async (marker) => {
      const item = await change(marker, 'SET #name = #name + :one', 'mailFailures', { ':one': 1 });
      return item ? (markerOf(item)?.mailFailures ?? 0) : Number.POSITIVE_INFINITY;
    },
    complete: async ({ sub, id, at }, event) => {
      const ttl = Math.floor(Date.parse(event.at) / 1000) + erasedSeconds;
      const lost = await writeTogether(client, [
        {
          Put: {
            TableName: tables.profiles,
            Item: { ...lockKey(sub), ...marshall({ reason: 'erased', by: sub, id, at, ttl }) },
            ConditionExpression: underWay,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: marshall({ ':id': id, ':erasure': 'erasure' }),
          },
        },
        auditWrite(tables.audit, event),
      ]);
      return lost === undefined;
    },
  };
};

interface StoredMark {
  readonly sub: Sub;
  readonly reason: string;
  readonly id: string;
  readonly at: string;
  readonly brand?: string;
  readonly plan?: ErasurePlan;
  readonly mailFailures?: number;
  readonly farewell?: Farewell;
}

function markerOf(item: DynamoItem): ErasureMarker | undefined {
  const { sub, reason, id, at, brand, plan, mailFailures = 0, farewell } = unmarshall(item) as StoredMark;
  if (!isErasureReason(reason)) return undefined;
  return {
    sub,
    reason,
    id,
    at,
    mailFailures,
    ...(brand && { brand }),
    ...(plan && { plan }),
    ...(farewell && { farewell }),
  };
}
