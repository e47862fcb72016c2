import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { PendingChange, PendingChanges, PendingKind } from '../core/factor/ports.ts';
import type { Sub } from '../core/ids.ts';
import {
  DeleteItemCommand,
  type DynamoClient,
  type DynamoItem,
  isConditionFailure,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from './dynamo.ts';
import type { RiskCounters } from './risk-counters.ts';

const keyOf = (sub: Sub, kind: PendingKind) => ({ subject: `CHANGE#${sub}`, kind });
/** DynamoDB removes late; what has expired is refused by its own time. */
const marginSeconds = 3_600;

/** The end of a change under way, as part of the transaction that it leads to. */
export const endPending = (table: string, sub: Sub, { kind, id }: PendingChange): TransactWriteItem => ({
  Delete: {
    TableName: table,
    Key: marshall(keyOf(sub, kind)),
    ConditionExpression: '#id = :id',
    ExpressionAttributeNames: { '#id': 'id' },
    ExpressionAttributeValues: marshall({ ':id': id }),
  },
});

/** `CHANGE#<sub>` / kind in the Risk table, about 400 bytes. Every call is one write: 1 WRU. */
export function dynamoPendingChanges(
  client: DynamoClient,
  table: string,
  counters: Pick<RiskCounters, 'count'>,
): PendingChanges {
  return {
    begin: async (sub, change) => {
      const Item = marshall(
        { ...change, ...keyOf(sub, change.kind), answers: 0, ttl: change.expiresAt + marginSeconds },
        { removeUndefinedValues: true },
      );
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    take: async (sub, kind, nowSeconds) => {
      const command = new DeleteItemCommand({
        TableName: table,
        Key: marshall(keyOf(sub, kind)),
        // Handed out once: of several deletions, one alone finds it.
        ConditionExpression: 'attribute_exists(expiresAt)',
        ReturnValues: 'ALL_OLD',
      });
      try {
        const { Attributes } = await client.send(command);
        const change = Attributes && pendingOf(Attributes);
        return change && change.expiresAt > nowSeconds ? change : undefined;
      } catch (error) {
        if (isConditionFailure(error)) return undefined;
        throw error;
      }
    },
    claimAnswer: async (sub, kind, { nowSeconds, maxAnswers }) => {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: marshall(keyOf(sub, kind)),
        UpdateExpression: 'SET answers = answers + :one',
        ConditionExpression: 'answers < :max AND expiresAt > :now',
        ExpressionAttributeValues: marshall({ ':one': 1, ':max': maxAnswers, ':now': nowSeconds }),
        ReturnValues: 'ALL_NEW',
      });
      try {
        const { Attributes } = await client.send(command);
        return Attributes && pendingOf(Attributes);
      } catch (error) {
        if (isConditionFailure(error)) return undefined;
        throw error;
      }
    },
    claimBeginning: async (sub, kind, maxPerHour) =>
      (await counters.count({ subject: `CHANGE#${sub}`, kind: `BEGUN#${kind}` })) <= maxPerHour,
  };
}

function pendingOf(item: DynamoItem): PendingChange {
  const { kind, id, sealed, codeHash, expiresAt } = unmarshall(item) as PendingChange;
  return { kind, id, expiresAt, ...(sealed && { sealed }), ...(codeHash && { codeHash }) };
}
