import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym } from '../core/ids.ts';
import type { PendingRegistration, PendingRegistrations } from '../core/registration/ports.ts';
import type { Clock } from '../ports.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  type DynamoClient,
  type DynamoItem,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from './dynamo.ts';

/** How long what was typed waits for the confirmation; Cognito's code lives 24 hours and can be sent again. */
export const pendingSeconds = 48 * 3_600;

const key = (identifier: Pseudonym) => marshall({ subject: `PENDING#${identifier}`, kind: 'REGISTRATION' });
const epochSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);

/**
 * Registrations under way, one item per address in the Risk table: a request body at the most (16 kB), 48 hours.
 *
 * | access | call | cost |
 * |---|---|---|
 * | find | GetItem, consistent | 1 RRU per 4 kB |
 * | reserve | PutItem, conditional | 1 WRU per kB |
 * | settle | TransactWriteItems: Update + event | 4 WRU (2 per kB of the item + 2) |
 * | release | UpdateItem | 1 WRU per kB |
 * | consumed | Delete in the transaction of the new profile | 2 WRU per kB |
 */
export const dynamoPendingRegistrations = (
  client: DynamoClient,
  table: string,
  audit: AuditTable,
  clock: Clock,
): PendingRegistrations => ({
  find: async (identifier) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key(identifier), ConsistentRead: true }),
    );
    return Item ? readPending(Item, epochSeconds(clock)) : undefined;
  },
  reserve: async (pending, replaces) => {
    const now = epochSeconds(clock);
    const command = new PutItemCommand({
      TableName: table,
      Item: itemOf(pending, now),
      // With its own handle it has won before: the SDK repeats a write whose answer was lost.
      ConditionExpression: `attribute_not_exists(#subject) OR #ttl <= :now OR #handle IN (:own${replaces ? ', :replaces' : ''})`,
      ExpressionAttributeNames: { '#subject': 'subject', '#ttl': 'ttl', '#handle': 'handle' },
      ExpressionAttributeValues: marshall({
        ':now': now,
        ':own': pending.handle,
        ...(replaces && { ':replaces': replaces }),
      }),
    });
    return client.send(command).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false;
        throw error;
      },
    );
  },
  settle: async (pending, sub, event) => {
    const command = new TransactWriteItemsCommand({
      ClientRequestToken: event.id,
      TransactItems: [
        {
          Update: {
            TableName: table,
            Key: key(pending.identifier),
            UpdateExpression: 'SET #sub = :sub',
            ConditionExpression: '#handle = :handle',
            ExpressionAttributeNames: { '#sub': 'sub', '#handle': 'handle' },
            ExpressionAttributeValues: marshall({ ':sub': sub, ':handle': pending.handle }),
          },
        },
        auditWrite(audit, event),
      ],
    });
    await client.send(command);
  },
  release: async (pending) => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: key(pending.identifier),
      // Lapsed at once: every reader looks at the time, DynamoDB removes the rest.
      UpdateExpression: 'SET #ttl = :now REMOVE #answers, #sub, #device',
      ConditionExpression: '#handle = :handle',
      ExpressionAttributeNames: {
        '#ttl': 'ttl',
        '#answers': 'answers',
        '#sub': 'sub',
        '#device': 'device',
        '#handle': 'handle',
      },
      ExpressionAttributeValues: marshall({ ':now': epochSeconds(clock), ':handle': pending.handle }),
    });
    await client.send(command).catch((error: unknown) => {
      if (!isConditionFailure(error)) throw error; // somebody else's by now: not ours to give back
    });
  },
});

/** Removes exactly the registration that was read, as a part of the transaction that turns it into a profile. */
export const consumePending = (table: string, pending: PendingRegistration): TransactWriteItem => ({
  Delete: {
    TableName: table,
    Key: key(pending.identifier),
    ConditionExpression: '#handle = :handle',
    ExpressionAttributeNames: { '#handle': 'handle' },
    ExpressionAttributeValues: marshall({ ':handle': pending.handle }),
  },
});

/** The answers as one string: nobody looks inside, and a deep structure cannot meet an expression. */
const itemOf = ({ identifier, answers, ...rest }: PendingRegistration, now: number): DynamoItem => ({
  ...key(identifier),
  ...marshall(
    { ...rest, answers: JSON.stringify(answers), ttl: now + pendingSeconds },
    { removeUndefinedValues: true },
  ),
});

function readPending(item: DynamoItem, now: number): PendingRegistration | undefined {
  const { subject, kind: _, ttl, answers, ...rest } = unmarshall(item);
  if (typeof ttl !== 'number' || ttl <= now || typeof answers !== 'string') return undefined;
  const identifier = String(subject).slice('PENDING#'.length) as Pseudonym;
  return {
    ...(rest as Omit<PendingRegistration, 'identifier' | 'answers'>),
    identifier,
    answers: JSON.parse(answers),
  };
}
