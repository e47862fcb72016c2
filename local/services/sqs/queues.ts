import { createHash, randomUUID } from 'node:crypto';
import { AwsError, type Cloud, type Collection } from '../../platform.ts';

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly waitSeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  readonly keyArn?: string;
  readonly createdAt: number;
}

export interface Message {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly senderId: string;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  readonly receipt?: string;
  /** The queue that gave it up, in a dead-letter queue. */
  readonly sourceArn?: string;
}

export interface NewMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly delaySeconds?: number;
  readonly senderId?: string;
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Standard queues: at least once, best-effort order. A message is on disk before it is acknowledged. */
export class Queues {
  private readonly cloud: Cloud;
  private readonly queues: Collection<Queue>;
  private readonly stored: Collection<Message>;
  private readonly messages = new Map<string, Map<string, Message>>();
  private readonly arrivals = new Map<string, Set<() => void>>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.queues = cloud.store.collection('sqs-queues');
    this.stored = cloud.store.collection('sqs-messages');
    for (const [, message] of this.stored.entries()) this.of(message.queue).set(message.id, message);
  }

  async create(queue: Omit<Queue, 'createdAt'>): Promise<void> {
    const createdAt = this.queues.get(queue.name)?.createdAt ?? this.cloud.clock.now();
    await this.queues.set(queue.name, { ...queue, createdAt });
  }

  /** By name, ARN or URL: the name is the last part of each. */
  find(reference: string): Queue {
    const found = this.queues.get(reference.split(/[:/]/).at(-1) ?? '');
    if (found) return found;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  names(): readonly string[] {
    return [...this.queues.entries()].map(([name]) => name);
  }

  async send(queue: Queue, message: NewMessage): Promise<string> {
    const now = this.cloud.clock.now();
    const id = randomUUID();
    await this.keep({
      id,
      queue: queue.name,
      body: message.body,
      attributes: message.attributes ?? {},
      senderId: message.senderId ?? this.cloud.accountId,
      sentAt: now,
      visibleAt: now + (message.delaySeconds ?? queue.delaySeconds) * 1000,
      receiveCount: 0,
    });
    this.arrived(queue);
    return id;
  }

  /** Hides what it gives for the visibility timeout; what came back too often goes to the dead-letter queue. */
  async receive(
    queue: Queue,
    limit: number,
    visibilitySeconds = queue.visibilitySeconds,
  ): Promise<Message[]> {
    const now = this.cloud.clock.now();
    const received: Message[] = [];
    for (const message of [...this.of(queue.name).values()]) {
      if (received.length === limit) break;
      if (now - message.sentAt > queue.retentionSeconds * 1000) {
        await this.remove(message);
      } else if (message.visibleAt <= now) {
        if (queue.redrive && message.receiveCount >= queue.redrive.maxReceiveCount)
          await this.redrive(message, queue);
        else received.push(hidden(message, now, visibilitySeconds));
      }
    }
    await Promise.all(received.map((message) => this.keep(message)));
    return received;
  }

  async delete(queue: Queue, receipt: string): Promise<void> {
    const message = this.byReceipt(queue, receipt);
    if (message?.receipt === receipt) await this.remove(message);
  }

  async changeVisibility(queue: Queue, receipt: string, seconds: number): Promise<void> {
    const message = this.byReceipt(queue, receipt);
    if (message) await this.keep({ ...message, visibleAt: this.cloud.clock.now() + seconds * 1000 });
  }

  async purge(queue: Queue): Promise<void> {
    await Promise.all([...this.of(queue.name).values()].map((message) => this.remove(message)));
  }

  counts(queue: Queue): { visible: number; hidden: number; delayed: number } {
    const now = this.cloud.clock.now();
    const all = [...this.of(queue.name).values()];
    const waiting = all.filter(({ visibleAt }) => visibleAt > now);
    const delayed = waiting.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: all.length - waiting.length, hidden: waiting.length - delayed, delayed };
  }

  /** @returns ends the watch */
  onArrival(queue: Queue, wake: () => void): () => void {
    const watchers = this.arrivals.get(queue.name) ?? new Set();
    this.arrivals.set(queue.name, watchers.add(wake));
    return () => watchers.delete(wake);
  }

  private arrived({ name }: Queue): void {
    for (const wake of this.arrivals.get(name) ?? []) wake();
  }

  private async redrive(message: Message, queue: Queue): Promise<void> {
    const target = this.find(queue.redrive?.deadLetterArn ?? '');
    // The same message with its age: what the other queue retains is counted from when it was sent first.
    const { receipt: _, ...moved } = message;
    await this.keep({
      ...moved,
      queue: target.name,
      visibleAt: this.cloud.clock.now(),
      sourceArn: queue.arn,
    });
    await this.remove(message); // after the copy is safe: twice is allowed, lost is not
    this.arrived(target);
  }

  private byReceipt(queue: Queue, receipt: string): Message | undefined {
    const [id = ''] = receipt.split('.');
    return this.of(queue.name).get(id);
  }

  private of(queueName: string): Map<string, Message> {
    const known = this.messages.get(queueName) ?? new Map<string, Message>();
    this.messages.set(queueName, known);
    return known;
  }

  private async keep(message: Message): Promise<void> {
    this.of(message.queue).set(message.id, message);
    await this.stored.set(`${message.queue}/${message.id}`, message);
  }

  private async remove(message: Message): Promise<void> {
    this.of(message.queue).delete(message.id);
    await this.stored.delete(`${message.queue}/${message.id}`);
  }
}

const hidden = (message: Message, now: number, seconds: number): Message => ({
  ...message,
  visibleAt: now + seconds * 1000,
  receiveCount: message.receiveCount + 1,
  firstReceivedAt: message.firstReceivedAt ?? now,
  receipt: `${message.id}.${randomUUID()}`,
});
