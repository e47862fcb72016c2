export interface MailboxMessage {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Which template it is: `confirmation`, `sign-in-code`, … */
  readonly kind: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly at: string;
}

/** Some mails come behind the answer, from functions that start for them; a busy machine takes its time. */
const waitMs = 20_000;
const pollMs = 25;

/** The local cloud's mailbox, read like a person reads it: wait for the next mail to this address. */
export class Mailbox {
  readonly url: string;
  private readonly seen = new Set<string>();

  constructor(url: string) {
    this.url = url;
  }

  async list(to: string): Promise<MailboxMessage[]> {
    const answer = await fetch(`${this.url}/api/messages?to=${encodeURIComponent(to)}`);
    if (!answer.ok) throw new Error(`mailbox answered ${answer.status}`);
    return ((await answer.json()) as { messages: MailboxMessage[] }).messages;
  }

  /** Newest mail to the address that this reader has not returned yet and that fits. */
  async next(to: string, fits: (mail: MailboxMessage) => boolean = () => true): Promise<MailboxMessage> {
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      const mail = (await this.list(to)).find((message) => !this.seen.has(message.id) && fits(message));
      if (mail) {
        this.seen.add(mail.id);
        return mail;
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new Error(`no new mail to ${to} within ${waitMs / 1000} s`);
  }

  /** The one code in the next mail. */
  async nextCode(to: string): Promise<string> {
    return codeIn(await this.next(to, (mail) => findCode(mail) !== undefined));
  }
}

const wordsOf = ({ text, html }: MailboxMessage): string =>
  text ?? html?.replace(/<style[\s\S]*?<\/style>/g, ' ').replace(/<[^>]+>/g, ' ') ?? '';

/** The six to eight digits that stand alone in a mail. */
const findCode = (mail: MailboxMessage): string | undefined =>
  /(?<![\w#])\d{6,8}(?!\w)/.exec(wordsOf(mail))?.[0];

export function codeIn(mail: MailboxMessage): string {
  const code = findCode(mail);
  if (!code) throw new Error(`no code in the mail "${mail.subject}"`);
  return code;
}
