import { timingSafeEqual } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Pseudonym } from '../core/ids.ts';
import type { MailboxCodes } from '../core/recovery/ports.ts';
import type { Clock } from '../ports.ts';
import { DeleteItemCommand, type DynamoClient, isConditionFailure, UpdateItemCommand } from './dynamo.ts';
import type { RiskCounters } from './risk-counters.ts';

export interface MailboxCodeLimits {
  /** Compared answers per code. */
  readonly attempts: number;
  /** Compared answers per address and hour, over all codes. */
  readonly answersPerHour: number;
  /** Codes per address and hour. */
  readonly codesPerHour: number;
}

/** A row outlives its code a little; DynamoDB removes it within days. */
const marginSeconds = 60;

const keyOf = (address: Pseudonym) => ({ subject: `IDENTIFIER#${address}`, kind: 'RECOVERY-CODE' });

/**
 * `IDENTIFIER#<pseudonym>` / `RECOVERY-CODE` in the Risk table, below 1 kB. Losing a row makes its code wrong.
 *
 * | access | call | cost |
 * |---|---|---|
 * | issue, matches | counter + UpdateItem | 2 WRU |
 * | spend | DeleteItem, conditional | 1 WRU |
 */
export const dynamoMailboxCodes = (
  client: DynamoClient,
  table: string,
  counters: Pick<RiskCounters, 'count'>,
  clock: Clock,
  limits: MailboxCodeLimits,
): MailboxCodes => {
  const counted = (address: Pseudonym, kind: string) =>
    counters.count({ subject: `IDENTIFIER#${address}`, kind });
  return {
    issue: async (address, hash, expiresAt) => {
      if ((await counted(address, 'RECOVERY-CODES')) > limits.codesPerHour) return false;
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keyOf(address)),
          UpdateExpression: 'SET #hash = :hash, expiresAt = :expiresAt, attempts = :none, #ttl = :ttl',
          ExpressionAttributeNames: { '#hash': 'hash', '#ttl': 'ttl' },
          ExpressionAttributeValues: marshall({
            ':hash': hash,
            ':expiresAt': expiresAt,
            ':none': 0,
            ':ttl': Math.ceil(expiresAt / 1000) + marginSeconds,
          }),
        }),
      );
      return true;
    },
    matches: async (address, hash) => {
      // Counted first: an answer above a limit is never compared, not even its time says whether it was right.
      if ((await counted(address, 'RECOVERY-ANSWERS')) > limits.answersPerHour) return false;
      const stored = await attempt(client, table, address, limits.attempts, clock.now());
      return stored !== undefined && isSame(stored, hash);
    },
    spend: (address, hash) =>
      client
        .send(
          new DeleteItemCommand({
            TableName: table,
            Key: marshall(keyOf(address)),
            ConditionExpression: '#hash = :hash AND expiresAt > :now',
            ExpressionAttributeNames: { '#hash': 'hash' },
            ExpressionAttributeValues: marshall({ ':hash': hash, ':now': clock.now() }),
          }),
        )
        .then(() => true, falseWhenRefused),
  };
};

/** Hash of the code that this attempt may be compared with; one atomic write per attempt. */
async function attempt(
  client: DynamoClient,
  table: string,
  address: Pseudonym,
  attempts: number,
  now: number,
): Promise<string | undefined> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: marshall(keyOf(address)),
    UpdateExpression: 'SET attempts = attempts + :one',
    ConditionExpression: 'attempts < :max AND expiresAt > :now',
    ExpressionAttributeValues: marshall({ ':one': 1, ':max': attempts, ':now': now }),
    ReturnValues: 'ALL_NEW',
  });
  const answer = await client.send(command).catch(falseWhenRefused);
  return answer === false ? undefined : answer.Attributes?.hash?.S;
}

function falseWhenRefused(error: unknown): false {
  if (isConditionFailure(error)) return false;
  throw error;
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
