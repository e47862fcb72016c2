import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { deliveryFreshness, matchedEvents, type Watched } from './metrics.ts';

export interface AlarmsProps {
  readonly watched: Watched;
  readonly parameters: OperatorParameters;
  /** @default - alarms change their state and tell nobody */
  readonly topic?: sns.ITopic;
}

interface AlarmSpec {
  readonly metric: cloudwatch.IMetric;
  readonly above: number;
  /** What is wrong and where to look, for whoever is woken up. */
  readonly description: string;
  /** Periods of the metric that must be above in a row. @default 1 */
  readonly periods?: number;
}

const five = Duration.minutes(5);

/** What an operator is woken up for: sign-in is broken, events are stuck, or somebody attacks. Nothing else. */
export class Alarms extends Construct {
  readonly all: readonly cloudwatch.Alarm[];
  private readonly created: cloudwatch.Alarm[] = [];
  private readonly topic: sns.ITopic | undefined;

  constructor(scope: Construct, id: string, { watched, parameters, topic }: AlarmsProps) {
    super(scope, id);
    this.topic = topic;
    for (const [name, fn] of Object.entries(watched.triggers)) this.onTrigger(name, fn);
    this.onForwarder(watched.background.AuditForwarder);
    this.onRotation(watched.background.SecretRotation);
    for (const [name, fn] of Object.entries(watched.scheduled)) this.onScheduled(name, fn);
    this.onApi(watched.api, parameters);
    this.onDeadLetters(
      'Audit',
      watched.deadLetters.Audit,
      'A batch of events was given up. Read the message within 24 h: it names the place in the stream.',
    );
    this.onDeadLetters(
      'Notices',
      watched.deadLetters.Notices,
      'A notice was not mailed after all repeats. The message is its event; see the log of Notifier.',
    );
    this.onDeadLetters(
      'Sessions',
      watched.deadLetters.Sessions,
      'An event did not reach the list of sessions after all repeats. The message names its place in the Audit stream.',
    );
    this.onDeadLetters(
      'Statistics',
      watched.deadLetters.Statistics,
      'Events were not counted after all repeats. Mend the cause, then redrive the queue within 14 days: none counts twice.',
    );
    this.onAuditStream(watched);
    this.onDenials(watched.deniedRule, watched.bus, parameters);
    this.all = this.created;
  }

  private onTrigger(name: string, { function: fn }: ServiceFunction): void {
    this.alarm(`${name}Errors`, {
      metric: fn.metricErrors({ period: five }),
      above: 5,
      description: `${name}: the trigger threw. People cannot register or sign in; see its log.`,
    });
    this.alarm(`${name}Slow`, {
      metric: fn.metricDuration({ period: five, statistic: 'p99' }),
      above: 4000,
      periods: 2,
      description: `${name}: close to the 5 s at which Cognito gives up on a trigger; see DynamoDB latency and throttles.`,
    });
    this.alarm(`${name}Throttled`, {
      metric: fn.metricThrottles({ period: five }),
      above: 0,
      description: `${name}: Lambda concurrency of this account and Region is used up; people cannot sign in.`,
    });
  }

  /** Lambda repeats a failing batch again and again, so that it shows in every period. */
  private onForwarder({ function: fn }: ServiceFunction): void {
    this.alarm('AuditForwarderErrors', {
      metric: fn.metricErrors({ period: five }),
      above: 0,
      periods: 3,
      description: 'AuditForwarder: keeps failing for 15 minutes; see its log.',
    });
  }

  /** Called a few times in a month: two periods with errors in a row would never come. */
  private onRotation({ function: fn }: ServiceFunction): void {
    this.alarm('SecretRotationErrors', {
      metric: fn.metricErrors({ period: five }),
      above: 0,
      description: 'SecretRotation: the signing key was not rotated. The old one still works; see its log.',
    });
  }

  private onScheduled(name: string, { function: fn }: ServiceFunction): void {
    this.alarm(`${name}Errors`, {
      metric: fn.metricErrors({ period: Duration.hours(1) }),
      above: 0,
      description: `${name}: a run failed and goes on at the next hour; see its log for what could not be done.`,
    });
  }

  private onApi(api: apigateway.RestApi, parameters: OperatorParameters): void {
    this.alarm('ApiServerErrors', {
      metric: api.metricServerError({ period: five, statistic: 'Sum' }),
      above: parameters.number('ApiErrorsAlarm'),
      description: 'Identity API answers with 5xx; the access log names the routes.',
    });
  }

  private onDeadLetters(name: string, queue: sqs.Queue, description: string): void {
    this.alarm(`${name}DeadLetters`, {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
      description,
    });
  }

  private onAuditStream({ background, delivery }: Watched): void {
    this.alarm('AuditLag', {
      metric: background.AuditForwarder.function.metric('IteratorAge', {
        period: five,
        statistic: 'Maximum',
      }),
      above: Duration.minutes(15).toMilliseconds(),
      description: 'Events wait more than 15 minutes in a stream, which keeps them for 24 h.',
    });
    this.alarm('ArchiveLag', {
      metric: deliveryFreshness(delivery, five),
      above: Duration.minutes(15).toSeconds(),
      description: 'Firehose has not delivered for 15 minutes, and keeps events for 24 h; see its error log.',
    });
  }

  private onDenials(rule: events.Rule, bus: events.EventBus, parameters: OperatorParameters): void {
    this.alarm('DeniedSignIns', {
      metric: matchedEvents(rule, bus, five),
      above: parameters.number('DeniedSignInsAlarm'),
      description: 'Unusually many refused sign-ins: an attack, or a release that refuses honest people.',
    });
  }

  private alarm(id: string, { metric, above, description, periods = 1 }: AlarmSpec): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold: above,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      // No traffic is no fault; every metric here is about something that did happen.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    });
    if (this.topic) alarm.addAlarmAction(new SnsAction(this.topic));
    this.created.push(alarm);
  }
}
