import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoActivityCopies } from '../adapters/audit-outbox.ts';
import { dynamoCheckpointHeads, kmsCheckpointSigner } from '../adapters/checkpoints.ts';
import { dynamoClient } from '../adapters/dynamo.ts';
import { eventBridgeBus } from '../adapters/event-bridge.ts';
import { firehoseArchive } from '../adapters/firehose-archive.ts';
import { systemClock, systemRandom } from '../adapters/system.ts';
import { auditForwarder } from '../core/audit/forward.ts';
import { readForwarderEnv } from './env.ts';
import { readRecords } from './records.ts';

const env = readForwarderEnv();
const client = dynamoClient();
const copy = dynamoActivityCopies(client, { name: env.AUDIT_TABLE, ttlDays: env.AUDIT_TTL_DAYS });
const forward = auditForwarder({
  archive: firehoseArchive(env.FIREHOSE_STREAM),
  heads: dynamoCheckpointHeads(client, env.AUDIT_TABLE),
  signer: kmsCheckpointSigner(env.CHECKPOINT_KEY),
  bus: eventBridgeBus(env.EVENT_BUS),
  clock: systemClock,
  newChainId: systemRandom.id,
});

/**
 * Every good record of the batch is forwarded, then the first bad one is reported: Lambda retries from there a
 * few times, sends what stays bad to the dead-letter queue and goes on, so that a poison record blocks nothing.
 */
export const handler = async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const { events, uncopied, refused } = readRecords(event.Records);
  await copy(uncopied);
  await forward(events);
  for (const { sequenceNumber, why } of refused) {
    console.error(JSON.stringify({ level: 'error', code: 'AUDIT_RECORD_REFUSED', sequenceNumber, why }));
  }
  return {
    batchItemFailures: refused.slice(0, 1).map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
  };
};
