import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../ports.ts';

export type ReadSessionEnding = (originJti: string) => Promise<boolean>;

/** Whether a session was ended: `REVOKED#<origin_jti>` / `SESSION`. 0.5 RRU; its writer is `ended-sessions.ts`. */
export const dynamoSessionEndings =
  (client: DynamoDBClient, table: string, clock: Clock): ReadSessionEnding =>
  async (originJti) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: marshall({ subject: `REVOKED#${originJti}`, kind: 'SESSION' }),
        ProjectionExpression: '#ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
      }),
    );
    return Item !== undefined && Number(Item.ttl?.N ?? 0) > clock.now() / 1000;
  };
