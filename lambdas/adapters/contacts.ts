import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contact } from '../core/audit/new-device-notice.ts';
import type { PhoneFactor } from '../core/factor/factor.ts';
import type { Sub } from '../core/ids.ts';
import { type DynamoClient, GetItemCommand } from './dynamo.ts';
import { factorItem, factorKey } from './factors.ts';

/** Address and language of one person, from the profile: 0.5 RRU. Nothing else is read. */
export const dynamoContacts =
  (client: DynamoClient, table: string) =>
  async (sub: Sub): Promise<Contact | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: marshall({ sub, item: 'profile' }),
        ProjectionExpression: '#email, #locale, #brand',
        ExpressionAttributeNames: { '#email': 'email', '#locale': 'locale', '#brand': 'brand' },
      }),
    );
    const { email, locale, brand } = Item ? (unmarshall(Item) as Partial<Contact>) : {};
    return email === undefined ? undefined : { email, locale, ...(brand && { brand }) };
  };

/** The enrolled phone of one person: 0.5 RRU. */
export const dynamoPhones =
  (client: DynamoClient, table: string) =>
  async (sub: Sub): Promise<Pick<PhoneFactor, 'number' | 'country'> | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: factorKey(sub, factorItem.phone) }),
    );
    const { number, country } = Item ? (unmarshall(Item) as Partial<PhoneFactor>) : {};
    return number && country ? { number, country } : undefined;
  };
