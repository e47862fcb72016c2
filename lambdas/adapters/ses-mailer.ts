import type { Mailer } from '../ports.ts';
import { namedAddress } from './named-address.ts';

export interface MailSender {
  readonly from: string;
  readonly replyTo?: string;
}

/** SES v2. Loaded at the first mail: most invocations send none. */
export const sesMailer = (installation: MailSender): Mailer => {
  let opened: Promise<ReturnType<typeof import('./lazy/ses.ts').openSes>> | undefined;
  return {
    send: async (mail) => {
      opened ??= import('./lazy/ses.ts').then(({ openSes }) => openSes());
      const send = await opened;
      const from = mail.sender?.from ?? installation.from;
      const replyTo = mail.sender?.replyTo ?? installation.replyTo;
      await send({
        FromEmailAddress: mail.sender ? namedAddress(mail.sender.name, from) : from,
        ...(replyTo && { ReplyToAddresses: [replyTo] }),
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
      });
    },
  };
};
