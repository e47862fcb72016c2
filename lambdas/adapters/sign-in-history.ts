import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { AccountKey, Flow } from '../core/challenge/flow.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { FirstDevice } from '../core/registration/first-device.ts';
import { emptyHistory, type SignInHistory } from '../core/risk/history.ts';
import type { Clock } from '../ports.ts';
import {
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  type TransactWriteItem,
  UpdateItemCommand,
} from './dynamo.ts';

/** Longer than any dormancy limit and as long as the device cookie lives. */
const historySeconds = 400 * 86_400;

export interface SignInTouch {
  readonly device: Pseudonym;
  readonly network: Pseudonym;
  readonly flow: string;
  readonly event: AuditEvent;
}

export interface SignInHistories {
  /** Eventually consistent (0.5 RRU) unless asked otherwise (1 RRU); a history behind its TTL is empty. */
  find(account: AccountKey, options?: { consistent: boolean }): Promise<SignInHistory>;
  /**
   * Fast path, 1 WRU: records a sign-in of a device and network that are both already known.
   * @returns `false` when one of them is not, when it is the first sign-in (whose event says so), when something was proven in it (the flow says what), or when this flow is
   *   already recorded; nothing was written then
   */
  touch(account: AccountKey, touch: SignInTouch): Promise<boolean>;
  /**
   * Replaces the history that was read.
   * @returns `false` when it changed meanwhile: read again
   */
  replace(account: AccountKey, read: SignInHistory, next: SignInHistory, event: AuditEvent): Promise<boolean>;
}

const historyKey = (account: AccountKey) => marshall({ subject: `ACCOUNT#${account}`, kind: 'HISTORY' });

/** An entry of its own age: a proof prolongs the row, and must not prolong what is in it. */
const recent = (seen: Readonly<Record<string, number>> | undefined, now: number) =>
  Object.fromEntries(
    Object.entries(seen ?? {}).filter(([, seconds]) => seconds > now / 1000 - historySeconds),
  );

/** Part of the transaction that accepts a code. */
export const proofUpdate = (
  table: string,
  { account, id, context }: Pick<Flow, 'account' | 'id' | 'context'>,
  now: number,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: historyKey(account),
    // No event of its own: one that is already there belongs to another sign-in and must not be told twice.
    // The name that the sign-in goes by at its end: then its flow has to be read, as it says what was proven.
    UpdateExpression: 'SET lastProofAt = :now, lastProof = :name, #ttl = :ttl REMOVE #event',
    ExpressionAttributeNames: { '#ttl': 'ttl', '#event': 'event' },
    ExpressionAttributeValues: marshall({
      ':now': now,
      ':name': context ?? id,
      ':ttl': Math.floor(now / 1000) + historySeconds,
    }),
  },
});

/**
 * After a password reset or a recovery: no device, network or earlier proof of the account counts any more, so that
 * the next sign-in is challenged. What keeps a context from being used twice (`lastFlow`, `lastSignInAt`) stays.
 */
export const forgetProofs = (table: string, account: string, now: number): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: historyKey(account as AccountKey),
    UpdateExpression:
      'SET devices = :none, networks = :none, resetAt = :now, #ttl = :ttl REMOVE lastProofAt, #event',
    ExpressionAttributeNames: { '#ttl': 'ttl', '#event': 'event' },
    ExpressionAttributeValues: marshall({
      ':none': {},
      ':now': now,
      ':ttl': Math.floor(now / 1000) + historySeconds,
    }),
  },
});

/**
 * Part of the transaction that ends a registration (2 WRU): its mailed code was the first proof. Whatever history there is
 * stays, also one that a reset or a lock has emptied.
 */
export const firstHistory = (
  table: string,
  account: string,
  { device, network }: FirstDevice,
  now: number,
): TransactWriteItem => {
  const seconds = Math.floor(now / 1000);
  return {
    Put: {
      TableName: table,
      Item: {
        ...historyKey(account as AccountKey),
        ...marshall({
          devices: { [device]: seconds },
          networks: { [network]: seconds },
          lastProofAt: now,
          ttl: seconds + historySeconds,
        }),
      },
      ConditionExpression: 'attribute_not_exists(#subject)',
      ExpressionAttributeNames: { '#subject': 'subject' },
    },
  };
};

