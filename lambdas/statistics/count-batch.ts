import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { AuditEvent } from '../core/audit/event.ts';
import { readEvent } from '../core/audit/read-event.ts';
import { countEvents, isTooLate } from '../core/statistics/count-events.ts';
import type { Vocabulary } from '../core/statistics/families.ts';
import type { StatisticsWriter } from '../core/statistics/ports.ts';
import type { Clock } from '../ports.ts';

export interface CountingParts {
  readonly store: StatisticsWriter;
  readonly vocabulary: Vocabulary;
  readonly clock: Clock;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * What is no event of ours and what comes too late is logged and let go: a repetition would not change it. What could not
 * be counted comes again, and after five times goes to the dead letters.
 */
export async function countBatch(
  { store, vocabulary, clock, log }: CountingParts,
  records: readonly SQSRecord[],
): Promise<SQSBatchResponse> {
  const events: { readonly messageId: string; readonly event: AuditEvent }[] = [];
  for (const { messageId, body } of records) {
    const read = readEvent(body);
    if ('refused' in read) log({ code: 'STATISTICS_EVENT_REFUSED', messageId, why: read.refused });
    else if (isTooLate(read.event, clock.now())) {
      log({ code: 'STATISTICS_EVENT_TOO_LATE', eventId: read.event.id, at: read.event.at });
    } else events.push({ messageId, event: read.event });
  }
  const failed = await countEvents(
    store,
    events.map(({ event }) => event),
    vocabulary,
  );
  for (const error of new Set(failed.values())) {
    // A text of AWS's may quote what was sent.
    const name = error instanceof Error ? error.name : 'Unknown';
    log({ code: 'STATISTICS_NOT_COUNTED', name, events: failed.size });
  }
  return {
    batchItemFailures: events
      .filter(({ event }) => failed.has(event.id))
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}
