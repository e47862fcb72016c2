import { marshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym, Sub } from '../core/ids.ts';
import { identityPseudonym } from '../core/linking/identity.ts';
import type { ErasureArea, PlannedErasure } from '../core/privacy/erasure.ts';
import type { Pseudonyms } from '../ports.ts';
import {
  DeleteItemCommand,
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  isConditionFailure,
  QueryCommand,
  type QueryCommandInput,
} from './dynamo.ts';
import { subjectSeconds } from './links.ts';

export interface ErasureTables {
  readonly profiles: string;
  readonly risk: string;
}

/** Partitions of the Risk table that are about one person. */
type Subjects = (marker: PlannedErasure) => Promise<readonly string[]>;

/**
 * Where our tables keep a person: by partition, never by a scan. Keys are read consistently, so what is found empty is.
 * Costs 1 RRU per partition and 1 WRU per item (2 where it is in the index).
 */
export function dynamoErasureAreas(
  client: DynamoClient,
  tables: ErasureTables,
  pseudonyms: Pseudonyms,
): readonly ErasureArea[] {
  const query = (input: QueryCommandInput) => keysOf(client, { ...input, ConsistentRead: true });
  const remove = (TableName: string, keys: readonly DynamoItem[]) => removeAll(client, TableName, keys);

  const riskArea = (name: string, subjects: Subjects): ErasureArea => {
    const find = async (marker: PlannedErasure) => {
      const found: DynamoItem[] = [];
      for (const subject of await subjects(marker)) {
        found.push(...(await query(partitionQuery(tables.risk, subject))));
      }
      return found;
    };
    return {
      name,
      erase: async (marker) => remove(tables.risk, await find(marker)),
      isEmpty: async (marker) => (await find(marker)).length === 0,
    };
  };

  /** What is kept by address: the address may be somebody else's already, whose rows are newer than the request. */
  const addressArea = (name: string, prefixes: readonly string[]): ErasureArea => {
    const find = async ({ at, plan }: PlannedErasure) => {
      const found: DynamoItem[] = [];
      for (const address of plan.addresses)
        for (const prefix of prefixes)
          found.push(...(await query(formerRows(tables.risk, `${prefix}#${address}`, at))));
      return found;
    };
    return {
      name,
      erase: async (marker) => {
        for (const Key of await find(marker))
          await removeIf(client, { TableName: tables.risk, Key, ...isFormer(marker.at) });
      },
      isEmpty: async (marker) => (await find(marker)).length === 0,
    };
  };

  /** @param first - what an item leads to, gone before it */
  const itemArea = (
    name: string,
    prefix: string,
    first: (marker: PlannedErasure, key: DynamoItem) => Promise<void> = async () => {},
  ): ErasureArea => {
    const find = (sub: Sub) => query(itemQuery(tables.profiles, sub, prefix));
    return {
      name,
      erase: async (marker) => {
        const keys = await find(marker.sub);
        for (const key of keys) await first(marker, key);
        await remove(tables.profiles, keys);
      },
      isEmpty: async ({ sub }) => (await find(sub)).length === 0,
    };
  };

  const ofAccount: Subjects = async ({ sub }) => [
    `ACCOUNT#${sub}`,
    `CODE-SENT#${sub}`,
    `IDENTIFIER#${await pseudonyms.of('identifier', sub)}`,
  ];
  return [
    riskArea('changes-under-way', async ({ sub }) => [`CHANGE#${sub}`, `LINK#${sub}`]),
    riskArea('sign-in-history', ofAccount),
    addressArea('address-counters', ['IDENTIFIER', 'NOTICE']),
    addressArea('waiting-registration', ['PENDING']),
    claimArea(client, tables.profiles),
    itemArea('links', 'link#', (marker, key) => forgetIdentity(client, tables, pseudonyms, marker, key)),
    itemArea('sessions', 'session#', async (_, { item }) =>
      remove(tables.risk, [
        marshall({ subject: `SESSION#${item?.S?.slice('session#'.length)}`, kind: 'STATE' }),
      ]),
    ),
    itemArea('devices', 'device#'),
    itemArea('factors', 'factor'),
    itemArea('recovery', 'recovery'),
    itemArea('profile', 'profile'),
  ];
}

