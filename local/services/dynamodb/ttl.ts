import type { Cloud, Collection } from '../../platform.ts';
import { type EngineClient, table } from './engine-client.ts';
import type { AttributeValue, Item } from './expressions.ts';
import type { Tables } from './tables.ts';

const pageSize = 500;
/** AWS leaves items alone whose TTL is further in the past. */
const ignoredAfterSeconds = 5 * 365 * 86_400;
/** Records stay in a stream for 24 hours. */
const markLifetimeMs = 24 * 3_600_000;
/** Stream records have whole seconds; DynamoDB Local's have whole minutes. */
const samenessMs = 61_000;

/** Remembers which deletions were made by time to live, so that their stream records say so. */
export class ExpiredMarks {
  private readonly marks: Collection<number>;

  constructor(cloud: Cloud) {
    this.marks = cloud.store.collection('dynamodb-expired');
  }

  /** @param removedAtSeconds - system time of the stream record: a later deletion of the same key is not ours */
  has(tableName: string, keys: Item, removedAtSeconds: number): boolean {
    const at = this.marks.get(id(tableName, keys));
    return at !== undefined && Math.abs(removedAtSeconds * 1000 - at) < samenessMs;
  }

  add(tableName: string, keys: Item): Promise<void> {
    return this.marks.set(id(tableName, keys), Date.now());
  }

  remove(tableName: string, keys: Item): Promise<void> {
    return this.marks.delete(id(tableName, keys));
  }

  async prune(): Promise<void> {
    for (const [key, at] of [...this.marks.entries()]) {
      if (Date.now() - at > markLifetimeMs) await this.marks.delete(key);
    }
  }
}

const id = (tableName: string, keys: Item): string =>
  `${tableName}/${JSON.stringify(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)))}`;

/**
 * Deletes what has expired by the cloud's clock. The engines' own sweeps know only the system's time.
 * @returns how many items were deleted
 */
export async function sweepExpired(
  cloud: Cloud,
  engine: EngineClient,
  tables: Tables,
  marks: ExpiredMarks,
): Promise<number> {
  let deleted = 0;
  await marks.prune();
  for (const { name, ttlAttribute, keyNames } of tables.withTtl()) {
    for await (const item of expired(engine, name, ttlAttribute, keyNames, cloud.clock.now())) {
      const ttl = item[ttlAttribute];
      const keys = Object.fromEntries(keyNames.map((key) => [key, item[key] ?? {}]));
      if (ttl && (await remove(engine, marks, { name, keys, ttlAttribute, ttl }))) deleted += 1;
    }
  }
  return deleted;
}

interface Page {
  readonly Items: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

async function* expired(
  engine: EngineClient,
  TableName: string,
  ttlAttribute: string,
  keyNames: readonly string[],
  nowMs: number,
): AsyncGenerator<Item> {
  const now = Math.floor(nowMs / 1000);
  const names = [ttlAttribute, ...keyNames];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page: Page = await engine.call<Page>(table('Scan'), {
      TableName,
      Limit: pageSize,
      FilterExpression: '#n0 < :now AND #n0 > :past',
      ProjectionExpression: names.map((_, index) => `#n${index}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
      ExpressionAttributeValues: {
        ':now': { N: String(now) },
        ':past': { N: String(now - ignoredAfterSeconds) },
      },
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    yield* page.Items;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

interface ExpiredItem {
  readonly name: string;
  readonly keys: Item;
  readonly ttlAttribute: string;
  readonly ttl: AttributeValue;
}

/** Only as it was seen: an item that got a new lifetime meanwhile stays. */
async function remove(engine: EngineClient, marks: ExpiredMarks, item: ExpiredItem): Promise<boolean> {
  await marks.add(item.name, item.keys); // before the deletion: its record may be read at once
  try {
    await engine.call(table('DeleteItem'), {
      TableName: item.name,
      Key: item.keys,
      ConditionExpression: '#ttl = :seen',
      ExpressionAttributeNames: { '#ttl': item.ttlAttribute },
      ExpressionAttributeValues: { ':seen': item.ttl },
    });
    return true;
  } catch (error) {
    await marks.remove(item.name, item.keys);
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
