import { randomUUID } from 'node:crypto';
import type { LambdaService } from '../../functions/index.ts';
import { AwsError, type Cloud, type Collection } from '../../platform.ts';
import { DueItems } from '../due-items.ts';
import type { SqsService } from '../sqs/index.ts';
import { type Rule, type Target, targetInput } from './bus.ts';
import { type Failure, next, type Undelivered, undelivered } from './retries.ts';

interface Delivery {
  readonly rule: string;
  readonly target: string;
  readonly event: unknown;
  /** Epoch milliseconds on the cloud's clock, as is `notBefore`. */
  readonly acceptedAt: number;
  readonly notBefore: number;
  readonly attempts: number;
}

const principal = 'events.amazonaws.com';

/** Accepted events on their way to targets. They are in the store before `PutEvents` answers, and leave it when done. */
export class Deliveries {
  private readonly cloud: Cloud;
  private readonly waiting: Collection<Delivery>;
  private readonly rule: (arn: string) => Rule | undefined;
  private readonly due: DueItems<Delivery>;

  constructor(cloud: Cloud, rule: (arn: string) => Rule | undefined) {
    this.cloud = cloud;
    this.rule = rule;
    this.waiting = cloud.store.collection('event-deliveries');
    this.due = new DueItems({
      clock: cloud.clock,
      items: this.waiting,
      attempt: (id, delivery) => this.deliver(id, delivery),
      failed: (error) => cloud.log.error('events: deliveries', { error }),
    });
  }

  start(): void {
    this.due.start();
  }

  stop(): Promise<void> {
    return this.due.stop();
  }

  async add(rule: Rule, event: unknown): Promise<void> {
    const now = this.cloud.clock.now();
    await Promise.all(
      rule.targets.map((target) =>
        this.waiting.set(randomUUID(), {
          rule: rule.arn,
          target: target.id,
          event,
          acceptedAt: now,
          notBefore: now,
          attempts: 0,
        }),
      ),
    );
    this.due.wake();
  }

  private async deliver(id: string, delivery: Delivery): Promise<void> {
    const rule = this.rule(delivery.rule);
    const target = rule?.targets.find((each) => each.id === delivery.target);
    if (!rule || !target) return this.waiting.delete(id); // the template has it no more
    const failure = await this.attempt(rule, target, delivery);
    if (!failure) return this.waiting.delete(id);
    const attempted = { ...delivery, attempts: delivery.attempts + 1 };
    const later = next(attempted, failure, target);
    if ('notBefore' in later) return this.waiting.set(id, { ...attempted, notBefore: later.notBefore });
    await this.giveUp({ ...attempted, ...later, rule, target, failure });
    return this.waiting.delete(id);
  }

  private async attempt(rule: Rule, target: Target, { event }: Delivery): Promise<Failure | undefined> {
    const fault = this.cloud.faults.take('events', 'InvokeTarget');
    if (fault?.kind === 'error') {
      return { code: fault.name, message: fault.message ?? 'a fault that a test asked for', final: false };
    }
    const input = targetInput(target, event);
    if (target.arn.startsWith('arn:aws:sqs:')) {
      return this.send(rule, target.arn, { body: JSON.stringify(input) });
    }
    const options = { principal, sourceArn: rule.arn };
    const refused = await this.cloud.service<LambdaService>('lambda').accept(target.arn, input, options);
    if (!refused) return undefined;
    const code = refused.kind === 'missing' ? 'NO_RESOURCE' : 'NO_PERMISSIONS';
    return { code, message: refused.message, final: true };
  }

  private async send(
    rule: Rule,
    queueArn: string,
    message: Parameters<SqsService['send']>[1],
  ): Promise<Failure | undefined> {
    const sqs = this.cloud.service<SqsService>('sqs');
    try {
      if (sqs.allowsService({ queueArn, principal, sourceArn: rule.arn })) {
        await sqs.send(queueArn, message);
        return undefined;
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { code: 'NO_RESOURCE', message: `${queueArn}: ${error.message}`, final: true };
    }
    const problem = `the policy of ${queueArn} does not let EventBridge send`;
    return { code: 'NO_PERMISSIONS', message: problem, final: true };
  }

  /** The dead-letter queue gets the event with the reason in message attributes; without a queue it is lost. */
  private async giveUp(given: Undelivered): Promise<void> {
    const { rule, target, failure } = given;
    const problem = target.deadLetterArn
      ? (await this.send(rule, target.deadLetterArn, undelivered(given)))?.message
      : 'the target has no dead-letter queue';
    if (!problem) return;
    this.cloud.log.error('events: an event is lost', {
      rule: rule.name,
      target: target.arn,
      reason: failure.message,
      problem,
    });
    this.cloud.meter.count('events:lost');
  }
}
