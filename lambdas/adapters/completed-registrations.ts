import { type DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { CompletedRegistrations } from '../core/registration/complete.ts';
import type { RequestContext } from '../core/risk/context.ts';
import { type AuditTable, auditWrite } from './audit-outbox.ts';
import { consentWrites } from './consents.ts';
import { cancellationReasons, isConditionFailure } from './dynamo.ts';
import { consumePending } from './pending-registrations.ts';

export interface RegistrationTables {
  readonly profiles: string;
  readonly consents: string;
  readonly risk: string;
  readonly audit: AuditTable;
}

/**
 * The end of a registration: TransactWriteItems with the profile (first, so that its reason can be told), two items
 * and one event per consent, the event of the confirmation, and the removal of the pending registration.
 * With two consents: 2 × (1 + 4 + 3 + 1) = 18 WRU. At most 20 consents (route schema): 63 of 100 items.
 */
export const dynamoCompletedRegistrations = (
  client: DynamoDBClient,
  tables: RegistrationTables,
): CompletedRegistrations => ({
  complete: async ({ profile, consents, events, pending }) => {
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            TableName: tables.profiles,
            Item: marshall({ ...profile, item: 'profile' }, { removeUndefinedValues: true }),
            ConditionExpression: 'attribute_not_exists(#sub)',
            ExpressionAttributeNames: { '#sub': 'sub' },
          },
        },
        ...consents.flatMap((entry) => consentWrites(tables.consents, profile.sub, entry, undefined)),
        ...events.map((event) => auditWrite(tables.audit, event)),
        ...(pending ? [consumePending(tables.risk, pending)] : []),
      ],
    });
    return client.send(command).then(() => 'done' as const, doneOrRaced);
  },
});

function doneOrRaced(error: unknown): 'done' | 'raced' {
  const reasons = cancellationReasons(error);
  if (!reasons) throw error;
  if (reasons[0] === 'ConditionalCheckFailed') return 'done'; // the profile exists: written by an earlier delivery
  const isRace = reasons.every((code) =>
    ['None', 'ConditionalCheckFailed', 'TransactionConflict'].includes(code),
  );
  if (isRace) return 'raced';
  throw error;
}

/** How long a spent context is remembered beyond its end; clocks of two functions may differ a little. */
const spentMarginSeconds = 60;

/** `CONTEXT#<jti>` / `USED`: 1 WRU. True for the first user name, and for that one again. */
export const dynamoSpentContexts =
  (client: DynamoDBClient, table: string) =>
  async (context: RequestContext, userName: string): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: marshall({
        subject: `CONTEXT#${context.id}`,
        kind: 'USED',
        by: userName,
        ttl: context.expiresAt + spentMarginSeconds,
      }),
      ConditionExpression: 'attribute_not_exists(#subject) OR #by = :by',
      ExpressionAttributeNames: { '#subject': 'subject', '#by': 'by' },
      ExpressionAttributeValues: marshall({ ':by': userName }),
    });
    return client.send(command).then(
      () => true,
      (error: unknown) => {
        if (isConditionFailure(error)) return false;
        throw error;
      },
    );
  };
