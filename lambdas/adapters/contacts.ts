import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contact } from '../core/audit/new-device-notice.ts';
import type { Sub } from '../core/ids.ts';

/** Address and language of one person, from the profile: 0.5 RRU. Nothing else is read. */
export const dynamoContacts =
  (client: DynamoDBClient, table: string) =>
  async (sub: Sub): Promise<Contact | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: marshall({ sub, item: 'profile' }),
        ProjectionExpression: '#email, #locale',
        ExpressionAttributeNames: { '#email': 'email', '#locale': 'locale' },
      }),
    );
    const { email, locale } = Item ? (unmarshall(Item) as Partial<Contact>) : {};
    return email === undefined ? undefined : { email, locale };
  };
