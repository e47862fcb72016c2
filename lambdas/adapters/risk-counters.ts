import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../core/audit/event.ts';
import type { AccountKey } from '../core/challenge/flow.ts';
import type { Pseudonym } from '../core/ids.ts';
import type { ChallengeMethod } from '../core/risk/decision.ts';
import type { Clock } from '../ports.ts';
import {
  type DynamoClient,
  GetItemCommand,
  isConditionFailure,
  type TransactWriteItem,
  UpdateItemCommand,
} from './dynamo.ts';

export interface RiskKey {
  readonly subject: string;
  readonly kind: string;
}

/** Length of every counting window. */
export const windowSeconds = 3_600;

/**
 * Subjects of the counters. Failures are counted by the identifier's pseudonym, so that the same is written whether
 * or not there is an account; successes do not reset them: somebody else's guesses stay visible.
 */
export const counterKeys = {
  identifierFailures: (identifier: Pseudonym): RiskKey => ({
    subject: `IDENTIFIER#${identifier}`,
    kind: 'FAILURES',
  }),
  addressFailures: (address: Pseudonym): RiskKey => ({ subject: `ADDRESS#${address}`, kind: 'FAILURES' }),
  /** Wrong answers without a password count apart: strangers cause them, and they must not use up what its owner has. */
  codeFailures: (account: AccountKey, method: ChallengeMethod, passwordless = false): RiskKey => ({
    subject: `ACCOUNT#${account}`,
    kind: `CODE#${method}${passwordless ? '#PASSWORDLESS' : ''}`,
  }),
  codeMails: (account: AccountKey, passwordless: boolean): RiskKey => ({
    subject: `ACCOUNT#${account}`,
    kind: `MAILS${passwordless ? '#PASSWORDLESS' : ''}`,
  }),
};

export interface RiskCounters {
  /** Adds one and answers the count in the current window. The event rides on the same write. */
  count(key: RiskKey, event?: AuditEvent): Promise<number>;
  /** Count in the current window; eventually consistent: a signal, never a limit. 0.5 RRU. */
  read(key: RiskKey): Promise<number>;
}

type Update = NonNullable<TransactWriteItem['Update']>;

/**
 * The two forms of one atomic count: within the running window (below the limit), or the first of a new window.
 * Exactly one of them has its condition met unless the limit is reached.
 */
export function countUpdates(
  table: string,
  key: RiskKey,
  nowSeconds: number,
  { limit, event }: { limit?: number; event?: AuditEvent } = {},
): { readonly within: Update; readonly fresh: Update } {
  const names = { '#count': 'count', '#since': 'since', '#ttl': 'ttl', ...(event && { '#event': 'event' }) };
  const eventValue = event && { ':event': JSON.stringify(event) };
  const setEvent = event ? ', #event = :event' : '';
  const base = { TableName: table, Key: marshall(key), ExpressionAttributeNames: names };
  return {
    within: {
      ...base,
      UpdateExpression: `SET #count = #count + :one, #ttl = :ttl${setEvent}`,
      ConditionExpression: `#since > :start${limit === undefined ? '' : ' AND #count < :limit'}`,
      ExpressionAttributeValues: marshall({
        ':one': 1,
        ':ttl': nowSeconds + 2 * windowSeconds,
        ':start': nowSeconds - windowSeconds,
        ...(limit !== undefined && { ':limit': limit }),
        ...eventValue,
      }),
    },
    fresh: {
      ...base,
      UpdateExpression: `SET #count = :one, #since = :now, #ttl = :ttl${setEvent}`,
      ConditionExpression: 'attribute_not_exists(#since) OR #since <= :start',
      ExpressionAttributeValues: marshall({
        ':one': 1,
        ':now': nowSeconds,
        ':ttl': nowSeconds + 2 * windowSeconds,
        ':start': nowSeconds - windowSeconds,
        ...eventValue,
      }),
    },
  };
}

/** Costs: count 1 WRU (2 for the first one of a window), read 0.5 RRU. */
export const dynamoRiskCounters = (client: DynamoClient, table: string, clock: Clock): RiskCounters => ({
  count: async (key, event) => {
    const { within, fresh } = countUpdates(table, key, Math.floor(clock.now() / 1000), { event });
    // The third try is for the race of two first counts: the loser counts within the window that the winner opened.
    for (const update of [within, fresh, within]) {
      const counted = await send(client, update);
      if (counted !== undefined) return counted;
    }
    throw new Error(`counter ${key.kind}: window changed three times in a row`);
  },
  read: async (key) => {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: marshall(key) }));
    if (!Item) return 0;
    const { count, since } = unmarshall(Item) as { count?: number; since?: number };
    return since !== undefined && since > clock.now() / 1000 - windowSeconds ? (count ?? 0) : 0;
  },
});

async function send(client: DynamoClient, update: Update): Promise<number | undefined> {
  const command = new UpdateItemCommand({ ...update, ReturnValues: 'UPDATED_NEW' });
  try {
    const { Attributes } = await client.send(command);
    return Number(Attributes?.count?.N);
  } catch (error) {
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
}
