import { marshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { SessionCutoff, StandingCutoff } from '../core/session/cutoff.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import {
  cancellationReasons,
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from './dynamo.ts';
import { forgetProofs } from './sign-in-history.ts';

/** Longest life of a refresh token in Cognito (3,650 days), whose tokens carry the old `auth_time` to the end. */
const longestSessionSeconds = 3_650 * 86_400;

const keyOf = (sub: string) => ({ subject: `SUB#${sub}`, kind: 'ENDED-BEFORE' });

/** Ends every session of a person that began up to the cutoff. */
export const sessionCutoffPut = (table: string, { sub, endedUntil }: SessionCutoff) => ({
  TableName: table,
  Item: marshall({ ...keyOf(sub), until: endedUntil, ttl: endedUntil + longestSessionSeconds }),
});

export interface PasswordResets {
  /** Ends the person's sessions, with the event. Repeatable: a known event is not written again, the end moves on. */
  record(cutoff: SessionCutoff, event: AuditEvent): Promise<void>;
}

/** Deliveries of one trigger that may be in each other's way. */
const maxRaces = 3;

/**
 * `SUB#<sub>` / `ENDED-BEFORE` of the Risk table, the event, and the end of what the account's devices had proven:
 * TransactWriteItems, 6 WRU per reset, 1 more for a repeated delivery. A mailbox alone resets a password, so nothing
 * that was proven before may stand in for a further factor after it.
 */
export const dynamoPasswordResets = (
  client: DynamoClient,
  tables: { readonly risk: string; readonly audit: AuditTable },
): PasswordResets => ({
  record: async (cutoff, event) => {
    const put = sessionCutoffPut(tables.risk, cutoff);
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: put },
        auditWrite(tables.audit, event),
        forgetProofs(tables.risk, cutoff.sub, Date.parse(event.at)),
      ],
    });
    for (let race = 0; race < maxRaces; race += 1) {
      const refusal = await client.send(command).then(() => 'none' as const, refusalOf);
      if (refusal === 'none') return;
      if (refusal === 'event-known') {
        await client.send(new PutItemCommand(put));
        return;
      }
    }
    throw new Error('recording a password reset kept losing races');
  },
});

/** @throws what is neither a repeated event nor a race */
function refusalOf(error: unknown): 'event-known' | 'raced' {
  const reasons = cancellationReasons(error);
  if (reasons?.[1] === 'ConditionalCheckFailed') return 'event-known';
  if (reasons?.every((code) => ['None', 'TransactionConflict'].includes(code))) return 'raced';
  throw error;
}

export interface OtherSessions {
  /**
   * Ends every session of the person but the one that asks, with the event in the same write. 1 WRU.
   * @returns `false` when a later cutoff stands, or one that ended the asking session, too; nothing was written then
   */
  end(cutoff: SessionCutoff, asking: AskingSession, event: AuditEvent): Promise<boolean>;
}

export interface AskingSession {
  readonly sessionKey: string;
  /** Epoch seconds of its sign-in or last step-up, as it was let in with: never before it began. */
  readonly authenticatedAt: number;
}

/**
 * The event travels with the item through the table's stream. A later cutoff is left as it is: it ends more. So is one
 * that came between the check of the asking session and this write: sparing it here would bring back what a password
 * reset or an operator has just ended.
 */
export const dynamoOtherSessions = (client: DynamoClient, table: string): OtherSessions => ({
  end: async ({ sub, endedUntil }, { sessionKey, authenticatedAt }, event) =>
    client
      .send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keyOf(sub)),
          UpdateExpression: 'SET #until = :until, #except = :except, #ttl = :ttl, #event = :event',
          ConditionExpression:
            'attribute_not_exists(#until) OR (#until <= :until AND (#until < :authenticatedAt OR #except = :except))',
          ExpressionAttributeNames: {
            '#until': 'until',
            '#except': 'except',
            '#ttl': 'ttl',
            '#event': 'event',
          },
          ExpressionAttributeValues: marshall({
            ':until': endedUntil,
            ':except': sessionKey,
            ':authenticatedAt': authenticatedAt,
            ':ttl': endedUntil + longestSessionSeconds,
            ':event': JSON.stringify(event),
          }),
        }),
      )
      .then(
        () => true,
        (error: unknown) => {
          if (!isConditionFailure(error)) throw error;
          return false;
        },
      ),
});

/** Up to when the sessions of a person are over, for `isSessionOver`. */
export type ReadSessionCutoff = (sub: string) => Promise<StandingCutoff | undefined>;

/** Eventually consistent: 0.5 RRU. */
export const dynamoSessionCutoffs =
  (client: DynamoClient, table: string): ReadSessionCutoff =>
  async (sub) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: marshall(keyOf(sub)),
        ProjectionExpression: '#until, #except',
        ExpressionAttributeNames: { '#until': 'until', '#except': 'except' },
      }),
    );
    if (!Item) return undefined;
    return {
      until: Number(Item.until?.N ?? Number.POSITIVE_INFINITY), // an item that says nothing ends everything
      ...(Item.except?.S && { except: Item.except.S }),
    };
  };
