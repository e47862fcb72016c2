import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Clock } from '../ports.ts';
import { isConditionFailure } from './dynamo.ts';

/**
 * Access tokens are over within a day, but a refresh token that Cognito did not revoke (it was down, or the one that
 * came in had been replaced) must find its session ended for as long as it may live: the longest that we advise.
 */
const endedSeconds = 400 * 86_400;

export interface EndedSessions {
  /** Refuses the tokens of a session from now on, with its event in the same write. Repeatable. 1 WRU. */
  end(originJti: string, event: AuditEvent): Promise<void>;
}

export const dynamoEndedSessions = (client: DynamoDBClient, table: string, clock: Clock): EndedSessions => ({
  end: async (originJti, event) => {
    const item = {
      subject: `REVOKED#${originJti}`,
      kind: 'SESSION',
      ttl: Math.floor(clock.now() / 1000) + endedSeconds,
      event: JSON.stringify(event),
    };
    await client
      .send(
        new PutItemCommand({
          TableName: table,
          Item: marshall(item),
          ConditionExpression: 'attribute_not_exists(subject)',
        }),
      )
      .catch((error: unknown) => {
        if (!isConditionFailure(error)) throw error; // already ended
      });
  },
});
