import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Pseudonym } from '../core/ids.ts';
import { bucketExpiry, type Step } from '../core/statistics/buckets.ts';
import { maxAgeDays } from '../core/statistics/count-events.ts';
import type { StatisticsReader, StatisticsWriter } from '../core/statistics/ports.ts';
import type { Place, Tally } from '../core/statistics/tally.ts';
import {
  addNetworks,
  type NetworkTally,
  noNetworks,
  type TopNetworks,
} from '../core/statistics/top-networks.ts';
import type { Clock } from '../ports.ts';
import {
  type AttributeValue,
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  writeTogether,
} from './dynamo.ts';

type Key = Record<string, AttributeValue>;

const seriesOf = (step: Step, family: Place['family']): string => `${step}#${family}`;
const placeKey = ({ step, family, bucket }: Place): Key =>
  marshall({ series: seriesOf(step, family), at: bucket });
const markerKey = (id: string): Key => marshall({ series: `EVENT#${id}`, at: 'EVENT' });

/** A day longer than an event may be late, counted from when it was counted. */
const markerSeconds = (maxAgeDays + 1) * 86_400;

/**
 * Counters in the Statistics table: one item per step, family and bucket, below 4 kB whatever is counted; one marker per
 * event. Families are partitions of their own, so that a busy hour does not wait for one partition.
 *
 * | access | call | cost |
 * |---|---|---|
 * | count | 0 to 4 × GetItem (networks), TransactWriteItems of up to 100 | 2 WRU per event, 2 to 8 WRU per item of a counter |
 */
export const dynamoStatisticsWriter = (
  client: DynamoClient,
  table: string,
  clock: Clock,
): StatisticsWriter => ({
  count: async (events, tally) => {
    const markers = events.map((event) => markerWrite(table, event, clock.now()));
    const counters = tally.counters.map((each) => counterWrite(table, each));
    const networks = await Promise.all(tally.networks.map((each) => networkWrite(client, table, each)));
    const lost = await writeTogether(client, [...markers, ...counters, ...networks]);
    if (!lost) return { kind: 'counted' };
    const ids = new Set(events.filter((_, index) => lost[index]).map(({ id }) => id));
    return ids.size > 0 ? { kind: 'duplicates', ids } : { kind: 'moved' };
  },
});

/** Behind its TTL a marker is of an event that is too late by now, whether DynamoDB has removed it or not. */
const markerWrite = (table: string, { id }: AuditEvent, now: number): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: { ...markerKey(id), ...marshall({ ttl: Math.floor(now / 1000) + markerSeconds }) },
    ConditionExpression: 'attribute_not_exists(series)',
  },
});

function counterWrite(table: string, { place, adds }: Tally['counters'][number]): TransactWriteItem {
  const names = [...adds.keys()];
  const added = names.map((_, index) => `#c${index} :c${index}`);
  return {
    Update: {
      TableName: table,
      Key: placeKey(place),
      UpdateExpression: `SET #ttl = :ttl ADD ${added.join(', ')}`,
      ExpressionAttributeNames: {
        '#ttl': 'ttl',
        ...Object.fromEntries(names.map((name, index) => [`#c${index}`, name])),
      },
      ExpressionAttributeValues: marshall({
        ':ttl': bucketExpiry(place.bucket, place.step),
        ...Object.fromEntries(names.map((name, index) => [`:c${index}`, adds.get(name)])),
      }),
    },
  };
}

/** `[network, count, error, refused]`, as text: a list of maps would take twice the room. */
type StoredNetwork = readonly [Pseudonym, number, number, number];

/** Read, added and replaced while it is what was read; together with the markers, so that nothing is added twice. */
async function networkWrite(
  client: DynamoClient,
  table: string,
  { place, adds }: { readonly place: Place; readonly adds: NetworkTally },
): Promise<TransactWriteItem> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: placeKey(place), ConsistentRead: true }),
  );
  const { networks, floor } = addNetworks(readNetworks(Item), adds);
  const version = Item?.version?.N === undefined ? 0 : Number(Item.version.N);
  const list = networks.map((each): StoredNetwork => [each.network, each.count, each.error, each.refused]);
  return {
    Put: {
      TableName: table,
      Item: {
        ...placeKey(place),
        ...marshall({
          ttl: bucketExpiry(place.bucket, place.step),
          version: version + 1,
          floor,
          networks: JSON.stringify(list),
        }),
      },
      ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ...(version > 0 && { ExpressionAttributeValues: marshall({ ':version': version }) }),
    },
  };
}

function readNetworks(item: DynamoItem | undefined): TopNetworks {
  if (!item) return noNetworks;
  const { floor, networks } = unmarshall(item) as { floor: number; networks: string };
  const list = JSON.parse(networks) as readonly StoredNetwork[];
  return {
    floor,
    networks: list.map(([network, count, error, refused]) => ({ network, count, error, refused })),
  };
}

/**
 * | access | call | cost |
 * |---|---|---|
 * | one family over a range | Query of its buckets, eventually consistent | 0.5 RRU per 4 kB; a month by day about 1 RRU |
 */
export const dynamoStatisticsReader = (client: DynamoClient, table: string): StatisticsReader => ({
  counts: async (step, family, from, to) =>
    (await bucketsIn(client, table, seriesOf(step, family), { from, to })).map((item) => {
      const { series: _, at, ttl: __, ...counts } = unmarshall(item);
      return { at: at as string, counts: counts as Record<string, number> };
    }),
  networks: async (step, from, to) =>
    (await bucketsIn(client, table, seriesOf(step, 'networks'), { from, to })).map(readNetworks),
});

/** A range is bounded by its caller, so that there are a few pages at the most. */
async function bucketsIn(
  client: DynamoClient,
  table: string,
  series: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly DynamoItem[]> {
  const items: DynamoItem[] = [];
  let start: Key | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#series = :series AND #at BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#series': 'series', '#at': 'at' },
        ExpressionAttributeValues: marshall({ ':series': series, ':from': from, ':to': to }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    items.push(...Items);
    start = LastEvaluatedKey;
  } while (start);
  return items;
}
