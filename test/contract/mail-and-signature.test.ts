import { createPublicKey, verify } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kmsCheckpointSigner } from '../../lambdas/adapters/checkpoints.ts';
import { sesMailer } from '../../lambdas/adapters/ses-mailer.ts';
import { kmsService } from '../../local/services/kms/index.ts';
import { sesService } from '../../local/services/ses/index.ts';
import { type Harness, startHarness } from '../local/services/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness([sesService, kmsService]);
  const { endpoint, region, credentials } = harness.client('ses');
  vi.stubEnv('AWS_ENDPOINT_URL_SESV2', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  await harness.provision('AWS::SES::EmailIdentity', { EmailIdentity: 'harbour.example' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await harness.stop();
});

describe('the mailer on SES', () => {
  const mail = {
    to: 'ada@example.com',
    subject: 'Dein Code – 12345678',
    text: 'Für dich: 12345678',
    html: '<p>Für dich: <b>12345678</b></p>',
    kind: 'sign-in-code',
  };
  const delivered = async () => {
    const answer = await fetch(`${harness.url}/_mailbox/api/messages?to=${mail.to}`);
    return ((await answer.json()) as { messages: Record<string, unknown>[] }).messages;
  };

  it('delivers one mail to its one recipient, in any alphabet, with its kind and sender', async () => {
    await sesMailer({ from: 'Harbour <no-reply@harbour.example>' }).send(mail);
    const messages = await delivered();
    expect(messages).toHaveLength(1);
    const { subject, text, kind } = mail;
    expect(messages[0]).toMatchObject({ to: [mail.to], subject, text, kind });
    expect(JSON.stringify(messages[0])).toContain('no-reply@harbour.example');
  });

  it('fails for a sender that is not verified, so that a claim can be taken back', async () => {
    const before = await delivered();
    await expect(sesMailer({ from: 'no-reply@elsewhere.example' }).send(mail)).rejects.toMatchObject({
      name: 'MessageRejected',
    });
    expect(await delivered()).toEqual(before);
  });
});

describe('the signer of checkpoints on KMS', () => {
  it('signs what anybody can check with the public key', async () => {
    const { physicalId: KeyId } = await harness.provision('AWS::KMS::Key', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    const client = new KMSClient(harness.client('kms'));
    const message = '{"n":1,"what":"Prüfpunkt"}';
    const signature = await kmsCheckpointSigner(KeyId, client).sign(message);
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    const check = (text: string) =>
      verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));
    expect([check(message), check(`${message} `)]).toEqual([true, false]);
  });

  it('fails for a key that is not there', async () => {
    const signer = kmsCheckpointSigner('gone', new KMSClient(harness.client('kms')));
    await expect(signer.sign('x')).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
