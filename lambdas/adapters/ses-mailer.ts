import type { Mailer } from '../ports.ts';

export interface MailSender {
  readonly from: string;
  readonly replyTo?: string;
}

/**
 * SES v2. Loaded at the first mail: most invocations send none. One try of at most 2.5 s, so that a trigger with its
 * 5 s can still take back what it claimed when the mail cannot be sent.
 */
export const sesMailer = (sender: MailSender): Mailer => {
  let opened: ReturnType<typeof openSes> | undefined;
  return {
    send: async (mail) => {
      opened ??= openSes();
      const { client, SendEmailCommand } = await opened;
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: sender.from,
          ...(sender.replyTo && { ReplyToAddresses: [sender.replyTo] }),
          Destination: { ToAddresses: [mail.to] },
          Content: {
            Simple: {
              Subject: { Data: mail.subject, Charset: 'UTF-8' },
              Body: {
                Text: { Data: mail.text, Charset: 'UTF-8' },
                Html: { Data: mail.html, Charset: 'UTF-8' },
              },
            },
          },
          EmailTags: [{ Name: 'kind', Value: mail.kind }],
        }),
      );
    },
  };
};

async function openSes() {
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2');
  const client = new SESv2Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 500, requestTimeout: 2_500, throwOnRequestTimeout: true },
  });
  return { client, SendEmailCommand };
}
