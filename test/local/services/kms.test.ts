import { createPublicKey, verify } from 'node:crypto';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsService } from '../../../local/services/kms/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { type Harness, startHarness } from './harness.ts';

describe('KMS', () => {
  const store = memoryStore();
  const Plaintext = Buffer.from('secret');
  let harness: Harness;
  let client: KMSClient;
  let dataKey: string;
  let signingKey: string;

  beforeAll(async () => {
    harness = await startHarness([kmsService], { store });
    client = new KMSClient(harness.client('kms'));
    const data = await harness.provision('AWS::KMS::Key', { EnableKeyRotation: true });
    dataKey = data.attributes.Arn as string;
    const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
    signingKey = (await harness.provision('AWS::KMS::Key', signing)).physicalId;
    await harness.provision('AWS::KMS::Alias', { AliasName: 'alias/data', TargetKeyId: dataKey });
  });
  afterAll(() => harness.stop());

  it('decrypts what it encrypted, by alias, and only in the same context', async () => {
    const EncryptionContext = { purpose: 'test', b: '2' };
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: 'alias/data', Plaintext, EncryptionContext }),
    );
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { b: '2', purpose: 'test' } }),
    );
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext);
    expect(opened.KeyId).toBe(dataKey);
    await expect(client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    expect(harness.needed.at(-1)).toMatchObject({ action: 'kms:Decrypt', resource: dataKey });
  });

  it('keeps the material over a restart', async () => {
    const { CiphertextBlob, Plaintext: key } = await client.send(
      new GenerateDataKeyCommand({ KeyId: dataKey, KeySpec: 'AES_256' }),
    );
    const again = await startHarness([kmsService], { store });
    const opened = await new KMSClient(again.client('kms')).send(new DecryptCommand({ CiphertextBlob }));
    expect(opened.Plaintext).toEqual(key);
    await again.stop();
  });

  it('signs so that anyone with the public key can verify', async () => {
    const Message = Buffer.from('checkpoint');
    const request = { KeyId: signingKey, Message, SigningAlgorithm: 'ECDSA_SHA_256' as const };
    const { Signature = new Uint8Array() } = await client.send(new SignCommand(request));
    const { PublicKey = new Uint8Array() } = await client.send(
      new GetPublicKeyCommand({ KeyId: signingKey }),
    );
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    expect(verify('sha256', Message, key, Signature)).toBe(true);
    expect((await client.send(new VerifyCommand({ ...request, Signature }))).SignatureValid).toBe(true);
    await expect(
      client.send(new VerifyCommand({ ...request, Message: Buffer.from('other'), Signature })),
    ).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  });

  it('refuses what a key is not for, and what does not exist', async () => {
    await expect(client.send(new EncryptCommand({ KeyId: signingKey, Plaintext }))).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    });
    await expect(client.send(new DescribeKeyCommand({ KeyId: 'alias/none' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(harness.provision('AWS::KMS::Key', { KeySpec: 'RSA_2048' }, 'Odd')).rejects.toThrow(
      'Odd: KeySpec',
    );
  });
});
