import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { countedEvents } from '../../lambdas/tables.ts';
import { deadLetterQueue } from '../audit/dead-letters.ts';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';

export interface StatisticsProps {
  readonly functions: FunctionSetting;
  readonly bus: events.EventBus;
  readonly tables: IdentityTables;
}

const timeout = Duration.seconds(60);
/**
 * A batch is one transaction per 80 events or so: the longer it gathers, the cheaper each event is. Whoever looks at the
 * pages expects the last sign-in within seconds.
 */
const batchWindow = Duration.seconds(5);

/** Counts audit events into hours and days for the operator's pages: bus → queue → function → table. */
export class Statistics extends Construct {
  readonly function: ServiceFunction;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, { functions, bus, tables }: StatisticsProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    const queue = new sqs.Queue(this, 'Queue', {
      // As for dead letters: with a key of ours EventBridge would need a way to it, and events hold no personal data.
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS: six times the function's time and the window, so that a slow batch is not handed out twice.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds() + batchWindow.toSeconds()),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    this.function = new ServiceFunction(this, 'Function', {
      ...functions,
      name: 'statistics',
      description: 'Counts audit events by hour and day',
      memoryMb: 256, // sums, and a dozen transactions per batch
      timeout,
      environment: { STATISTICS_TABLE: tables.all.statistics.tableName },
    });
    tables.grant(this.function, 'statistics', 'GetItem', 'PutItem', 'UpdateItem');
    iam.Grant.addToPrincipal({
      grantee: this.function,
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resourceArns: [queue.queueArn],
    });
    const mapping = new lambda.EventSourceMapping(this, 'Batches', {
      target: this.function.function,
      eventSourceArn: queue.queueArn,
      batchSize: 1_000,
      maxBatchingWindow: batchWindow,
      reportBatchItemFailures: true,
      maxConcurrency: 2, // the least there is: all write the same items
    });
    mapping.node.addDependency(this.function.role); // Lambda tries the role when the mapping is made
    new events.Rule(this, 'Counted', {
      eventBus: bus,
      description: 'Events that the statistics count',
      eventPattern: { source: ['vestibule'], detailType: [...countedEvents] },
      targets: [
        new targets.SqsQueue(queue, {
          message: events.RuleTargetInput.fromEventPath('$.detail'),
          deadLetterQueue: this.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
