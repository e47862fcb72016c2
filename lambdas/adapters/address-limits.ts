import { marshall } from '@aws-sdk/util-dynamodb';
import type { AddressLimits, NoticeBudget } from '../core/registration/ports.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, isConditionFailure, PutItemCommand } from './dynamo.ts';
import { type RiskCounters, windowSeconds } from './risk-counters.ts';

const noticeSeconds = 86_400;

/** Counts registrations and recoveries of one address among the other counters of the Risk table; 1 WRU each. */
export const addressLimits = (counters: Pick<RiskCounters, 'count'>): AddressLimits => ({
  take: async (address, kind, limit) =>
    (await counters.count({ subject: `ADDRESS#${address}`, kind })) > limit ? windowSeconds : undefined,
});

/** `NOTICE#<pseudonym>` / notice, for a day; 1 WRU. */
export const dynamoNoticeBudget = (client: DynamoClient, table: string, clock: Clock): NoticeBudget => ({
  claim: (identifier, notice) => {
    const now = Math.floor(clock.now() / 1000);
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall({ subject: `NOTICE#${identifier}`, kind: notice, ttl: now + noticeSeconds }),
      ConditionExpression: 'attribute_not_exists(#ttl) OR #ttl <= :now',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: marshall({ ':now': now }),
    });
    return client.send(command).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false;
        throw error;
      },
    );
  },
});
