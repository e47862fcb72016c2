import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { SessionCutoff } from '../core/session/cutoff.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import { cancellationReasons } from './dynamo.ts';

/** Longest life of a refresh token in Cognito (3,650 days), whose tokens carry the old `auth_time` to the end. */
const longestSessionSeconds = 3_650 * 86_400;

const keyOf = (sub: string) => ({ subject: `SUB#${sub}`, kind: 'ENDED-BEFORE' });

export interface PasswordResets {
  /** Ends the person's sessions, with the event. Repeatable: a known event is not written again, the end moves on. */
  record(cutoff: SessionCutoff, event: AuditEvent): Promise<void>;
}

/** Deliveries of one trigger that may be in each other's way. */
const maxRaces = 3;

/**
 * `SUB#<sub>` / `ENDED-BEFORE` of the Risk table and the event: TransactWriteItems, 4 WRU per reset, 1 more for a
 * repeated delivery. About 150 bytes per person who ever reset a password.
 */
export const dynamoPasswordResets = (
  client: DynamoDBClient,
  tables: { readonly risk: string; readonly audit: AuditTable },
): PasswordResets => ({
  record: async ({ sub, endedUntil }, event) => {
    const item = { ...keyOf(sub), until: endedUntil, ttl: endedUntil + longestSessionSeconds };
    const put = { TableName: tables.risk, Item: marshall(item) };
    const command = new TransactWriteItemsCommand({
      TransactItems: [{ Put: put }, auditWrite(tables.audit, event)],
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

/** Epoch seconds up to which sessions are over, for `isSessionOver`. */
export type ReadSessionCutoff = (sub: string) => Promise<number | undefined>;

/** Eventually consistent: 0.5 RRU. It may be a moment late, like everything that an API keeps per token. */
export const dynamoSessionCutoffs =
  (client: DynamoDBClient, table: string): ReadSessionCutoff =>
  async (sub) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: marshall(keyOf(sub)),
        ProjectionExpression: '#until',
        ExpressionAttributeNames: { '#until': 'until' },
      }),
    );
    return Item && Number(Item.until?.N ?? Number.POSITIVE_INFINITY);
  };
