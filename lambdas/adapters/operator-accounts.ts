import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AccountLock, KnownSession, OperatorAccounts } from '../core/administration/ports.ts';
import type { Sub } from '../core/ids.ts';
import type { Recoveries } from '../core/recovery/ports.ts';
import { lockKey } from './account-locks.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  type DynamoClient,
  GetItemCommand,
  lostTheRace,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { queryFactors } from './factors.ts';
import { sessionCutoffPut } from './session-cutoffs.ts';
import { forgetProofs } from './sign-in-history.ts';

/** Sessions that are read, and those of them that are shown. */
const sessionsRead = 200;
const sessionsShown = 50;

/**
 * | access | call | cost |
 * |---|---|---|
 * | read | 2 GetItem + 2 Query, consistent | 4 RRU and 1 per 4 kB of sessions |
 * | lock | TransactWriteItems: lock + cutoff + event + history | 8 WRU |
 * | unlock | TransactWriteItems: lock + event | 4 WRU |
 * | endSessions | TransactWriteItems: cutoff + event (+ history) | 4 to 6 WRU |
 */
export const dynamoOperatorAccounts = (
  client: DynamoClient,
  tables: { readonly profiles: string; readonly risk: string; readonly audit: AuditTable },
  recoveries: Pick<Recoveries, 'find'>,
): OperatorAccounts => {
  const transact = (items: TransactWriteItem[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  return {
    read: async (sub) => {
      const [locked, recovery, { factors }, sessions] = await Promise.all([
        client.send(
          new GetItemCommand({ TableName: tables.profiles, Key: lockKey(sub), ConsistentRead: true }),
        ),
        recoveries.find(sub),
        queryFactors(client, tables.profiles, sub),
        querySessions(client, tables.profiles, sub),
      ]);
      return {
        factors,
        sessions,
        ...(recovery && { recovery }),
        ...(locked.Item && { lock: lockOf(unmarshall(locked.Item) as AccountLock) }),
      };
    },
    lock: async (sub, lock, cutoff, event) => {
      const put = {
        TableName: tables.profiles,
        Item: { ...lockKey(sub), ...marshall({ ...lock }) },
        ConditionExpression: 'attribute_not_exists(#sub)',
        ExpressionAttributeNames: { '#sub': 'sub' },
      };
      const writes = [
        { Put: put },
        { Put: sessionCutoffPut(tables.risk, cutoff) },
        auditWrite(tables.audit, event),
        // Every further sign-in is challenged, and so comes to where the lock is read.
        forgetProofs(tables.risk, sub, Date.parse(event.at)),
      ];
      for (let race = 0; race < maxRaces; race += 1) {
        const outcome = await transact(writes).then(() => 'locked' as const, lockRefusal);
        if (outcome !== 'raced') return outcome === 'locked';
      }
      throw new Error('locking an account kept losing races');
    },
    unlock: (sub, event) =>
      transact([
        {
          Delete: {
            TableName: tables.profiles,
            Key: lockKey(sub),
            ConditionExpression: 'attribute_exists(#sub) AND NOT #reason IN (:erasure, :erased)',
            ExpressionAttributeNames: { '#sub': 'sub', '#reason': 'reason' },
            ExpressionAttributeValues: marshall({ ':erasure': 'erasure', ':erased': 'erased' }),
          },
        },
        auditWrite(tables.audit, event),
      ]).then(() => true, lostTheRace),
    endSessions: async (cutoff, event, { forget }) => {
      await transact([
        { Put: sessionCutoffPut(tables.risk, cutoff) },
        auditWrite(tables.audit, event),
        ...(forget ? [forgetProofs(tables.risk, cutoff.sub, Date.parse(event.at))] : []),
      ]);
    },
  };
};

/** Sign-ins of the account, which may be an attacker's, write to the same items at the same time. */
const maxRaces = 8;

/** @throws what is neither a lock that stands nor a race */
function lockRefusal(error: unknown): 'stands' | 'raced' {
  const reasons = cancellationReasons(error);
  if (reasons?.[0] === 'ConditionalCheckFailed') return 'stands';
  if (reasons?.every((code) => ['None', 'TransactionConflict'].includes(code))) return 'raced';
  throw error;
}

const lockOf = ({ reason, at, by, note }: AccountLock): AccountLock => ({
  reason,
  at,
  by,
  ...(note !== undefined && { note }),
});

async function querySessions(client: DynamoClient, table: string, sub: Sub): Promise<KnownSession[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#sub = :sub AND begins_with(#item, :session)',
      ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
      ExpressionAttributeValues: marshall({ ':sub': sub, ':session': 'session#' }),
      Limit: sessionsRead,
    }),
  );
  return Items.map((item) => sessionOf(unmarshall(item)))
    .sort((left, right) => (right.startedAt ?? '').localeCompare(left.startedAt ?? ''))
    .slice(0, sessionsShown);
}

const texts = ['client', 'startedAt', 'lastSeenAt', 'endedAt', 'device', 'network', 'provider'] as const;

/** The registry writes behind the answer and piece by piece: whatever is not there yet is left out. */
function sessionOf(row: Record<string, unknown>): KnownSession {
  const found = texts.flatMap((name) => (typeof row[name] === 'string' ? [[name, row[name]]] : []));
  return {
    id: String(row.item).slice('session#'.length),
    ...Object.fromEntries(found),
    ...(typeof row.level === 'number' && { level: row.level }),
    ...(Array.isArray(row.methods) && { methods: row.methods.map(String) }),
  };
}
