import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SecretReader } from '../../lambdas/adapters/secrets.ts';
import type { RotationEvent } from '../../lambdas/secret-rotation/handler.ts';
import { secretsManagerService } from '../../local/services/secretsmanager/index.ts';
import { functionArn, type Harness, startHarness } from '../local/services/harness.ts';

const rotator = functionArn('secret-rotation');
const otherKey = JSON.stringify({ key: 'k'.repeat(40) });

let harness: Harness;
let client: SecretsManagerClient;
let rotate: (event: RotationEvent) => Promise<void>;
let read: SecretReader;
const steps: RotationEvent[] = [];

beforeAll(async () => {
  harness = await startHarness([secretsManagerService]);
  const { endpoint, region, credentials } = harness.client('secretsmanager');
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  client = new SecretsManagerClient(harness.client('secretsmanager'));
  rotate = (await import('../../lambdas/secret-rotation/handler.ts')).handler;
  read = (await import('../../lambdas/adapters/secrets.ts')).secretsManagerReader();
});
afterEach(() => {
  steps.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await harness.stop();
});

let secrets = 0;
/** A secret as the stack makes it, whose rotation runs the handler; `repeat` delivers every step that often. */
async function aSecret(repeat = 1): Promise<string> {
  secrets += 1;
  const GenerateSecretString = {
    SecretStringTemplate: '{}',
    GenerateStringKey: 'key',
    PasswordLength: 64,
    ExcludePunctuation: true,
  };
  const Name = `signing-${secrets}`;
  const { physicalId } = await harness.provision('AWS::SecretsManager::Secret', {
    Name,
    GenerateSecretString,
  });
  const schedule = {
    SecretId: physicalId,
    RotationLambdaARN: rotator,
    RotationRules: { ScheduleExpression: 'rate(30 days)' },
  };
  await harness.provision('AWS::SecretsManager::RotationSchedule', schedule);
  harness.functions.set(rotator, (async (event: RotationEvent) => {
    steps.push(event);
    for (let delivery = 0; delivery < repeat; delivery += 1) await rotate(event);
  }) as never);
  return physicalId;
}
const get = (SecretId: string, VersionStage = 'AWSCURRENT') =>
  client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
async function rotated(SecretId: string): Promise<string | undefined> {
  const { VersionId } = await client.send(new RotateSecretCommand({ SecretId }));
  await expect.poll(async () => (await get(SecretId)).VersionId).toBe(VersionId);
  return VersionId;
}

describe('the rotation of the signing secret', () => {
  it.each([1, 2])(
    'leaves a new key as current and the old one as previous, every step delivered %d times',
    async (repeat) => {
      const secret = await aSecret(repeat);
      const before = await get(secret);
      const versionId = await rotated(secret);
      expect(steps.map(({ Step }) => Step)).toEqual([
        'createSecret',
        'setSecret',
        'testSecret',
        'finishSecret',
      ]);
      const [current, previous] = [await get(secret), await get(secret, 'AWSPREVIOUS')];
      expect(current.VersionId).toBe(versionId);
      expect(previous).toMatchObject({ VersionId: before.VersionId, SecretString: before.SecretString });
      expect(current.SecretString).not.toBe(before.SecretString);
      const { key } = JSON.parse(current.SecretString ?? '') as { key: string };
      expect(Buffer.from(key, 'base64url')).toHaveLength(48);
    },
  );

  it('never changes a key that it has made already, nor one that is current', async () => {
    const secret = await aSecret();
    await rotated(secret);
    const { SecretString } = await get(secret);
    const late = steps.filter(({ Step }) => Step !== 'testSecret'); // which finds nothing pending any more
    for (const step of late) await rotate(step);
    expect((await get(secret)).SecretString).toBe(SecretString);
  });

  it('stops before a pending key that is none, and says so without quoting it', async () => {
    const secret = await aSecret();
    const ClientRequestToken = 'b'.repeat(32);
    const pending = { SecretId: secret, ClientRequestToken, VersionStages: ['AWSPENDING'] };
    await client.send(new PutSecretValueCommand({ ...pending, SecretString: 'hunter2' }));
    const failure = rotate({ SecretId: secret, ClientRequestToken, Step: 'testSecret' });
    await expect(failure).rejects.toThrow(
      /^pending version: expected \{"key": "<at least 32 characters>"\}$/,
    );
    expect((await get(secret)).VersionId).not.toBe(ClientRequestToken);
  });

  it('refuses a step that there is none of', async () => {
    const event = { SecretId: 's', ClientRequestToken: 't', Step: 'deleteSecret' as never };
    await expect(rotate(event)).rejects.toThrow('Step: expected createSecret');
  });
});

describe('the reader of secrets', () => {
  const put = (SecretId: string, SecretString: string, stage: string, token: string) =>
    client.send(
      new PutSecretValueCommand({
        SecretId,
        SecretString,
        VersionStages: [stage],
        ClientRequestToken: token.repeat(32),
      }),
    );

  it('reads each stage with its version, and nothing for a stage that no version has', async () => {
    const secret = await aSecret();
    const { VersionId, SecretString = '' } = await get(secret);
    expect(await read(secret, 'AWSCURRENT')).toEqual({ versionId: VersionId, ...JSON.parse(SecretString) });
    expect([await read(secret, 'AWSPREVIOUS'), await read(secret, 'AWSPENDING')]).toEqual([
      undefined,
      undefined,
    ]);
    await put(secret, otherKey, 'AWSPENDING', 'c');
    expect(await read(secret, 'AWSPENDING')).toEqual({ versionId: 'c'.repeat(32), key: 'k'.repeat(40) });
  });

  it('passes a pending version over that is no key, so that the keys in use stay in use', async () => {
    const secret = await aSecret();
    await put(secret, 'hunter2', 'AWSPENDING', 'd');
    expect(await read(secret, 'AWSPENDING')).toBeUndefined();
  });

  it('refuses a current version that is no key, without quoting it, and a secret that is not there', async () => {
    const secret = await aSecret();
    await put(secret, 'hunter2', 'AWSCURRENT', 'e');
    const failure = await read(secret, 'AWSCURRENT').catch((error: Error) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('expected {"key"') });
    expect(String((failure as Error).message)).not.toContain('hunter2');
    await expect(read('gone', 'AWSCURRENT')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
