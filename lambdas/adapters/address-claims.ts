import { marshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym, Sub } from '../core/ids.ts';
import { type DynamoClient, GetItemCommand, type TransactWriteItem } from './dynamo.ts';

const keyOf = (address: Pseudonym) => marshall({ sub: `ADDRESS#${address}`, item: 'claim' });

/** Nobody holds the address, or exactly this person does (a repeated delivery). */
const freeOrOwn = 'attribute_not_exists(#owner) OR #owner = :owner';
const ownerName = { '#owner': 'owner' };
const ownerValue = (owner: Sub) => marshall({ ':owner': owner });

/**
 * Which account an address belongs to: `ADDRESS#<pseudonym of the identifier>` / `claim` → `owner`, in the Profiles
 * table. An address has one owner at the most, and only an address whose mailbox was proven is claimed. Written in the
 * transaction of the state change that proved it, so that account and claim never disagree.
 *
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU |
 * | claim, release | part of a transaction | 2 WRU |
 * | move | part of a transaction | 4 WRU |
 */
export interface AddressClaims {
  /** Strongly consistent; `undefined` for an address that nobody has proven. */
  find(address: Pseudonym): Promise<Sub | undefined>;
}

export const dynamoAddressClaims = (client: DynamoClient, table: string): AddressClaims => ({
  find: async (address) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(address), ConsistentRead: true }),
    );
    const owner = Item?.owner?.S;
    if (Item && !owner) throw new Error('address claim without owner');
    return owner as Sub | undefined;
  },
});

/** Refused (`ConditionalCheckFailed`) when another account holds the address; repeating it changes nothing. */
export const claimAddress = (table: string, address: Pseudonym, owner: Sub): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: { ...keyOf(address), ...marshall({ owner }) },
    ConditionExpression: freeOrOwn,
    ExpressionAttributeNames: ownerName,
    ExpressionAttributeValues: ownerValue(owner),
  },
});

/** Gives the address back. Fine when nobody holds it any more, refused when it is another account's. */
export const releaseAddress = (table: string, address: Pseudonym, owner: Sub): TransactWriteItem => ({
  Delete: {
    TableName: table,
    Key: keyOf(address),
    ConditionExpression: freeOrOwn,
    ExpressionAttributeNames: ownerName,
    ExpressionAttributeValues: ownerValue(owner),
  },
});

/**
 * The owner's address becomes another one: the new one is claimed (first, so that its refusal is the first reason of
 * the cancelled transaction) and the old one released. A transaction may not name one item twice, so `from` must
 * differ from `to`; a person without a claimed address has no `from`.
 */
export const moveAddress = (
  table: string,
  { from, to, owner }: { readonly from?: Pseudonym; readonly to: Pseudonym; readonly owner: Sub },
): readonly TransactWriteItem[] => [
  claimAddress(table, to, owner),
  ...(from && from !== to ? [releaseAddress(table, from, owner)] : []),
];
