import { randomUUID } from 'node:crypto';
import type { Cloud, Collection, Invocation } from '../../platform.ts';
import { DueItems } from '../../services/due-items.ts';
import type { FunctionSpecification } from '../specification.ts';
import { type Condition, deadLetter, invocationRecord, sendAs } from './destinations.ts';
import { defaultEventSettings, type EventSettings } from './settings.ts';

export interface QueuedEvent {
  readonly requestId: string;
  readonly functionArn: string;
  readonly event: unknown;
  /** Epoch milliseconds on the cloud's clock, as is `notBefore`. */
  readonly acceptedAt: number;
  readonly notBefore: number;
  readonly invocations: number;
  readonly failures: number;
}

type Failure = Extract<Invocation, { ok: false }>;

interface EventQueueOptions {
  readonly cloud: Cloud;
  /** Role and dead-letter queue of a function; `undefined` once the template has it no more. */
  readonly functionOf: (arn: string) => Pick<FunctionSpecification, 'roleArn' | 'deadLetterArn'> | undefined;
}

const secondMs = 1_000;
const minuteMs = 60_000;
const longestPauseMs = 5 * minuteMs;
/** Failures of the function use up its retries; what Lambda itself refuses is tried until the event is too old. */
const functionErrors = new Set(['threw', 'timeout', 'crashed']);

/**
 * Lambda's own queue of asynchronous invocations. An event is stored before it counts as accepted, and tried again by
 * the cloud's clock.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class EventQueue {
  private readonly options: EventQueueOptions;
  private readonly events: Collection<QueuedEvent>;
  private readonly settings = new Map<string, EventSettings>();
  private readonly due: DueItems<QueuedEvent>;
  private isStopping = false;

  constructor(options: EventQueueOptions) {
    const { cloud } = options;
    this.options = options;
    this.events = cloud.store.collection('lambda-events');
    this.due = new DueItems({
      clock: cloud.clock,
      items: this.events,
      attempt: (_, item) => this.attempt(item),
      failed: (error) => cloud.log.error('lambda: asynchronous invocations', { error }),
    });
  }

  configure(functionArn: string, settings: EventSettings): void {
    this.settings.set(functionArn, settings);
  }

  start(): void {
    this.due.start();
  }

  /** Waits for invocations under way; those that end with their function are made again after the next start. */
  stop(): Promise<void> {
    this.isStopping = true;
    return this.due.stop();
  }

  async accept(functionArn: string, event: unknown): Promise<void> {
    const now = this.options.cloud.clock.now();
    const requestId = randomUUID();
    await this.events.set(requestId, {
      requestId,
      functionArn,
      event,
      acceptedAt: now,
      notBefore: now,
      invocations: 0,
      failures: 0,
    });
    this.due.wake();
  }

  private async attempt(item: QueuedEvent): Promise<void> {
    const { functionArn, event, requestId } = item;
    const outcome = await this.options.cloud.functions.invoke(functionArn, event, { principal: 'internal' });
    if (this.isStopping && !outcome.ok) return;
    const invoked = { ...item, invocations: item.invocations + 1 };
    if (outcome.ok) {
      const { onSuccess } = this.settingsOf(functionArn);
      if (onSuccess) await this.send(onSuccess, this.record(invoked, outcome, 'Success'), invoked);
      return this.events.delete(requestId);
    }
    const next = this.next(invoked, outcome);
    if (typeof next !== 'string') return this.events.set(requestId, next);
    await this.giveUp(invoked, outcome, next);
    return this.events.delete(requestId);
  }

  /** The event with the time of its next attempt, counted from when this one was due, or why there is none. */
  private next(item: QueuedEvent, { kind }: Failure): QueuedEvent | Condition {
    const { retries, maxAgeMs } = this.settingsOf(item.functionArn);
    const failures = item.failures + (functionErrors.has(kind) ? 1 : 0);
    if (failures > retries || kind === 'missing') return 'RetriesExhausted';
    const refusals = item.invocations - failures;
    const pause = functionErrors.has(kind)
      ? failures * minuteMs
      : Math.min(secondMs * 2 ** (refusals - 1), longestPauseMs);
    const notBefore = item.notBefore + pause;
    return notBefore - item.acceptedAt > maxAgeMs ? 'EventAgeExceeded' : { ...item, failures, notBefore };
  }

  private async giveUp(item: QueuedEvent, outcome: Failure, condition: Condition): Promise<void> {
    const { onFailure } = this.settingsOf(item.functionArn);
    const queue = this.options.functionOf(item.functionArn)?.deadLetterArn;
    const sent = [
      ...(onFailure ? [await this.send(onFailure, this.record(item, outcome, condition), item)] : []),
      ...(queue ? [await this.send(queue, deadLetter(item, outcome), item)] : []),
    ];
    if (sent.includes(true)) return;
    const { log, meter } = this.options.cloud;
    log.error('lambda: an event is lost', {
      function: item.functionArn,
      attempts: item.invocations,
      reason: outcome.errorType,
    });
    meter.count('lambda:lost-events');
  }

  private record = (item: QueuedEvent, outcome: Invocation, condition: Condition) =>
    invocationRecord(item, outcome, condition, this.options.cloud.clock.now());

  private async send(
    queueArn: string,
    message: ReturnType<typeof invocationRecord>,
    { functionArn }: QueuedEvent,
  ): Promise<boolean> {
    const { cloud, functionOf } = this.options;
    const problem = await sendAs(
      cloud,
      { roleArn: functionOf(functionArn)?.roleArn ?? '' },
      queueArn,
      message,
    );
    if (problem) cloud.log.error('lambda: a destination gets nothing', { function: functionArn, problem });
    return problem === undefined;
  }

  private settingsOf(functionArn: string): EventSettings {
    return this.settings.get(functionArn) ?? defaultEventSettings;
  }
}