export const dynamoSignInHistories = (
  client: DynamoClient,
  table: string,
  clock: Clock,
): SignInHistories => ({
  find: async (account, { consistent } = { consistent: false }) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: historyKey(account), ConsistentRead: consistent }),
    );
    if (!Item) return emptyHistory;
    const { ttl, devices, networks, lastSignInAt, lastProofAt, lastFlow, resetAt } = unmarshall(
      Item,
    ) as Partial<SignInHistory> & { ttl?: number };
    if (ttl === undefined || ttl <= clock.now() / 1000) return emptyHistory;
    return {
      devices: recent(devices, clock.now()),
      networks: recent(networks, clock.now()),
      ...(lastSignInAt !== undefined && { lastSignInAt }),
      ...(lastProofAt !== undefined && { lastProofAt }),
      ...(resetAt !== undefined && { resetAt }),
      ...(lastFlow !== undefined && { lastFlow }),
    };
  },
  touch: (account, { device, network, flow, event }) => {
    const now = clock.now();
    const nowSeconds = Math.floor(now / 1000);
    return update(client, {
      TableName: table,
      Key: historyKey(account),
      UpdateExpression:
        'SET devices.#device = :seconds, networks.#network = :seconds, lastSignInAt = :now, lastFlow = :flow, #ttl = :ttl, #event = :event',
      ConditionExpression:
        'attribute_exists(devices.#device) AND attribute_exists(networks.#network) AND attribute_exists(lastFlow) AND lastFlow <> :flow AND #ttl > :seconds AND (attribute_not_exists(lastProof) OR lastProof <> :flow)',
      ExpressionAttributeNames: {
        '#device': device,
        '#network': network,
        '#ttl': 'ttl',
        '#event': 'event',
      },
      ExpressionAttributeValues: marshall({
        ':seconds': nowSeconds,
        ':now': now,
        ':flow': flow,
        ':ttl': nowSeconds + historySeconds,
        ':event': JSON.stringify(event),
      }),
    });
  },
  replace: (account, read, next, event) =>
    update(client, {
      TableName: table,
      Key: historyKey(account),
      // lastProofAt is left alone: it is written where the proof is accepted.
      UpdateExpression:
        'SET devices = :devices, networks = :networks, lastSignInAt = :now, lastFlow = :flow, #ttl = :ttl, #event = :event',
      ConditionExpression: read.lastFlow
        ? 'lastFlow = :read AND lastSignInAt = :at'
        : 'attribute_not_exists(lastFlow) OR #ttl <= :seconds',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#event': 'event' },
      ExpressionAttributeValues: marshall({
        ':devices': next.devices,
        ':networks': next.networks,
        ':now': next.lastSignInAt,
        ':flow': next.lastFlow,
        ':ttl': Math.floor(clock.now() / 1000) + historySeconds,
        ':event': JSON.stringify(event),
        ...(read.lastFlow
          ? { ':read': read.lastFlow, ':at': read.lastSignInAt }
          : { ':seconds': Math.floor(clock.now() / 1000) }),
      }),
    }),
});

async function update(
  client: DynamoClient,
  input: ConstructorParameters<typeof UpdateItemCommand>[0],
): Promise<boolean> {
  try {
    await client.send(new UpdateItemCommand(input));
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

export interface KnownDevices {
  /** The next sign-in on it is one of a new device. 1 WRU, with the event. @returns `false` when it was not known */
  forget(sub: string, device: string, event: AuditEvent): Promise<boolean>;
}

export const dynamoKnownDevices = (client: DynamoClient, table: string): KnownDevices => ({
  forget: (sub, device, event) =>
    update(client, {
      TableName: table,
      Key: historyKey(sub as AccountKey),
      UpdateExpression: 'SET #event = :event REMOVE devices.#device',
      ConditionExpression: 'attribute_exists(devices.#device)',
      ExpressionAttributeNames: { '#device': device, '#event': 'event' },
      ExpressionAttributeValues: marshall({ ':event': JSON.stringify(event) }),
    }),
});
