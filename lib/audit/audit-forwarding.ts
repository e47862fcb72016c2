import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import type { AuditDelivery } from './audit-delivery.ts';
import { deadLetterQueue } from './dead-letters.ts';

export interface AuditForwardingProps {
  readonly functions: FunctionSetting;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
  readonly delivery: AuditDelivery;
  readonly bus: events.EventBus;
  /** Signs checkpoints. */
  readonly checkpointKey: kms.IKey;
}

const filter = (eventNames: readonly string[]) =>
  lambda.FilterCriteria.filter({
    eventName: eventNames,
    dynamodb: { NewImage: { event: { S: lambda.FilterRule.exists() } } },
  });

/** Reads both streams and forwards what carries an event: archive, chain, bus. */
export class AuditForwarding extends Construct {
  readonly forwarder: ServiceFunction;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, props: AuditForwardingProps) {
    super(scope, id);
    const { tables, delivery, bus } = props;
    this.forwarder = new ServiceFunction(this, 'AuditForwarder', {
      ...props.functions,
      name: 'audit-forwarder',
      description: 'Chains audit events and hands them to archive and bus',
      memoryMb: 512, // hashes and packs a hundred events per call
      timeout: Duration.seconds(60),
      environment: {
        FIREHOSE_STREAM: delivery.stream.ref,
        EVENT_BUS: bus.eventBusName,
        AUDIT_TABLE: tables.all.audit.tableName,
        CHECKPOINT_KEY: props.checkpointKey.keyArn,
        AUDIT_TTL_DAYS: props.parameters.text('AuditTtlDays'),
      },
    });
    tables.grant(this.forwarder, 'audit', 'GetItem', 'PutItem', 'BatchWriteItem');
    delivery.grantPut(this.forwarder);
    bus.grantPutEventsTo(this.forwarder);
    props.checkpointKey.grant(this.forwarder, 'kms:Sign');
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    iam.Grant.addToPrincipal({
      grantee: this.forwarder,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.deadLetters.queueArn],
    });
    // An outbox row is written once and removed by its TTL; a Risk item is rewritten with each new event.
    this.consume('AuditStream', tables, 'audit', filter(['INSERT']));
    this.consume('RiskStream', tables, 'risk', filter(['INSERT', 'MODIFY']));
  }

  /** With Lambda's defaults one bad record would block its shard for a day and then be lost. */
  private consume(
    id: string,
    tables: IdentityTables,
    table: 'risk' | 'audit',
    criteria: Record<string, unknown>,
  ): void {
    tables.grantStream(this.forwarder, table);
    const mapping = new lambda.EventSourceMapping(this, id, {
      target: this.forwarder.function,
      eventSourceArn: streamOf(tables.all[table]),
      startingPosition: lambda.StartingPosition.TRIM_HORIZON, // LATEST can miss records while it is being made
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(12), // leaves time to read the record from its stream, which ends after 24 h
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
      filters: [criteria],
    });
    mapping.node.addDependency(this.forwarder.role); // Lambda tries the role when the mapping is made
  }
}

function streamOf(table: dynamodb.Table): string {
  if (!table.tableStreamArn) throw new Error(`${table.node.path}: has no stream`);
  return table.tableStreamArn;
}
