import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SesService, sesService } from '../../../local/services/ses/index.ts';
import { smsVoiceService } from '../../../local/services/sms-voice/index.ts';
import { type Harness, startHarness } from './harness.ts';

describe('End User Messaging SMS', () => {
  let harness: Harness;
  let client: PinpointSMSVoiceV2Client;
  beforeAll(async () => {
    harness = await startHarness([sesService, smsVoiceService]);
    client = new PinpointSMSVoiceV2Client(harness.client('sms-voice'));
  });
  afterAll(() => harness.stop());

  const text = (changes: object = {}) =>
    new SendTextMessageCommand({
      DestinationPhoneNumber: '+4915123456789',
      OriginationIdentity: 'pool-1',
      MessageBody: 'Your code is 12345678.',
      MessageType: 'TRANSACTIONAL',
      Context: { kind: 'sign-in-code' },
      ...changes,
    });

  it('puts a text into the mailbox', async () => {
    const { MessageId } = await client.send(text());
    expect(MessageId).toBeTruthy();
    expect(harness.cloud.service<SesService>('ses').messages({ to: '+4915123456789' })).toMatchObject([
      { channel: 'sms', kind: 'sign-in-code', text: 'Your code is 12345678.' },
    ]);
  });

  it.each([
    { field: 'DestinationPhoneNumber', value: '+49151,+49152' },
    { field: 'DestinationPhoneNumber', value: '015123456789' },
    { field: 'MessageBody', value: '' },
    { field: 'MessageBody', value: 'x'.repeat(1_601) },
  ])('refuses $field "$value" by name', async ({ field, value }) => {
    await expect(client.send(text({ [field]: value }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(field),
    });
  });
});
