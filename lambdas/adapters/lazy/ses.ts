import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';

/**
 * Loaded at the first mail and built as a file of its own. One try of at most 2.5 s, so that a trigger with its 5 s can
 * still take back what it claimed when the mail cannot be sent.
 */
export function openSes() {
  const client = new SESv2Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 500, requestTimeout: 2_500, throwOnRequestTimeout: true },
  });
  return (mail: SendEmailCommandInput) => client.send(new SendEmailCommand(mail));
}
