import { createPublicKey, verify } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { readArchive } from '../../cli/archive-files.ts';
import { type ArchiveReport, verifyArchive } from '../../lambdas/core/audit/verify.ts';
import type { Outputs } from './outputs.ts';

const waitMs = 20_000;

/** Key, head and files as an auditor would get them: KMS public key, head item, copy of the bucket. */
export async function readSealedArchive(outputs: Outputs): Promise<ArchiveReport> {
  const aws = { region: outputs.region, endpoint: outputs.endpoints.aws, credentials: outputs.credentials };
  const kms = new KMSClient(aws);
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: outputs.stack.CheckpointKeyId }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const dynamo = new DynamoDBClient(aws);
  const { Item } = await dynamo.send(
    new GetItemCommand({
      TableName: outputs.stack.AuditTableName,
      Key: { subject: { S: 'CHECKPOINTS' }, id: { S: 'HEAD' } },
      ConsistentRead: true,
    }),
  );
  return verifyArchive(await readArchive(outputs.audit.directory), {
    signatureIsValid: (message, signature) =>
      verify('sha256', Buffer.from(message), key, Buffer.from(signature, 'base64')),
    ...(Item && { expectedHead: { n: Number(Item.n?.N), hash: Item.hash?.S ?? '' } }),
  });
}

/** Waits until the archive holds everything up to the head, then says what the verifier found. */
export async function checkArchive(outputs: Outputs, atLeast = 10): Promise<string> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const report = await readSealedArchive(outputs);
    const behind =
      report.events < atLeast || report.problems.some((problem) => problem.code !== 'SIGNATURE_WRONG');
    if (!behind && report.problems.length === 0) {
      return `${report.events} events in ${report.chains} chains, ${report.checkpoints} signed checkpoints: intact`;
    }
    if (Date.now() > deadline)
      throw new Error(`archive: ${report.events} events, ${JSON.stringify(report.problems)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
