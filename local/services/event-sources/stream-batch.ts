import { randomUUID } from 'node:crypto';
import type { Cloud, Invocation } from '../../platform.ts';
import type { StreamRecord } from '../dynamodb/stream-source.ts';
import type { MappingSettings } from './settings.ts';

/** Why records are given up (AWS: `condition` in the failure message). */
export type GivenUp = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded {
  readonly records: readonly StreamRecord[];
  readonly condition: GivenUp;
  readonly invocations: number;
  readonly requestId: string;
}

export interface BatchParts {
  readonly cloud: Cloud;
  readonly settings: MappingSettings;
  /** Records up to this sequence number are done, one way or the other. */
  checkpoint(sequenceNumber: string): Promise<void>;
  discard(batch: Discarded): Promise<void>;
  /** Resolves early when the service stops; `false` then. */
  pause(milliseconds: number): Promise<boolean>;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** Failures of the function use up retries; what Lambda itself refuses is tried until the records are too old. */
const functionErrors = new Set(['threw', 'timeout', 'crashed']);

/**
 * Delivers records in order with the retry rules of a stream mapping. Splitting does not use up a retry (AWS:
 * "Retain discarded records for a DynamoDB event source"), so that one bad record always ends alone.
 * @returns `false` when the service stops first; nothing after the checkpoint counts as done then
 */
export async function deliverBatch(parts: BatchParts, records: readonly StreamRecord[]): Promise<boolean> {
  let left = records;
  let failures = 0;
  for (let tries = 1; left.length > 0; tries += 1) {
    // Not before the first attempt: a clock that jumped ahead must not drop what was on its way.
    if (tries > 1) left = await withoutOld(parts, left, tries - 1);
    if (left.length === 0) return true;
    const outcome = await parts.cloud.functions.invoke(
      parts.settings.functionArn,
      { Records: left },
      { principal: 'internal' },
    );
    const failedAt = firstFailure(parts.settings, left, outcome);
    if (failedAt === undefined) return done(parts, left);
    if (failedAt > 0) {
      await done(parts, left.slice(0, failedAt));
      left = left.slice(failedAt);
      failures = 0; // progress: what is left starts anew
      continue;
    }
    if (parts.settings.bisect && left.length > 1 && isFunctionError(outcome)) {
      const middle = Math.ceil(left.length / 2);
      return (
        (await deliverBatch(parts, left.slice(0, middle))) && (await deliverBatch(parts, left.slice(middle)))
      );
    }
    if (isFunctionError(outcome) && failures >= parts.settings.retries) return giveUp(parts, left, tries);
    if (isFunctionError(outcome)) failures += 1;
    if (!(await parts.pause(Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs)))) return false;
  }
  return true;
}

const isFunctionError = (outcome: Invocation): boolean => outcome.ok || functionErrors.has(outcome.kind);

/** Index of the first record to try again; `undefined` when all are done. */
function firstFailure(
  settings: MappingSettings,
  records: readonly StreamRecord[],
  outcome: Invocation,
): number | undefined {
  if (!outcome.ok) return 0;
  if (!settings.reportsItemFailures) return undefined;
  const reported = (outcome.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(reported)) return 0;
  if (reported.length === 0) return undefined;
  const indexes = (reported as { itemIdentifier?: unknown }[]).map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  return indexes.includes(-1) ? 0 : Math.min(...indexes); // an unknown identifier fails the whole batch
}

async function done(parts: BatchParts, records: readonly StreamRecord[]): Promise<true> {
  const last = records.at(-1);
  if (last) await parts.checkpoint(last.dynamodb.SequenceNumber);
  return true;
}

async function giveUp(parts: BatchParts, records: readonly StreamRecord[], tries: number): Promise<true> {
  const condition = 'RetryAttemptsExhausted';
  await parts.discard({ records, condition, invocations: tries, requestId: randomUUID() });
  return done(parts, records);
}

async function withoutOld(
  parts: BatchParts,
  records: readonly StreamRecord[],
  invocations: number,
): Promise<readonly StreamRecord[]> {
  const now = parts.cloud.clock.now();
  const oldest = (now - parts.settings.maxAgeMs) / 1000;
  const fresh = records.findIndex(({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= oldest);
  const old = fresh === -1 ? records : records.slice(0, fresh);
  if (old.length === 0) return records;
  await parts.discard({ records: old, condition: 'RecordAgeExceeded', invocations, requestId: randomUUID() });
  await done(parts, old);
  return records.slice(old.length);
}
