import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { SessionRows } from '../adapters/session-rows.ts';
import { readEvent } from '../core/audit/read-event.ts';
import type { Sub } from '../core/ids.ts';
import { registryChange } from '../core/session/registry.ts';

/**
 * One record after the other, as events of one person follow each other. The first that fails is reported: Lambda begins
 * there again, and what was applied before changes nothing the second time.
 */
export async function projectRecords(
  rows: Pick<SessionRows, 'apply'>,
  isErased: (sub: Sub) => Promise<boolean>,
  records: readonly DynamoDBRecord[],
  log: (line: Readonly<Record<string, string>>) => void,
): Promise<DynamoDBBatchResponse> {
  for (const record of records) {
    try {
      await project(rows, isErased, record);
    } catch (error) {
      const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
      log({
        level: 'error',
        code: 'SESSION_RECORD_REFUSED',
        sequenceNumber,
        cause: error instanceof Error ? error.name : 'unknown',
      });
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

/** An outbox row, or the copy of an event that came through the Risk table. */
async function project(
  rows: Pick<SessionRows, 'apply'>,
  isErased: (sub: Sub) => Promise<boolean>,
  { dynamodb }: DynamoDBRecord,
): Promise<void> {
  const text = dynamodb?.NewImage?.event?.S ?? dynamodb?.NewImage?.copy?.S;
  if (text === undefined) return;
  const read = readEvent(text);
  if (!('event' in read)) throw new Error(`record: ${read.refused}`);
  const found = registryChange(read.event);
  // Nothing late brings a row of somebody back whose account was erased.
  if (found && !(await isErased(found.sub))) await rows.apply(found.sub, found.change);
}
