import { randomBytes } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { keyForm, keyIn } from '../adapters/secrets.ts';

/** What Secrets Manager sends for each of the four steps (Secrets Manager user guide, "Rotation by Lambda function"). */
export interface RotationEvent {
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
}

const client = new SecretsManagerClient({ maxAttempts: 3 });

/**
 * Rotates the key that signs request contexts. Overlap needs nothing more than Secrets Manager's stages: readers
 * accept AWSPENDING and AWSPREVIOUS beside AWSCURRENT, and a context lives 5 minutes at the most.
 */
export const handler = async (event: RotationEvent): Promise<void> => {
  switch (event.Step) {
    case 'createSecret':
      return createPending(event);
    case 'setSecret':
      return; // no other system holds this key
    case 'testSecret':
      return testPending(event);
    case 'finishSecret':
      return makeCurrent(event);
    default:
      throw new Error('Step: expected createSecret, setSecret, testSecret or finishSecret');
  }
};

async function createPending({ SecretId, ClientRequestToken }: RotationEvent): Promise<void> {
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  if (VersionIdsToStages?.[ClientRequestToken]?.includes('AWSCURRENT')) return;
  try {
    await client.send(
      new GetSecretValueCommand({ SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    await client.send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken,
        SecretString: JSON.stringify({ key: randomBytes(48).toString('base64url') }),
        VersionStages: ['AWSPENDING'],
      }),
    );
  }
}

async function testPending({ SecretId, ClientRequestToken }: RotationEvent): Promise<void> {
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' }),
  );
  if (keyIn(SecretString) === undefined) throw new Error(`pending version: expected ${keyForm}`);
}

async function makeCurrent({ SecretId, ClientRequestToken }: RotationEvent): Promise<void> {
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  const current = Object.entries(VersionIdsToStages ?? {}).find(([, stages]) =>
    stages.includes('AWSCURRENT'),
  )?.[0];
  if (current === ClientRequestToken) return;
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: current,
    }),
  );
}
