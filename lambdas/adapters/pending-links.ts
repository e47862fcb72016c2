import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../core/ids.ts';
import { maxLinkAttempts, pendingLinkSeconds } from '../core/linking/code.ts';
import type { PendingLink, PendingLinks } from '../core/linking/ports.ts';
import type { Clock } from '../ports.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  type DynamoClient,
  isConditionFailure,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from './dynamo.ts';

export const pendingLinkKey = (owner: Sub) => marshall({ subject: `LINK#${owner}`, kind: 'PENDING' });

/**
 * `LINK#<sub>` / `PENDING` of the Risk table: the newest provider sign-in that was refused for this account's sake, for
 * 15 minutes.
 *
 * | access | call | cost |
 * |---|---|---|
 * | record | TransactWriteItems: Put + event | 4 WRU |
 * | attempt | UpdateItem, conditional | 1 WRU |
 */
export const dynamoPendingLinks = (
  client: DynamoClient,
  table: string,
  audit: AuditTable,
  clock: Clock,
): PendingLinks => ({
  record: async ({ owner, identity, address, codeHash, at }, event) => {
    const ttl = Math.floor(Date.parse(at) / 1000) + pendingLinkSeconds;
    const { provider, subject: identified } = identity; // `subject` is the table's key
    const item = marshall({ provider, identified, address, codeHash, at, attempts: 0, ttl });
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: { ...pendingLinkKey(owner), ...item } } },
        auditWrite(audit, event),
      ],
    });
    await client.send(command).catch((error: unknown) => {
      // The event is there: so is what it tells, with the same code.
      if (cancellationReasons(error)?.[1] !== 'ConditionalCheckFailed') throw error;
    });
  },
  attempt: async (owner) => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: pendingLinkKey(owner),
      UpdateExpression: 'SET #attempts = #attempts + :one',
      ConditionExpression: '#ttl > :now AND #attempts < :most',
      ExpressionAttributeNames: { '#attempts': 'attempts', '#ttl': 'ttl' },
      ExpressionAttributeValues: marshall({
        ':one': 1,
        ':now': Math.floor(clock.now() / 1000),
        ':most': maxLinkAttempts,
      }),
      ReturnValues: 'ALL_NEW',
    });
    const item = await client.send(command).then(
      ({ Attributes }) => Attributes,
      (error: unknown) => {
        if (isConditionFailure(error)) return undefined;
        throw error;
      },
    );
    if (!item) return undefined;
    const { provider, identified: subject, address, codeHash, at } = unmarshall(item);
    return { owner, identity: { provider, subject }, address, codeHash, at } as PendingLink;
  },
});
