import { randomUUID } from 'node:crypto';
import type { Cloud, Collection } from '../../platform.ts';
import { Background } from '../background.ts';
import type { Rule } from './bus.ts';
import type { Deliveries } from './deliveries.ts';

/** How often it looks at the clock, which a test may have moved. */
const lookMs = 250;

/**
 * Fires rules with a schedule by the cloud's clock. A clock that jumps over several times fires once, for the last of
 * them: what a schedule does is meant to be repeated, not to be caught up with.
 */
export class Scheduler {
  private readonly cloud: Cloud;
  private readonly rules: ReadonlyMap<string, Rule>;
  private readonly deliveries: Deliveries;
  /** Epoch milliseconds of the last time, or of the creation, by ARN of the rule. */
  private readonly lastTimes: Collection<number>;
  private readonly dueTimes = new Map<string, number>();
  private readonly worker: Background;

  constructor(cloud: Cloud, rules: ReadonlyMap<string, Rule>, deliveries: Deliveries) {
    this.cloud = cloud;
    this.rules = rules;
    this.deliveries = deliveries;
    this.lastTimes = cloud.store.collection('event-schedules');
    this.worker = new Background({
      intervalMs: lookMs,
      failed: (error) => cloud.log.error('events: schedules', { error }),
      work: () => this.fireDue(),
    });
  }

  async start(): Promise<void> {
    const now = this.cloud.clock.now();
    for (const { arn, schedule } of this.rules.values()) {
      if (!schedule) continue;
      // The clock's offset ends with the cloud, so that a stored time may lie ahead.
      const last = Math.min(this.lastTimes.get(arn) ?? now, now);
      await this.lastTimes.set(arn, last);
      this.dueTimes.set(arn, schedule(last));
    }
    if (this.dueTimes.size > 0) this.worker.start();
  }

  stop(): Promise<void> {
    return this.worker.stop();
  }

  private async fireDue(): Promise<void> {
    const now = this.cloud.clock.now();
    for (const [arn, due] of this.dueTimes) {
      if (due > now) continue;
      const rule = this.rules.get(arn);
      if (!rule?.schedule) continue;
      const time = lastBefore(rule.schedule, due, now);
      // The delivery first: one that is accepted twice is an event twice, one that is lost is none.
      if (rule.enabled) await this.deliveries.add(rule, this.eventOf(arn, time));
      await this.lastTimes.set(arn, time);
      this.dueTimes.set(arn, rule.schedule(time));
    }
  }

  private eventOf(arn: string, time: number) {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: this.cloud.accountId,
      time: new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region: this.cloud.region,
      resources: [arn],
      detail: {},
    };
  }
}

function lastBefore(schedule: NonNullable<Rule['schedule']>, due: number, now: number): number {
  let time = due;
  for (let next = schedule(time); next <= now; next = schedule(time)) time = next;
  return time;
}
