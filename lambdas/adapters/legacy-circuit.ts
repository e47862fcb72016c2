import { createHash } from 'node:crypto';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CircuitState, circuitPosition, circuitRules } from '../core/migration/circuit.ts';
import type { Clock } from '../ports.ts';
import { type DynamoClient, GetItemCommand, isConditionFailure, UpdateItemCommand } from './dynamo.ts';

/** Shared by every environment of the function, so that a hundred of them do not each wait for a dead system. */
export interface LegacyCircuit {
  /** `false` while the other system rests. */
  mayAsk(): Promise<boolean>;
  succeeded(): Promise<void>;
  failed(): Promise<void>;
}

/** A circuit that nobody touched for this long starts anew. */
const forgetSeconds = 600;

/** `LEGACY#<hash of the URL>` / `CIRCUIT` of the Risk table: 0.5 RRU per question, 1 WRU per failure or change. */
export const dynamoLegacyCircuit = (
  client: DynamoClient,
  table: string,
  url: string,
  clock: Clock,
): LegacyCircuit => {
  const digest = createHash('sha256').update(url).digest('base64url').slice(0, 22);
  const Key = marshall({ subject: `LEGACY#${digest}`, kind: 'CIRCUIT' });
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const read = async (): Promise<CircuitState> => {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    const state = Item ? (unmarshall(Item) as CircuitState & { ttl: number }) : undefined;
    return state && state.ttl > nowSeconds() ? state : { failures: 0 };
  };
  const update = (expression: string, values: Record<string, number>, condition?: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: Object.fromEntries(
          [...new Set(`${expression} ${condition ?? ''}`.match(/#\w+/g))].map((name) => [
            name,
            name.slice(1),
          ]),
        ),
        ExpressionAttributeValues: marshall(values),
        ReturnValues: 'ALL_NEW',
      }),
    );
  return {
    mayAsk: async () => {
      const position = circuitPosition(await read(), nowSeconds());
      if (position !== 'trial') return position === 'closed';
      const trial = { ':until': nowSeconds() + circuitRules.trialSeconds, ':now': nowSeconds() };
      return update(
        'SET #restsUntil = :until',
        trial,
        'attribute_not_exists(#restsUntil) OR #restsUntil <= :now',
      ).then(
        () => true,
        (error: unknown) => {
          if (isConditionFailure(error)) return false; // somebody else looks
          throw error;
        },
      );
    },
    succeeded: async () => {
      if ((await read()).failures === 0) return; // the usual case costs no write
      await update('SET #failures = :none, #ttl = :ttl REMOVE #restsUntil', {
        ':none': 0,
        ':ttl': nowSeconds() + forgetSeconds,
      });
    },
    failed: async () => {
      const ttl = nowSeconds() + forgetSeconds;
      const { Attributes } = await update('SET #ttl = :ttl ADD #failures :one', { ':ttl': ttl, ':one': 1 });
      const failures = Attributes ? Number(unmarshall(Attributes).failures) : 0;
      if (failures < circuitRules.failures) return;
      await update('SET #restsUntil = :until', { ':until': nowSeconds() + circuitRules.restSeconds });
    },
  };
};
