import { marshall } from '@aws-sdk/util-dynamodb';
import type { ExpiryPorts } from '../core/registration/expire.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, GetItemCommand, PutItemCommand } from './dynamo.ts';

/** A listing that was left alone for so long begins again. */
const rememberedSeconds = 3 * 3_600;

/** `HOUSEKEEPING#<pool>` / `UNCONFIRMED`: 0.5 RRU per run, 1 WRU per kB when it did not get to the end. */
export function dynamoSweepCursor(
  client: DynamoClient,
  table: string,
  poolId: string,
  clock: Clock,
): ExpiryPorts['cursor'] {
  const key = { subject: `HOUSEKEEPING#${poolId}`, kind: 'UNCONFIRMED' };
  const now = () => Math.floor(clock.now() / 1000);
  return {
    read: async () => {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: marshall(key) }));
      return Number(Item?.ttl?.N ?? 0) > now() ? Item?.cursor?.S : undefined;
    },
    save: async (cursor) => {
      const item = { ...key, ttl: now() + rememberedSeconds, ...(cursor && { cursor }) };
      await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    },
  };
}
