import type { MappingSettings } from './settings.ts';
import type { Discarded } from './stream-batch.ts';

/**
 * What an on-failure queue gets: where the records are, not the records.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureMessage(
  settings: MappingSettings,
  shardId: string,
  batch: Discarded,
  now: number,
): string {
  const [first, last] = [batch.records[0], batch.records.at(-1)];
  const arrival = (record: typeof first) =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return JSON.stringify({
    requestContext: {
      requestId: batch.requestId,
      functionArn: settings.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: batch.records.length,
      streamArn: settings.sourceArn,
    },
  });
}
