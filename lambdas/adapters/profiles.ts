import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../core/ids.ts';
import type { MemoryWrite, Profiles, ProfileWrite } from '../core/profile/ports.ts';
import { emptyMemory, emptyProfile, type Profile } from '../core/profile/profile.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  isConditionFailure,
  lostTheRace,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';

const key = (sub: Sub) => marshall({ sub, item: 'profile' });

type ConditionalUpdate = Pick<
  UpdateItemCommandInput,
  'TableName' | 'Key' | 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> & { readonly ConditionExpression: string; readonly UpdateExpression: string };

/** All fields under the version that was read; version 0 means that no fields were ever stored. */
export function profileUpdate(table: string, write: ProfileWrite): ConditionalUpdate {
  const { sub, expectedVersion, fields, at, locale } = write;
  const setLocale = locale === undefined ? '' : ', #locale = :locale';
  return {
    TableName: table,
    Key: key(sub),
    UpdateExpression: `SET #version = :next, #fields = :fields, #createdAt = if_not_exists(#createdAt, :at)${setLocale}`,
    ConditionExpression: expectedVersion === 0 ? 'attribute_not_exists(#version)' : '#version = :expected',
    ExpressionAttributeNames: {
      '#version': 'version',
      '#fields': 'fields',
      '#createdAt': 'createdAt',
      ...(setLocale && { '#locale': 'locale' }),
    },
    ExpressionAttributeValues: marshall(
      {
        ':next': expectedVersion + 1,
        ':fields': fields,
        ':at': at,
        ':locale': locale,
        ...(expectedVersion > 0 && { ':expected': expectedVersion }),
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** What is remembered about asking, under its own revision: it does not touch the fields or their version. */
const memoryUpdate = (table: string, { sub, expectedRevision, memory }: MemoryWrite): ConditionalUpdate => ({
  TableName: table,
  Key: key(sub),
  UpdateExpression: 'SET #prompts = :memory',
  ConditionExpression:
    expectedRevision === 0 ? 'attribute_not_exists(#prompts.#revision)' : '#prompts.#revision = :expected',
  ExpressionAttributeNames: { '#prompts': 'prompts', '#revision': 'revision' },
  ExpressionAttributeValues: marshall(
    { ':memory': memory, ...(expectedRevision > 0 && { ':expected': expectedRevision }) },
    { removeUndefinedValues: true },
  ),
});

/**
 * Profiles in DynamoDB, one item per person (about 1 kB; each further kB adds the same again to a write).
 *
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU per 4 kB |
 * | write | TransactWriteItems: Update + event | 4 WRU, the first 2 more |
 * | remember | UpdateItem; TransactWriteItems for the first | 1 WRU, the first 4 |
 * | remember with an event | TransactWriteItems: Update + event | 4 WRU, the first 2 more |
 */
export const dynamoProfiles = (client: DynamoClient, table: string, audit: AuditTable): Profiles => {
  const transact = async (token: string | undefined, items: TransactWriteItem[]) => {
    const command = new TransactWriteItemsCommand({
      TransactItems: items,
      ...(token && { ClientRequestToken: token }),
    });
    return client.send(command).then(() => true, lostTheRace);
  };
  return {
    find: async (sub) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: key(sub), ConsistentRead: true }),
      );
      return Item ? profileOf(sub, Item) : emptyProfile(sub);
    },
    write: (write, events) =>
      transact(events[0]?.id, [
        { Update: profileUpdate(table, write) },
        ...(write.expectedVersion === 0 ? [unlessErased(table, write.sub)] : []),
        ...events.map((event) => auditWrite(audit, event)),
      ]),
    remember: async (write, event) => {
      const update = memoryUpdate(table, write);
      const isFirst = write.expectedRevision === 0;
      if (event || isFirst) {
        return transact(event?.id, [
          { Update: update },
          ...(isFirst ? [unlessErased(table, write.sub)] : []),
          ...(event ? [auditWrite(audit, event)] : []),
        ]);
      }
      return client.send(new UpdateItemCommand(update)).then(
        () => true,
        (error: unknown) => {
          if (isConditionFailure(error)) return false;
          throw error;
        },
      );
    },
  };
};

/** Stored items may come from an earlier version or from registration, so what may be absent gets its empty form. */
function profileOf(sub: Sub, item: DynamoItem): Profile {
  const stored = unmarshall(item) as Partial<Profile>;
  const { version = 0, email, locale, brand, createdAt, fields = {} } = stored;
  return {
    sub,
    version,
    email,
    locale,
    ...(brand !== undefined && { brand }),
    createdAt,
    fields,
    prompts: { ...emptyMemory, ...stored.prompts },
  };
}
