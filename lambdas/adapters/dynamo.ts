import { environmentOptions } from './aws-json/client.ts';
import { type DynamoClient, dynamodb, leanDynamoClient } from './dynamodb/client.ts';
import { type TransactWriteItem, TransactWriteItemsCommand } from './dynamodb/commands.ts';

export type { DynamoClient } from './dynamodb/client.ts';
export * from './dynamodb/commands.ts';

/**
 * One client per environment. A trigger has 5 s in all (AWS: user pool Lambda triggers), so a call gives up early
 * enough for one more try and for an answer that says what happened.
 */
export const dynamoClient = (): DynamoClient => leanDynamoClient(environmentOptions(dynamodb));

/** True for a write that lost its condition: the expected outcome of an atomic guard, not a fault. */
export const isConditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** Why each item of a cancelled transaction was refused, in the order it was sent; `undefined` for any other error. */
export function cancellationReasons(error: unknown): readonly string[] | undefined {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return undefined;
  const reasons = (error as Error & { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map((reason) => reason.Code ?? 'None');
}

/**
 * For a transaction of conditional writes: answers `false` when it was cancelled because a condition or another
 * transaction won, and passes every other error on (throttling, validation, an unreachable table). A lost condition
 * decides, whatever else was refused beside it: nothing was written, and waiting would not bring it back.
 */
export function lostTheRace(error: unknown): false {
  const codes = cancellationReasons(error)?.filter((code) => code !== 'None') ?? [];
  const isRace = codes.length > 0 && codes.every((code) => raceCodes.has(code));
  if (isRace || codes.includes('ConditionalCheckFailed')) return false;
  throw error;
}

const raceCodes = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/**
 * Sends a transaction of conditional writes; one that merely met another is tried again at once, with a limit, as nothing
 * was decided.
 * @returns for a lost condition, which items lost it, in the order given; `undefined` when written
 */
export async function writeTogether(
  client: DynamoClient,
  items: TransactWriteItem[],
  { maxConflicts = 10 }: { readonly maxConflicts?: number } = {},
): Promise<readonly boolean[] | undefined> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return undefined;
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (reasons?.includes('ConditionalCheckFailed')) {
        return reasons.map((reason) => reason === 'ConditionalCheckFailed');
      }
      if (!reasons?.includes('TransactionConflict') || conflicts >= maxConflicts) throw error;
    }
  }
}
