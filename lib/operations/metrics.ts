import type { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ServiceFunction } from '../functions/service-function.ts';

/** What alarms and dashboard look at. Keys are the names that people read. */
export interface Watched {
  /** Somebody waits for these. */
  readonly triggers: Readonly<Record<string, ServiceFunction>>;
  readonly apiFunctions: Readonly<Record<string, ServiceFunction>>;
  /** Nobody waits for these. */
  readonly background: Readonly<
    Record<
      | 'AuditForwarder'
      | 'Erasure'
      | 'Notifier'
      | 'RecoveryGuard'
      | 'SecretRotation'
      | 'SessionRegistry'
      | 'Statistics',
      ServiceFunction
    >
  >;
  /** Run once in a while: one failure is a whole run that did not do its work. */
  readonly scheduled: Readonly<Record<'Housekeeping', ServiceFunction>>;
  readonly api: apigateway.RestApi;
  readonly deadLetters: Readonly<Record<'Audit' | 'Notices' | 'Sessions' | 'Statistics', sqs.Queue>>;
  readonly delivery: firehose.CfnDeliveryStream;
  readonly bus: events.EventBus;
  readonly deniedRule: events.Rule;
  readonly tables: Readonly<Record<string, dynamodb.Table>>;
}

/** Seconds since the oldest event that Firehose still holds. */
export const deliveryFreshness = (stream: firehose.CfnDeliveryStream, period: Duration): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/Firehose',
    metricName: 'DeliveryToS3.DataFreshness',
    dimensionsMap: { DeliveryStreamName: stream.ref },
    statistic: 'Maximum',
    period,
  });

/** Events of a bus that matched a rule: EventBridge counts, no function has to. */
export const matchedEvents = (rule: events.Rule, bus: events.EventBus, period: Duration): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'MatchedEvents',
    dimensionsMap: { EventBusName: bus.eventBusName, RuleName: rule.ruleName },
    statistic: 'Sum',
    period,
  });