/** The claim of an address, unless it is somebody else's by now. */
function claimArea(client: DynamoClient, TableName: string): ErasureArea {
  const keyOf = (address: Pseudonym) => marshall({ sub: `ADDRESS#${address}`, item: 'claim' });
  return {
    name: 'address',
    erase: async ({ sub, plan }) => {
      for (const address of plan.addresses) await removeOwned(client, TableName, keyOf(address), sub);
    },
    isEmpty: async ({ sub, plan }) => {
      for (const address of plan.addresses) {
        const { Item } = await client.send(
          new GetItemCommand({ TableName, Key: keyOf(address), ConsistentRead: true }),
        );
        if (Item?.owner?.S === sub) return false;
      }
      return true;
    },
  };
}

/** The way from a provider's account to this one. */
async function forgetIdentity(
  client: DynamoClient,
  tables: ErasureTables,
  pseudonyms: Pseudonyms,
  { sub, at }: PlannedErasure,
  Key: DynamoItem,
): Promise<void> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tables.profiles, Key, ConsistentRead: true }),
  );
  const { provider, subject } = Item ?? {};
  if (provider?.S === undefined || subject?.S === undefined) return; // another run was here
  const identity = { provider: provider.S, subject: subject.S };
  const claim = `IDENTITY#${await identityPseudonym(pseudonyms, identity)}`;
  await removeOwned(client, tables.profiles, marshall({ sub: claim, item: 'claim' }), sub);
  // Of a sign-in that began before the request; a newer one is somebody's registration.
  await removeIf(client, {
    TableName: tables.risk,
    Key: marshall({ subject: claim, kind: 'SUBJECT' }),
    ConditionExpression: '#ttl <= :end',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: marshall({ ':end': secondsOf(at) + subjectSeconds }),
  });
}

async function removeOwned(
  client: DynamoClient,
  TableName: string,
  Key: DynamoItem,
  owner: Sub,
): Promise<void> {
  await removeIf(client, {
    TableName,
    Key,
    ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: marshall({ ':owner': owner }),
  });
}

/** What is another's by now stays. */
async function removeIf(
  client: DynamoClient,
  input: ConstructorParameters<typeof DeleteItemCommand>[0],
): Promise<void> {
  await client.send(new DeleteItemCommand(input)).catch((error: unknown) => {
    if (!isConditionFailure(error)) throw error;
  });
}

const secondsOf = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Of before the request: a window of counting by its beginning, a form by when it was sent; what has neither is no person's. */
const isFormer = (at: string) => ({
  ConditionExpression:
    '#since <= :seconds OR #at <= :at OR (attribute_not_exists(#since) AND attribute_not_exists(#at))',
  ExpressionAttributeNames: { '#since': 'since', '#at': 'at' },
  ExpressionAttributeValues: marshall({ ':seconds': secondsOf(at), ':at': at }),
});

function formerRows(TableName: string, subject: string, at: string): QueryCommandInput {
  const query = partitionQuery(TableName, subject);
  const { ConditionExpression: FilterExpression, ...former } = isFormer(at);
  return {
    ...query,
    FilterExpression,
    ExpressionAttributeNames: { ...query.ExpressionAttributeNames, ...former.ExpressionAttributeNames },
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ...former.ExpressionAttributeValues },
  };
}

/** One by one: a handful for nearly everybody, and nobody waits. */
async function removeAll(
  client: DynamoClient,
  TableName: string,
  keys: readonly DynamoItem[],
): Promise<void> {
  for (const Key of keys) await client.send(new DeleteItemCommand({ TableName, Key }));
}

const partitionQuery = (TableName: string, subject: string): QueryCommandInput => ({
  TableName,
  KeyConditionExpression: '#subject = :subject',
  ProjectionExpression: '#subject, #kind',
  ExpressionAttributeNames: { '#subject': 'subject', '#kind': 'kind' },
  ExpressionAttributeValues: marshall({ ':subject': subject }),
});

const itemQuery = (TableName: string, sub: Sub, prefix: string): QueryCommandInput => ({
  TableName,
  KeyConditionExpression: '#sub = :sub AND begins_with(#item, :prefix)',
  ProjectionExpression: '#sub, #item',
  ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
  ExpressionAttributeValues: marshall({ ':sub': sub, ':prefix': prefix }),
});

async function keysOf(client: DynamoClient, input: QueryCommandInput): Promise<DynamoItem[]> {
  const found: DynamoItem[] = [];
  let from: DynamoItem | undefined;
  do {
    const query = { ...input, ...(from && { ExclusiveStartKey: from }) };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    found.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return found;
}
