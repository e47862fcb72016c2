import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../core/ids.ts';
import type { Recoveries } from '../core/recovery/ports.ts';
import type { Recovery } from '../core/recovery/recovery.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  lostTheRace,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';
import { factorItem, factorKey } from './factors.ts';
import { sessionCutoffPut } from './session-cutoffs.ts';
import { forgetProofs } from './sign-in-history.ts';

const keyOf = (sub: Sub) => marshall({ sub, item: 'recovery' });

/** This very recovery, and nobody has ended it. */
const stillOpen = '#id = :id AND #status = :requested';
const names = { '#id': 'id', '#status': 'status' };

/** Tries of a cancellation that met another transaction on the same item. */
const maxConflicts = 20;

/**
 * Item `recovery` of the person in Profiles.
 *
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU |
 * | hasFactors | Query, consistent | 1 RRU |
 * | start | TransactWriteItems: recovery + event, and no erasure under way | 6 WRU |
 * | cancel | TransactWriteItems: recovery + event | 4 WRU |
 * | complete | Query + TransactWriteItems: recovery, factors, cutoff, history, event | 1 RRU, 8 WRU and 2 per factor |
 */
export const dynamoRecoveries = (
  client: DynamoClient,
  tables: { readonly profiles: string; readonly risk: string; readonly audit: AuditTable },
): Recoveries => {
  const transact = (items: TransactWriteItem[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  return {
    find: async (sub) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.profiles, Key: keyOf(sub), ConsistentRead: true }),
      );
      return Item && recoveryOf(Item);
    },
    hasFactors: async (sub) => (await factorKeys(client, tables.profiles, sub, 1)).length > 0,
    start: (recovery, standing, event) =>
      transact([
        { Put: startPut(tables.profiles, recovery, standing) },
        unlessErased(tables.profiles, recovery.sub),
        auditWrite(tables.audit, event),
      ]).then(() => true, lostTheRace),
    cancel: async (recovery, event) => {
      const items = [
        { Update: settlement(tables.profiles, recovery, 'cancelled') },
        auditWrite(tables.audit, event),
      ];
      for (let conflicts = 0; ; conflicts += 1) {
        const refused = await transact(items).then(() => undefined, cancelledReasons);
        if (!refused) return true;
        if (refused.includes('ConditionalCheckFailed')) return false;
        if (conflicts >= maxConflicts) throw new Error('a cancellation kept losing races');
      }
    },
    complete: async (recovery, now, cutoff, event) => {
      const factors = await factorKeys(client, tables.profiles, recovery.sub);
      return transact([
        { Update: settlement(tables.profiles, recovery, 'completed', now) },
        ...factors.map((Key) => ({ Delete: { TableName: tables.profiles, Key } })),
        { Update: nextFactorSet(tables.profiles, recovery.sub) },
        { Put: sessionCutoffPut(tables.risk, cutoff) },
        forgetProofs(tables.risk, recovery.sub, now),
        auditWrite(tables.audit, event),
      ]).then(() => true, lostTheRace);
    },
  };
};

function startPut(table: string, recovery: Recovery, standing: Recovery | undefined) {
  return {
    TableName: table,
    Item: { ...keyOf(recovery.sub), ...marshall({ ...recovery }) },
    ConditionExpression: standing ? '#id = :standing AND #status = :status' : 'attribute_not_exists(#id)',
    ExpressionAttributeNames: standing ? names : { '#id': 'id' },
    ...(standing && {
      ExpressionAttributeValues: marshall({ ':standing': standing.id, ':status': standing.status }),
    }),
  };
}

/** @param readyBy - completion only: its time must have come, and not be over */
const settlement = (
  table: string,
  { sub, id }: Pick<Recovery, 'sub' | 'id'>,
  status: 'cancelled' | 'completed',
  readyBy?: number,
) => ({
  TableName: table,
  Key: keyOf(sub),
  UpdateExpression: 'SET #status = :status',
  ConditionExpression:
    readyBy === undefined ? stillOpen : `${stillOpen} AND readyAt <= :now AND expiresAt > :now`,
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: marshall({
    ':id': id,
    ':requested': 'requested',
    ':status': status,
    ...(readyBy !== undefined && { ':now': readyBy }),
  }),
});

/** @throws what is no lost condition and no race */
function cancelledReasons(error: unknown): readonly string[] {
  const reasons = cancellationReasons(error);
  const known = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];
  if (!reasons?.every((code) => known.includes(code))) throw error;
  return reasons;
}

/** Whoever changes the set of factors at the same time has to look again (see `factor-store.ts`). */
const nextFactorSet = (table: string, sub: Sub) => ({
  TableName: table,
  Key: factorKey(sub, factorItem.set),
  UpdateExpression: 'SET #version = if_not_exists(#version, :none) + :one',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: marshall({ ':none': 0, ':one': 1 }),
});

/** Keys of all further factors; a person has a handful. */
async function factorKeys(
  client: DynamoClient,
  table: string,
  sub: Sub,
  limit?: number,
): Promise<DynamoItem[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#sub = :sub AND begins_with(#item, :factor)',
      ProjectionExpression: '#sub, #item',
      ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
      ExpressionAttributeValues: marshall({ ':sub': sub, ':factor': 'factor#' }),
      ConsistentRead: true,
      ...(limit && { Limit: limit }),
    }),
  );
  return Items;
}

function recoveryOf(item: DynamoItem): Recovery {
  const { item: _, ...recovery } = unmarshall(item) as Recovery & { item: string };
  return recovery;
}
