import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SesService, sesService } from '../../../local/services/ses/index.ts';
import { memoryStore } from '../../../local/store.ts';
import { type Harness, startHarness } from './harness.ts';

describe('SES and the mailbox', () => {
  const store = memoryStore();
  let harness: Harness;
  let client: SESv2Client;

  beforeAll(async () => {
    harness = await startHarness([sesService], { store });
    client = new SESv2Client(harness.client('ses'));
    const identity = await harness.provision('AWS::SES::EmailIdentity', { EmailIdentity: 'example.com' });
    expect(identity.physicalId).toBe('example.com');
  });
  afterAll(() => harness.stop());

  const mail = (to: string, kind = 'sign-in-code') =>
    new SendEmailCommand({
      FromEmailAddress: 'Vestibule <no-reply@example.com>',
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: 'Your code' },
          Body: {
            Text: { Data: 'Your code is 123456.' },
            Html: { Data: '<p>Your code is <b>123456</b></p><script>1</script>' },
          },
        },
      },
      EmailTags: [{ Name: 'kind', Value: kind }],
    });
  const api = async (query = '') =>
    (await (await fetch(`${harness.url}/_mailbox/api/messages${query}`)).json()) as {
      messages: { id: string; to: string[]; kind: string; subject: string; text: string }[];
    };

  it('puts a mail into the mailbox, readable by recipient and kind, newest first', async () => {
    const { MessageId } = await client.send(mail('ada@example.org'));
    await client.send(mail('ada@example.org', 'welcome'));
    await client.send(mail('bob@example.org'));
    const { messages } = await api('?to=ADA@example.org');
    expect(messages.map(({ kind }) => kind)).toEqual(['welcome', 'sign-in-code']);
    expect((await api('?to=ada@example.org&kind=sign-in-code')).messages).toMatchObject([
      { id: MessageId, subject: 'Your code', text: 'Your code is 123456.' },
    ]);
    expect((await api('?limit=1')).messages).toHaveLength(1);
  });

  it('needs ses:SendEmail on the identity that covers the sender', async () => {
    harness.needed.length = 0;
    await client.send(mail('ada@example.org'));
    expect(harness.needed).toEqual([
      {
        action: 'ses:SendEmail',
        resource: 'arn:aws:ses:eu-west-1:000000000000:identity/example.com',
        context: { 'ses:FromAddress': 'no-reply@example.com', 'ses:Recipients': ['ada@example.org'] },
      },
    ]);
  });

  it('rejects a sender without identity', async () => {
    const foreign = mail('ada@example.org');
    foreign.input.FromEmailAddress = 'me@elsewhere.org';
    await expect(client.send(foreign)).rejects.toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('EU-WEST-1: me@elsewhere.org'),
    });
  });

  it.each(['a@example.org,b@example.org', 'a@example.org\r\nBcc: b@example.org', 'nobody'])(
    'refuses %j as one recipient',
    async (to) => {
      await expect(client.send(mail(to))).rejects.toMatchObject({ name: 'BadRequestException' });
    },
  );

  it('reads a raw message', async () => {
    const lines = [
      'From: no-reply@example.com',
      'To: raw@example.org',
      'Subject: =?UTF-8?B?R3LDvMOfZQ==?=',
      'Content-Type: multipart/alternative; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=C3=9Fe, soft=',
      'ly',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>Grüße</p>').toString('base64'),
      '--b--',
    ];
    harness.needed.length = 0;
    await client.send(new SendEmailCommand({ Content: { Raw: { Data: Buffer.from(lines.join('\r\n')) } } }));
    expect(harness.needed[0]?.action).toBe('ses:SendRawEmail');
    const [message] = harness.cloud.service<SesService>('ses').messages({ to: 'raw@example.org' });
    expect(message).toMatchObject({ subject: 'Grüße', text: 'Grüße, softly\r\n', html: '<p>Grüße</p>' });
  });

  it('takes mails and SMS of other services', async () => {
    const ses = harness.cloud.service<SesService>('ses');
    await ses.deliverSms({ to: '+441234567890', text: 'Code 654321', kind: 'sms-code' });
    expect((await api(`?to=${encodeURIComponent('+441234567890')}`)).messages).toMatchObject([
      { channel: 'sms' },
    ]);
    const internal = {
      from: 'x@unknown.org',
      to: 'c@example.org',
      subject: 's',
      text: 't',
      kind: 'confirmation',
    };
    await ses.deliver(internal);
    await expect(ses.deliver(internal, { identityRequired: true })).rejects.toMatchObject({
      name: 'MessageRejected',
    });
  });

  it('shows a mail only inside a sandbox without script or network', async () => {
    const [message] = (await api('?to=bob@example.org')).messages;
    const html = await fetch(`${harness.url}/_mailbox/messages/${message?.id}/html`);
    const policy = html.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('allow-scripts');
    const page = await fetch(`${harness.url}/_mailbox`);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(await page.text()).not.toMatch(/<script>|style=|onclick=/);
    for (const path of ['mailbox.js', 'mailbox.css'])
      expect((await fetch(`${harness.url}/_mailbox/${path}`)).status).toBe(200);
  });

  it('keeps mails over a restart, and forgets them when told', async () => {
    const again = await startHarness([sesService], { store });
    expect(again.cloud.service<SesService>('ses').messages({ to: 'bob@example.org' })).toHaveLength(1);
    await again.stop();
    await fetch(`${harness.url}/_mailbox/api/messages?to=bob@example.org`, { method: 'DELETE' });
    expect((await api('?to=bob@example.org')).messages).toEqual([]);
    expect((await api('?to=ada@example.org')).messages.length).toBeGreaterThan(0);
  });
});
