import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type ConsentState, type LedgerEntry, stateOf } from '../core/consent/ledger.ts';
import type { Consents } from '../core/consent/ports.ts';
import type { Sub } from '../core/ids.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  type DynamoItem,
  lostTheRace,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from './dynamo.ts';
import { unlessErased } from './erasure-marks.ts';
import { profileUpdate } from './profiles.ts';

const ledgerPrefix = 'LEDGER#';
const statePrefix = 'STATE#';

/**
 * One answer: the ledger entry, put once and never touched again, and the state, replaced only while it is the one
 * that was read and has no end date. The new id is greater than the standing one, so the state only moves forward and
 * stays the fold.
 */
export const consentWrites = (
  table: string,
  sub: Sub,
  entry: LedgerEntry,
  standing: ConsentState | undefined,
): TransactWriteItem[] => [
  {
    Put: {
      TableName: table,
      Item: marshall({ sub, entry: `${ledgerPrefix}${entry.id}`, ...entry }),
      ConditionExpression: 'attribute_not_exists(#entry)',
      ExpressionAttributeNames: { '#entry': 'entry' },
    },
  },
  {
    Put: {
      TableName: table,
      Item: marshall({ sub, entry: `${statePrefix}${entry.purpose}`, ...stateOf(entry) }),
      ConditionExpression: standing
        ? '#ledgerId = :standing AND #ledgerId < :next AND attribute_not_exists(#ttl)'
        : 'attribute_not_exists(#ledgerId)',
      ExpressionAttributeNames: { '#ledgerId': 'ledgerId', ...(standing && { '#ttl': 'ttl' }) },
      ...(standing && {
        ExpressionAttributeValues: marshall({ ':standing': standing.ledgerId, ':next': entry.id }),
      }),
    },
  },
];

export interface ConsentTables {
  readonly consents: string;
  readonly profiles: string;
  readonly audit: AuditTable;
}

/**
 * Consents in DynamoDB. Items are below 1 kB; one person's states fit one page (a few hundred bytes per purpose).
 *
 * | access | call | cost |
 * |---|---|---|
 * | states, state | Query on `STATE#…`, consistent | 1 RRU per 4 kB |
 * | record | TransactWriteItems: ledger + state + event; for the first of a purpose, no erasure under way | 6 WRU, the first 8 |
 * | record of a withdrawal that carries fields | the same + profile, + event when values were removed | 8 or 10 WRU |
 * | history | Query on `LEDGER#…`, newest first, eventually consistent | 0.5 RRU per 4 kB |
 */
export const dynamoConsents = (client: DynamoClient, tables: ConsentTables): Consents => {
  const queryStates = async (sub: Sub, purpose?: string): Promise<readonly ConsentState[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tables.consents,
        KeyConditionExpression: purpose
          ? '#sub = :sub AND #entry = :entry'
          : '#sub = :sub AND begins_with(#entry, :entry)',
        ExpressionAttributeNames: { '#sub': 'sub', '#entry': 'entry' },
        ExpressionAttributeValues: marshall({ ':sub': sub, ':entry': `${statePrefix}${purpose ?? ''}` }),
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => withoutKeys(item) as unknown as ConsentState);
  };
  return {
    states: async (sub) => new Map((await queryStates(sub)).map((state) => [state.purpose, state])),
    state: async (sub, purpose) => (await queryStates(sub, purpose))[0],
    record: async ({ sub, entry, standing, profile, events }) => {
      // An erasure gives each state an end date before it looks for entries, so that none comes later. What there is no
      // state of yet has to ask for the erasure itself.
      const makesItem = !standing || profile?.expectedVersion === 0;
      const command = new TransactWriteItemsCommand({
        // The id belongs to one attempt, so a request that the client library repeats is applied once.
        ClientRequestToken: entry.id,
        TransactItems: [
          ...consentWrites(tables.consents, sub, entry, standing),
          ...(profile ? [{ Update: profileUpdate(tables.profiles, profile) }] : []),
          ...(makesItem ? [unlessErased(tables.profiles, sub)] : []),
          ...events.map((event) => auditWrite(tables.audit, event)),
        ],
      });
      return client.send(command).then(() => true, lostTheRace);
    },
    history: async (sub, { limit, after }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tables.consents,
          KeyConditionExpression: '#sub = :sub AND begins_with(#entry, :ledger)',
          ExpressionAttributeNames: { '#sub': 'sub', '#entry': 'entry' },
          ExpressionAttributeValues: marshall({ ':sub': sub, ':ledger': ledgerPrefix }),
          ScanIndexForward: false,
          Limit: limit,
          ...(after && { ExclusiveStartKey: marshall({ sub, entry: `${ledgerPrefix}${after}` }) }),
        }),
      );
      const entries = Items.map((item) => withoutKeys(item) as unknown as LedgerEntry);
      const last = entries.at(-1);
      return { entries, ...(LastEvaluatedKey && last && { next: last.id }) };
    },
  };
};

const withoutKeys = (item: DynamoItem): Record<string, unknown> => {
  const { sub: _, entry: __, ...rest } = unmarshall(item);
  return rest;
};
