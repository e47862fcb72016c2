import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { HashShape } from '../core/migration/hash.ts';
import type { WaitingPeople } from '../core/migration/ports.ts';
import type { WaitingPerson, WaitingState } from '../core/migration/record.ts';
import type { Clock } from '../ports.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from './dynamo.ts';
import type { RecordSeal } from './sealed-records.ts';

interface StoredRecord {
  readonly state: WaitingState;
  readonly sealed?: Uint8Array;
  readonly fingerprint?: string;
  readonly ttl: number;
}

const ownerOf = (address: Pseudonym): string => `WAITING#${address}`;
const keyOf = (address: Pseudonym) => marshall({ subject: ownerOf(address), kind: 'PERSON' });
const shapesKey = marshall({ subject: 'SHAPES', kind: 'HASHES' });
const epochSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);

/** How long the shapes are used before they are read again; an import changes them once. */
const shapesSeconds = 300;
/** How long a person whom the legacy system vouched for may take to get the account. */
const movingSeconds = 86_400;

/**
 * People who wait for their first sign-in: `WAITING#<pseudonym of the address>` / `PERSON`, sealed, about 1 kB.
 *
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU |
 * | startMoving | UpdateItem, conditional | 1 WRU per kB |
 * | keepMoving | PutItem, conditional | 1 WRU per kB |
 * | shapes | GetItem every five minutes per environment | 0.5 RRU |
 * | add (import) | TransactWriteItems: record + event | 4 WRU |
 * | end of a migration | Update in the transaction of the new profile | 2 WRU per kB |
 */
export const dynamoWaitingPeople = (
  client: DynamoClient,
  table: string,
  seal: RecordSeal,
  clock: Clock,
): WaitingPeople => {
  let known: { readonly shapes: readonly HashShape[]; readonly readAt: number } | undefined;
  return {
    find: async (address) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(address), ConsistentRead: true }),
      );
      const stored = Item && (unmarshall(Item) as StoredRecord);
      if (!stored?.sealed || stored.state === 'done' || stored.ttl <= epochSeconds(clock)) return undefined;
      return {
        person: await seal.open<WaitingPerson>(ownerOf(address), stored.sealed),
        state: stored.state,
      };
    },
    startMoving: async (address) => {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(address),
        UpdateExpression: 'SET #state = :moving',
        ConditionExpression: '#state IN (:waiting, :moving) AND #ttl > :now',
        ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
        ExpressionAttributeValues: marshall({
          ':moving': 'moving',
          ':waiting': 'waiting',
          ':now': epochSeconds(clock),
        }),
      });
      return client.send(command).then(() => true, falseWhenRefused);
    },
    keepMoving: async (address, person) => {
      const now = epochSeconds(clock);
      const command = new PutItemCommand({
        TableName: table,
        Item: {
          ...keyOf(address),
          ...marshall({
            state: 'moving',
            sealed: await seal.seal(ownerOf(address), person),
            ttl: now + movingSeconds,
          }),
        },
        ConditionExpression: 'attribute_not_exists(#state) OR #state = :moving OR #ttl <= :now',
        ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
        ExpressionAttributeValues: marshall({ ':moving': 'moving', ':now': now }),
      });
      // Refused: an imported record came in between, or the account is complete already. Either is as good.
      await client.send(command).then(() => true, falseWhenRefused);
    },
    shapes: async () => {
      if (known && epochSeconds(clock) - known.readAt < shapesSeconds) return known.shapes;
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: shapesKey }));
      const shapes = Item ? (unmarshall(Item).shapes as readonly HashShape[]) : [];
      known = { shapes, readAt: epochSeconds(clock) };
      return shapes;
    },
  };
};

/** Whether somebody waits or is on the way; opens nothing. 1 RRU. */
export type IsWaiting = (address: Pseudonym) => Promise<boolean>;

export const dynamoIsWaiting =
  (client: DynamoClient, table: string, clock: Clock): IsWaiting =>
  async (address) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: keyOf(address),
        ConsistentRead: true,
        ProjectionExpression: '#state, #ttl',
        ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
      }),
    );
    const stored = Item && (unmarshall(Item) as Pick<StoredRecord, 'state' | 'ttl'>);
    return stored !== undefined && stored.state !== 'done' && stored.ttl > epochSeconds(clock);
  };

function falseWhenRefused(error: unknown): false {
  if (isConditionFailure(error)) return false;
  throw error;
}

