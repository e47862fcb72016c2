import { randomUUID } from 'node:crypto';
import type { Cloud, Collection } from '../../platform.ts';

/** A mail or SMS that the local cloud would have delivered. */
export interface StoredMessage {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  /** Which template or purpose it is: `confirmation`, `sign-in-code`, …; `mail` when the sender does not say. */
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type NewMessage = Omit<StoredMessage, 'id' | 'at'>;

export interface MessageQuery {
  readonly to?: string;
  readonly kind?: string;
  readonly limit?: number;
}

/** The oldest go when there are more. */
export const mailboxLimit = 5_000;

/** What was sent, newest first on reading. Durable like everything else that is acknowledged. */
export class Mailbox {
  private readonly cloud: Cloud;
  private readonly stored: Collection<StoredMessage>;
  private readonly order: string[];
  private sequence: number;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.stored = cloud.store.collection('mailbox');
    this.order = [...this.stored.entries()].map(([key]) => key).sort();
    this.sequence = Number(this.order.at(-1)?.split('/')[0] ?? 0);
  }

  async add(message: NewMessage): Promise<StoredMessage> {
    const id = randomUUID();
    const added = { ...message, id, at: this.cloud.clock.now() };
    this.sequence += 1;
    const key = `${String(this.sequence).padStart(12, '0')}/${id}`;
    this.order.push(key);
    await this.stored.set(key, added);
    const surplus = this.order.splice(0, Math.max(0, this.order.length - mailboxLimit));
    for (const old of surplus) await this.stored.delete(old);
    return added;
  }

  /** Another one after every change. */
  get version(): string {
    return `${this.order.at(-1) ?? 'empty'}-${this.order.length}`;
  }

  list({ to, kind, limit = 100 }: MessageQuery = {}): StoredMessage[] {
    const wanted = to?.toLowerCase();
    const found: StoredMessage[] = [];
    for (let index = this.order.length - 1; index >= 0 && found.length < limit; index -= 1) {
      const message = this.stored.get(this.order[index] ?? '');
      if (!message || (kind && message.kind !== kind)) continue;
      if (!wanted || message.to.some((address) => address.toLowerCase() === wanted)) found.push(message);
    }
    return found;
  }

  find(id: string): StoredMessage | undefined {
    const key = this.order.findLast((each) => each.endsWith(`/${id}`));
    return key ? this.stored.get(key) : undefined;
  }

  recipients(): readonly string[] {
    return [...new Set(this.list({ limit: mailboxLimit }).flatMap(({ to }) => to))];
  }

  async clear(to?: string): Promise<number> {
    const wanted = to?.toLowerCase();
    const gone = this.order.filter((key) => {
      const message = this.stored.get(key);
      return !wanted || message?.to.some((address) => address.toLowerCase() === wanted);
    });
    for (const key of gone) {
      this.order.splice(this.order.indexOf(key), 1);
      await this.stored.delete(key);
    }
    return gone.length;
  }
}
