import { marshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../core/ids.ts';
import { type DynamoClient, GetItemCommand } from './dynamo.ts';

/** Item `lock` of a person in Profiles: no tokens while it stands. */
export const lockKey = (sub: Sub) => marshall({ sub, item: 'lock' });

/** Whether an operator has locked the account. */
export type IsLocked = (sub: Sub) => Promise<boolean>;

/** Eventually consistent: 0.5 RRU. */
export const dynamoAccountLocks =
  (client: DynamoClient, table: string): IsLocked =>
  async (sub) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: lockKey(sub),
        ProjectionExpression: '#item',
        ExpressionAttributeNames: { '#item': 'item' },
      }),
    );
    return Item !== undefined;
  };
