import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym, Sub } from '../core/ids.ts';
import { identityPseudonym, type ProviderIdentity } from '../core/linking/identity.ts';
import type { Link, Links } from '../core/linking/ports.ts';
import type { Clock, Pseudonyms } from '../ports.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  DeleteItemCommand,
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';
import { pendingLinkKey } from './pending-links.ts';

export interface LinkTables {
  readonly profiles: string;
  readonly risk: string;
  readonly audit: AuditTable;
}

const linkKey = (owner: Sub, id: string) => ({ sub: owner, item: `link#${id}` });
const identityKey = (key: Pseudonym) => ({ sub: `IDENTITY#${key}`, item: 'claim' });

/**
 * Links of a person in the Profiles table (`link#<id>`), and `IDENTITY#<pseudonym>` / `claim` → `owner` for the way back.
 *
 * | access | call | cost |
 * |---|---|---|
 * | list | Query, consistent | 1 RRU |
 * | begin | TransactWriteItems: link, identity, event, and no erasure under way | 8 WRU |
 * | remove | TransactWriteItems: link, identity, event | 6 WRU |
 * | settle | DeleteItem | 1 WRU |
 * | find (identity) | GetItem, consistent | 1 RRU |
 */
export const dynamoLinks = (client: DynamoClient, tables: LinkTables): Links => ({
  list: async (owner) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tables.profiles,
        KeyConditionExpression: '#sub = :sub AND begins_with(#item, :link)',
        ExpressionAttributeNames: { '#sub': 'sub', '#item': 'item' },
        ExpressionAttributeValues: marshall({ ':sub': owner, ':link': 'link#' }),
        ConsistentRead: true,
      }),
    );
    return Items.map(readLink);
  },
  begin: async (owner, link, key, event) => {
    const [put, claim] = linkWrites(tables.profiles, owner, link, key);
    const items = [
      {
        Put: { ...put, ConditionExpression: 'attribute_not_exists(#sub)', ExpressionAttributeNames: subName },
      },
      { Put: { ...claim, ...unlessForeign(owner) } },
      auditWrite(tables.audit, event),
      unlessErased(tables.profiles, owner),
    ];
    return client.send(new TransactWriteItemsCommand({ TransactItems: items })).then(
      () => true,
      (error: unknown) => {
        const reasons = cancellationReasons(error);
        if ([1, 3].some((index) => reasons?.[index] === 'ConditionalCheckFailed')) return false;
        if (reasons?.[0] === 'ConditionalCheckFailed') return true; // noted by the try that this one repeats
        throw error;
      },
    );
  },
  settle: async ({ owner, codeHash }) => {
    const command = new DeleteItemCommand({
      TableName: tables.risk,
      Key: pendingLinkKey(owner),
      ConditionExpression: '#code = :code',
      ExpressionAttributeNames: { '#code': 'codeHash' },
      ExpressionAttributeValues: marshall({ ':code': codeHash }),
    });
    await client.send(command).catch((error: unknown) => {
      if (!isConditionFailure(error)) throw error; // a newer one took its place
    });
  },
  remove: async (owner, link, key, event) => {
    const items: TransactWriteItem[] = [
      {
        Delete: {
          TableName: tables.profiles,
          Key: marshall(linkKey(owner, link.id)),
          ConditionExpression: 'attribute_exists(#sub)',
          ExpressionAttributeNames: subName,
        },
      },
      { Delete: { TableName: tables.profiles, Key: marshall(identityKey(key)), ...unlessForeign(owner) } },
      auditWrite(tables.audit, event),
    ];
    await client.send(new TransactWriteItemsCommand({ TransactItems: items })).catch((error: unknown) => {
      // Somebody was faster, and wrote the event of it.
      if (cancellationReasons(error)?.[0] !== 'ConditionalCheckFailed') throw error;
    });
  },
});

const subName = { '#sub': 'sub' };

const unlessForeign = (owner: Sub) => ({
  ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: marshall({ ':owner': owner }),
});

/** The two items of a link, unconditional: for the identity that a new account comes with, whose owner Cognito decides. */
export const linkWrites = (table: string, owner: Sub, link: Link, key: Pseudonym) =>
  [
    {
      TableName: table,
      Item: marshall({
        ...linkKey(owner, link.id),
        ...link.identity,
        primary: link.primary,
        linkedAt: link.linkedAt,
      }),
    },
    { TableName: table, Item: marshall({ ...identityKey(key), owner }) },
  ] as const;

function readLink(item: DynamoItem): Link {
  const stored = unmarshall(item);
  const { provider, subject, primary, linkedAt } = stored;
  return {
    id: String(stored.item).slice('link#'.length),
    identity: { provider, subject },
    primary,
    linkedAt,
  };
}

/** Strongly consistent: 1 RRU. */
export const dynamoIdentityOwners = (client: DynamoClient, table: string) => ({
  find: async (key: Pseudonym): Promise<Sub | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall(identityKey(key)), ConsistentRead: true }),
    );
    return Item?.owner?.S as Sub | undefined;
  },
});

/** From one trigger of a sign-in to the next one of it. */
export const subjectSeconds = 15 * 60;

/** `IDENTITY#<pseudonym>` / `SUBJECT` of the Risk table: 1 WRU to remember, 1 RRU to recall. */
export const dynamoWrittenSubjects = (
  client: DynamoClient,
  table: string,
  pseudonyms: Pseudonyms,
  clock: Clock,
) => {
  const keyOf = async (identity: ProviderIdentity) => ({
    subject: `IDENTITY#${await identityPseudonym(pseudonyms, identity)}`,
    kind: 'SUBJECT',
  });
  return {
    remember: async (identity: ProviderIdentity): Promise<void> => {
      const ttl = Math.floor(clock.now() / 1000) + subjectSeconds;
      const Item = marshall({ ...(await keyOf(identity)), written: identity.subject, ttl });
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    recall: async (identity: ProviderIdentity): Promise<string | undefined> => {
      const Key = marshall(await keyOf(identity));
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item?.written?.S;
    },
  };
};
