import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CheckpointLine, startOfCheckpoints } from '../core/audit/chain.ts';
import type { CheckpointHeads, CheckpointSigner } from '../core/audit/ports.ts';
import { type DynamoClient, GetItemCommand, isConditionFailure, PutItemCommand } from './dynamo.ts';

export const checkpointHeadKey = { subject: 'CHECKPOINTS', id: 'HEAD' } as const;

/** One item in the audit table. Read: 1 RRU (consistent); advance: 1 WRU. Once per batch of the forwarder. */
export const dynamoCheckpointHeads = (client: DynamoClient, table: string): CheckpointHeads => ({
  read: async () => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall(checkpointHeadKey), ConsistentRead: true }),
    );
    if (!Item) return { head: startOfCheckpoints };
    const line = JSON.parse((unmarshall(Item) as { line: string }).line) as CheckpointLine;
    return { head: { n: line.checkpoint.n, hash: line.hash }, line };
  },
  advance: async (from, line) => {
    const item = { ...checkpointHeadKey, n: line.checkpoint.n, hash: line.hash, line: JSON.stringify(line) };
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall(item),
          ...(from.n === 0
            ? { ConditionExpression: 'attribute_not_exists(id)' }
            : {
                ConditionExpression: '#n = :n AND #hash = :hash',
                ExpressionAttributeNames: { '#n': 'n', '#hash': 'hash' },
                ExpressionAttributeValues: marshall({ ':n': from.n, ':hash': from.hash }),
              }),
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  },
});

/** $0.15 per 10,000 signatures: one per batch, not per event. */
export const kmsCheckpointSigner = (
  keyId: string,
  client = new KMSClient({ maxAttempts: 3 }),
): CheckpointSigner => ({
  sign: async (message) => {
    const { Signature } = await client.send(
      new SignCommand({
        KeyId: keyId,
        Message: Buffer.from(message),
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    if (!Signature) throw new Error('KMS Sign answered without a signature');
    return Buffer.from(Signature).toString('base64');
  },
});
