import { marshall } from '@aws-sdk/util-dynamodb';
import { codeLifetimeHours, codeMarginHours } from '../core/registration/expire.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, GetItemCommand, PutItemCommand } from './dynamo.ts';

const rememberedSeconds = (codeLifetimeHours + codeMarginHours) * 3_600;

const keyOf = (sub: string) => ({ subject: `CODE-SENT#${sub}`, kind: 'CONFIRMATION' });

/** `CODE-SENT#<sub>` / `CONFIRMATION`: a confirmation code is about to be sent again. 1 WRU. */
export const noteCodeSent =
  (client: DynamoClient, table: string, clock: Clock) =>
  async (sub: string): Promise<void> => {
    const ttl = Math.floor(clock.now() / 1000) + rememberedSeconds;
    await client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...keyOf(sub), ttl }) }));
  };

/** Consistent, because an account is removed for its sake: 1 RRU. */
export const dynamoLiveCodes =
  (client: DynamoClient, table: string, clock: Clock) =>
  async (sub: string): Promise<boolean> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall(keyOf(sub)), ConsistentRead: true }),
    );
    return Item !== undefined && Number(Item.ttl?.N ?? Number.POSITIVE_INFINITY) > clock.now() / 1000;
  };