/** Nothing personal is left; the rest keeps a second import of the same file from bringing the person back. */
export const finishMoving = (table: string, address: Pseudonym): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keyOf(address),
    UpdateExpression: 'SET #state = :done REMOVE #sealed, #fingerprint',
    ConditionExpression: '#state = :moving',
    ExpressionAttributeNames: { '#state': 'state', '#sealed': 'sealed', '#fingerprint': 'fingerprint' },
    ExpressionAttributeValues: marshall({ ':done': 'done', ':moving': 'moving' }),
  },
});

/** `unchanged`: the same content waits already. `conflict`: other content does. `moved`: the person has arrived. */
export type Added = 'added' | 'replaced' | 'unchanged' | 'conflict' | 'moved';

export interface WaitingImport {
  /** What adding would do; reads only. */
  look(address: Pseudonym, person: WaitingPerson, options: { replace: boolean }): Promise<Added>;
  /** The record and its event in one transaction. Of the same person twice, the second changes nothing. */
  add(
    address: Pseudonym,
    person: WaitingPerson,
    options: { replace: boolean; expiresAt: number; event: AuditEvent },
  ): Promise<Added>;
  /** Adds to the shapes; what is there stays. */
  addShapes(shapes: readonly HashShape[]): Promise<void>;
}

/** The same people exported or copied again are the same people. */
const contentOf = ({ exportedAt: _, ...content }: WaitingPerson): object => content;

/** The import's side of the table; used by operators, never by a function. */
export const dynamoWaitingImport = (
  client: DynamoClient,
  tables: { readonly migration: string; readonly audit: AuditTable },
  seal: RecordSeal,
  clock: Clock,
): WaitingImport => {
  const standing = async (address: Pseudonym): Promise<StoredRecord | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tables.migration, Key: keyOf(address), ConsistentRead: true }),
    );
    const stored = Item && (unmarshall(Item) as StoredRecord);
    return stored && stored.ttl > epochSeconds(clock) ? stored : undefined;
  };
  const verdict = async (address: Pseudonym, person: WaitingPerson, replace: boolean): Promise<Added> => {
    const found = await standing(address);
    if (!found) return 'added';
    if (found.state !== 'waiting') return 'moved';
    if (found.fingerprint === (await seal.fingerprint(ownerOf(address), contentOf(person))))
      return 'unchanged';
    return replace ? 'replaced' : 'conflict';
  };
  return {
    look: (address, person, { replace }) => verdict(address, person, replace),
    add: async (address, person, { replace, expiresAt, event }) => {
      const decided = await verdict(address, person, replace);
      if (decided !== 'added' && decided !== 'replaced') return decided;
      const item = {
        state: 'waiting',
        sealed: await seal.seal(ownerOf(address), person),
        fingerprint: await seal.fingerprint(ownerOf(address), contentOf(person)),
        importedAt: new Date(clock.now()).toISOString(),
        ttl: expiresAt,
      };
      const free = 'attribute_not_exists(#state) OR #ttl <= :now';
      const command = new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.migration,
              Item: { ...keyOf(address), ...marshall(item) },
              ConditionExpression: replace ? `${free} OR #state = :waiting` : free,
              ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
              ExpressionAttributeValues: marshall({
                ':now': epochSeconds(clock),
                ...(replace && { ':waiting': 'waiting' }),
              }),
            },
          },
          auditWrite(tables.audit, event),
        ],
      });
      const isWritten = await client.send(command).then(
        () => true,
        (error: unknown) => {
          const reasons = cancellationReasons(error);
          if (
            reasons?.some((reason) => reason === 'ConditionalCheckFailed' || reason === 'TransactionConflict')
          )
            return false;
          throw error;
        },
      );
      return isWritten ? decided : verdict(address, person, replace); // somebody was faster: say what is true now
    },
    addShapes: async (shapes) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.migration, Key: shapesKey, ConsistentRead: true }),
      );
      const present = Item ? (unmarshall(Item).shapes as readonly HashShape[]) : [];
      const all = new Map([...present, ...shapes].map((shape) => [JSON.stringify(shape), shape]));
      if (all.size === present.length) return;
      const item = { ...shapesKey, ...marshall({ shapes: [...all.values()] }) };
      await client.send(new PutItemCommand({ TableName: tables.migration, Item: item }));
    },
  };
};
