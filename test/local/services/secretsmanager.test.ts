import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretsManagerService } from '../../../local/services/secretsmanager/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { functionArn, type Harness, startHarness } from './harness.ts';

const rotator = functionArn('secret-rotation');
const keyArn = 'arn:aws:kms:eu-west-1:000000000000:key/k';
const day = 86_400_000;

describe('Secrets Manager', () => {
  const store = memoryStore();
  let harness: Harness;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    harness = await startHarness([secretsManagerService], { store });
    client = new SecretsManagerClient(harness.client('secretsmanager'));
    harness.functions.set(rotator, rotation as never);
  });
  afterAll(() => harness.stop());

  const create = async (Name: string, more: object = {}) => {
    const GenerateSecretString = {
      SecretStringTemplate: '{"user":"x"}',
      GenerateStringKey: 'key',
      PasswordLength: 64,
      ExcludePunctuation: true,
    };
    return (await harness.provision('AWS::SecretsManager::Secret', { Name, GenerateSecretString, ...more }))
      .physicalId;
  };
  const get = (SecretId: string, VersionStage?: string) =>
    client.send(new GetSecretValueCommand({ SecretId, VersionStage }));

  /** As the functions do it: a pending value, then the label moves. */
  async function rotation({
    Step,
    SecretId,
    ClientRequestToken,
  }: {
    Step: string;
    SecretId: string;
    ClientRequestToken: string;
  }) {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    if (Step === 'createSecret') {
      expect(VersionIdsToStages[ClientRequestToken]).toEqual(['AWSPENDING']);
      await expect(get(SecretId, 'AWSPENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      const value = {
        SecretId,
        ClientRequestToken,
        SecretString: `new ${ClientRequestToken}`,
        VersionStages: ['AWSPENDING'],
      };
      await client.send(new PutSecretValueCommand(value));
    }
    if (Step === 'finishSecret') {
      const RemoveFromVersionId = Object.keys(VersionIdsToStages).find((id) =>
        VersionIdsToStages[id]?.includes('AWSCURRENT'),
      );
      const move = {
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId,
      };
      await client.send(new UpdateSecretVersionStageCommand(move));
    }
  }

  it('generates a value once, by the rules, and keeps it over a restart', async () => {
    const arn = await create('signing');
    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:signing-[A-Za-z0-9]{6}$/);
    const { SecretString = '', VersionStages } = await get('signing');
    expect(JSON.parse(SecretString)).toEqual({ user: 'x', key: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
    expect(VersionStages).toEqual(['AWSCURRENT']);
    const again = await startHarness([secretsManagerService], { store });
    const provisioned = await again.provision('AWS::SecretsManager::Secret', {
      Name: 'signing',
      GenerateSecretString: {},
    });
    expect(provisioned.physicalId).toBe(arn);
    const reader = new SecretsManagerClient(again.client('secretsmanager'));
    expect((await reader.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString).toBe(SecretString);
    await again.stop();
  });

  it('needs the full ARN of the secret and the key that encrypts it', async () => {
    const arn = await create('encrypted', { KmsKeyId: keyArn });
    harness.needed.length = 0;
    await get('encrypted');
    expect(harness.needed).toMatchObject([
      { action: 'secretsmanager:GetSecretValue', resource: arn },
      {
        action: 'kms:Decrypt',
        resource: keyArn,
        context: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
      },
    ]);
  });

  it('says what is missing as AWS does', async () => {
    await create('sparse');
    await expect(get('none')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
    await expect(get('sparse', 'AWSPREVIOUS')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    });
  });

  it('takes the same version twice and refuses another value for it', async () => {
    await create('repeat');
    const ClientRequestToken = 'a'.repeat(32);
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: 'repeat', ClientRequestToken, SecretString }));
    await put('one');
    await put('one');
    await expect(put('two')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await get('repeat')).SecretString).toBe('one');
    expect((await get('repeat', 'AWSPREVIOUS')).VersionId).not.toBe(ClientRequestToken);
  });

  it('rotates through the four steps and keeps the previous version readable', async () => {
    const arn = await create('rotated');
    const before = await get('rotated');
    const schedule = {
      SecretId: arn,
      RotationLambdaARN: rotator,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    };
    await harness.provision('AWS::SecretsManager::RotationSchedule', schedule);
    const { VersionId } = await client.send(new RotateSecretCommand({ SecretId: 'rotated' }));
    await expect.poll(async () => (await get('rotated')).VersionId).toBe(VersionId);
    const after = await get('rotated');
    expect(after).toMatchObject({
      VersionId,
      SecretString: `new ${VersionId}`,
      VersionStages: ['AWSCURRENT'],
    });
    expect((await get('rotated', 'AWSPREVIOUS')).SecretString).toBe(before.SecretString);
  });

  it('goes on with the pending version after a step that failed', async () => {
    const arn = await create('flaky');
    await harness.provision('AWS::SecretsManager::RotationSchedule', {
      SecretId: arn,
      RotationLambdaARN: rotator,
      RotationRules: { AutomaticallyAfterDays: 30 },
    });
    const tokens: string[] = [];
    let isBroken = true;
    harness.functions.set(rotator, (async (event: Parameters<typeof rotation>[0]) => {
      tokens.push(event.ClientRequestToken);
      if (event.Step === 'testSecret' && isBroken) throw new Error('not yet');
      if (isBroken || event.Step === 'finishSecret') await rotation(event);
    }) as never);
    await client.send(new RotateSecretCommand({ SecretId: 'flaky' }));
    await expect.poll(() => tokens.length).toBe(3);
    isBroken = false;
    await expect
      .poll(async () => {
        await client.send(new RotateSecretCommand({ SecretId: 'flaky' }));
        return (await get('flaky')).VersionId;
      })
      .toBe(tokens[0]);
    harness.functions.set(rotator, rotation as never);
  });

  it('rotates by itself when the interval has passed', async () => {
    const arn = await create('scheduled');
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await harness.provision('AWS::SecretsManager::RotationSchedule', {
      SecretId: arn,
      RotationLambdaARN: rotator,
      RotationRules,
    });
    const { VersionId } = await get('scheduled');
    await harness.ready();
    harness.clock.advance(31 * day);
    await expect.poll(async () => (await get('scheduled')).VersionId, { timeout: 5_000 }).not.toBe(VersionId);
  });
});
