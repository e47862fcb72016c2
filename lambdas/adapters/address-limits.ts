import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AddressLimits, NoticeBudget } from '../core/registration/ports.ts';
import type { Clock } from '../ports.ts';
import { isConditionFailure } from './dynamo.ts';

export const windowSeconds = 3_600;
const noticeSeconds = 86_400;

/** True when the write went through, false when it lost its condition. */
const won = (write: Promise<unknown>): Promise<boolean> =>
  write.then(
    () => true,
    (error: unknown) => {
      if (isConditionFailure(error)) return false;
      throw error;
    },
  );

/**
 * Counters in the Risk table: `ADDRESS#<pseudonym>` / kind, in windows of an hour from the first request on. Each
 * request is counted by one conditional write, so parallel requests never get past the limit.
 * Cost: 1 WRU within a window, 2 for the first one and for a refused one.
 */
export const dynamoAddressLimits = (client: DynamoDBClient, table: string, clock: Clock): AddressLimits => ({
  take: async (address, kind, limit) => {
    const now = Math.floor(clock.now() / 1000);
    const Key = marshall({ subject: `ADDRESS#${address}`, kind });
    const names = { '#count': 'count', '#ttl': 'ttl' };
    const count = () =>
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: 'SET #count = #count + :one',
        ConditionExpression: '#ttl > :now AND #count < :limit',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshall({ ':one': 1, ':now': now, ':limit': limit }),
      });
    const open = () =>
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: 'SET #count = :one, #ttl = :end',
        ConditionExpression: 'attribute_not_exists(#ttl) OR #ttl <= :now',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshall({ ':one': 1, ':now': now, ':end': now + windowSeconds }),
      });
    if (await won(client.send(count()))) return undefined;
    if (await won(client.send(open()))) return undefined;
    // The window may have been opened by another request in between.
    return (await won(client.send(count()))) ? undefined : windowSeconds;
  },
});

/** `NOTICE#<pseudonym>` / notice, for a day; 1 WRU. */
export const dynamoNoticeBudget = (client: DynamoDBClient, table: string, clock: Clock): NoticeBudget => ({
  claim: (identifier, notice) => {
    const now = Math.floor(clock.now() / 1000);
    return won(
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ subject: `NOTICE#${identifier}`, kind: notice, ttl: now + noticeSeconds }),
          ConditionExpression: 'attribute_not_exists(#ttl) OR #ttl <= :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: marshall({ ':now': now }),
        }),
      ),
    );
  },
});
