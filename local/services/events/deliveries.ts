import { randomUUID } from 'node:crypto';
import type { Cloud, Collection } from '../../platform.ts';
import { Background } from '../background.ts';
import type { SqsService } from '../sqs/index.ts';
import { type Rule, type Target, targetInput } from './bus.ts';

interface Delivery {
  readonly rule: string;
  readonly target: string;
  readonly event: unknown;
  readonly acceptedAt: number;
  readonly attempts: number;
  readonly notBefore: number;
}

type Attempt = 'done' | { readonly code: string; readonly message: string; readonly final: boolean };

const idleMs = 1_000;
const firstPauseMs = 200;
const longestPauseMs = 60_000;
/** A function that fails is tried again by Lambda's own queue, twice; then the event is gone for EventBridge too. */
const functionRetries = 2;
const functionErrors = new Set(['threw', 'timeout', 'crashed']);

/** Accepted events on their way to targets. They are in the store before `PutEvents` answers, and leave it when done. */
export class Deliveries {
  private readonly cloud: Cloud;
  private readonly waiting: Collection<Delivery>;
  private readonly rule: (arn: string) => Rule | undefined;
  private readonly worker: Background;

  constructor(cloud: Cloud, rule: (arn: string) => Rule | undefined) {
    this.cloud = cloud;
    this.rule = rule;
    this.waiting = cloud.store.collection('event-deliveries');
    this.worker = new Background({
      intervalMs: idleMs,
      failed: (error) => cloud.log.error('events: deliveries', { error }),
      work: () => this.deliverDue(),
    });
  }

  start(): void {
    this.worker.start();
  }

  stop(): Promise<void> {
    return this.worker.stop();
  }

  async add(rule: Rule, event: unknown): Promise<void> {
    const acceptedAt = this.cloud.clock.now();
    await Promise.all(
      rule.targets.map((target) =>
        this.waiting.set(randomUUID(), {
          rule: rule.arn,
          target: target.id,
          event,
          acceptedAt,
          attempts: 0,
          notBefore: 0,
        }),
      ),
    );
    this.worker.wake();
  }

  private async deliverDue(): Promise<void> {
    const now = Date.now(); // pauses are real time, whatever the cloud calls now
    const due = [...this.waiting.entries()].filter(([, { notBefore }]) => notBefore <= now);
    await Promise.all(due.map(([id, delivery]) => this.deliver(id, delivery)));
  }

  private async deliver(id: string, delivery: Delivery): Promise<void> {
    const rule = this.rule(delivery.rule);
    const target = rule?.targets.find((each) => each.id === delivery.target);
    if (!rule || !target) return this.waiting.delete(id); // the template has it no more
    const attempt = await this.attempt(rule, target, delivery);
    if (attempt === 'done') return this.waiting.delete(id);
    const attempts = delivery.attempts + 1;
    const isOld = this.cloud.clock.now() - delivery.acceptedAt > target.maxAgeMs;
    if (attempt.final || attempts > target.retries || isOld) {
      await this.giveUp(rule, target, delivery, attempt);
      return this.waiting.delete(id);
    }
    const pause = Math.min(firstPauseMs * 2 ** delivery.attempts, longestPauseMs);
    await this.waiting.set(id, { ...delivery, attempts, notBefore: Date.now() + pause });
    this.worker.wake(pause);
  }

  private async attempt(rule: Rule, target: Target, delivery: Delivery): Promise<Attempt> {
    const input = targetInput(target, delivery.event);
    if (target.arn.startsWith('arn:aws:sqs:')) return this.send(rule, target.arn, JSON.stringify(input));
    const options = { principal: 'events.amazonaws.com', sourceArn: rule.arn };
    for (let tries = 0; tries <= functionRetries; tries += 1) {
      const outcome = await this.cloud.functions.invoke(target.arn, input, options);
      if (outcome.ok) return 'done';
      if (!functionErrors.has(outcome.kind)) {
        const final = outcome.kind === 'denied' || outcome.kind === 'missing';
        const code =
          outcome.kind === 'denied'
            ? 'NO_PERMISSIONS'
            : outcome.kind === 'missing'
              ? 'NO_RESOURCE'
              : 'THROTTLED';
        return { code, message: outcome.message, final };
      }
    }
    this.cloud.log.error('events: the function failed and the event is lost', {
      function: target.arn,
      rule: rule.name,
    });
    this.cloud.meter.count('events:lost');
    return 'done';
  }

  private async send(rule: Rule, queueArn: string, body: string): Promise<Attempt> {
    const sqs = this.cloud.service<SqsService>('sqs');
    if (!sqs.allowsService({ queueArn, principal: 'events.amazonaws.com', sourceArn: rule.arn })) {
      return {
        code: 'NO_PERMISSIONS',
        message: `the policy of ${queueArn} does not let EventBridge send`,
        final: true,
      };
    }
    await sqs.send(queueArn, { body });
    return 'done';
  }

  /** The dead-letter queue gets the event with the reason in message attributes; without a queue it is lost. */
  private async giveUp(
    rule: Rule,
    target: Target,
    delivery: Delivery,
    attempt: Exclude<Attempt, 'done'>,
  ): Promise<void> {
    const { deadLetterArn } = target;
    const sqs = this.cloud.service<SqsService>('sqs');
    const sender = { queueArn: deadLetterArn ?? '', principal: 'events.amazonaws.com', sourceArn: rule.arn };
    if (!deadLetterArn || !sqs.allowsService(sender)) {
      this.cloud.log.error('events: an event is lost', {
        rule: rule.name,
        target: target.arn,
        reason: attempt.message,
      });
      return this.cloud.meter.count('events:lost');
    }
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await sqs.send(deadLetterArn, {
      body: JSON.stringify(delivery.event),
      attributes: {
        RULE_ARN: text(rule.arn),
        TARGET_ARN: text(target.arn),
        ERROR_CODE: text(attempt.code),
        ERROR_MESSAGE: text(attempt.message),
        EXHAUSTED_RETRY_CONDITION: text(attempt.final ? 'NonRetryable' : 'MaximumRetryAttempts'),
        RETRY_ATTEMPTS: text(String(delivery.attempts)),
      },
    });
  }
}
