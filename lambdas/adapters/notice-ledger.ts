import { marshall } from '@aws-sdk/util-dynamodb';
import type { NoticeLedger } from '../core/audit/notices.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, isConditionFailure, PutItemCommand } from './dynamo.ts';

/** Longer than a function may run: a claim that is older belongs to an environment that ended in between. */
const claimSeconds = 60;
/** Longer than EventBridge retries (24 h). */
const keepSeconds = 3 * 86_400;

/** `SENT#<event id>` / `NOTICE` in the Risk table. Each call: 1 WRU. */
export function dynamoNoticeLedger(client: DynamoClient, table: string, clock: Clock): NoticeLedger {
  const seconds = () => Math.floor(clock.now() / 1000);
  const put = (eventId: string, claimedUntil: number, condition?: string) =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: marshall({
          subject: `SENT#${eventId}`,
          kind: 'NOTICE',
          claimedUntil,
          ttl: seconds() + keepSeconds,
        }),
        ...(condition && {
          ConditionExpression: condition,
          ExpressionAttributeValues: marshall({ ':now': seconds() }),
        }),
      }),
    );
  return {
    claim: async (eventId) => {
      try {
        await put(eventId, seconds() + claimSeconds, 'attribute_not_exists(subject) OR claimedUntil < :now');
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
    settle: async (eventId) => {
      await put(eventId, seconds() + keepSeconds);
    },
    release: async (eventId) => {
      await put(eventId, 0);
    },
  };
}
