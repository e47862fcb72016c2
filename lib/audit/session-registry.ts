import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { sessionEvents } from '../../lambdas/tables.ts';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { deadLetterQueue } from './dead-letters.ts';

export interface SessionRegistryProps {
  readonly functions: FunctionSetting;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
}

/**
 * What people see of their sessions and devices, projected from the audit events, so that a sign-in pays nothing for it. The
 * second and last reader of the Audit stream: DynamoDB allows two.
 */
export class SessionRegistry extends Construct {
  readonly function: ServiceFunction;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, { functions, tables, parameters }: SessionRegistryProps) {
    super(scope, id);
    this.function = new ServiceFunction(this, 'Function', {
      ...functions,
      name: 'session-registry',
      description: 'Keeps the list of sessions and devices that people see',
      memoryMb: 256, // one small write per event
      timeout: Duration.seconds(60),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
      },
    });
    tables.grant(this.function, 'profiles', 'GetItem', 'UpdateItem', 'DeleteItem');
    tables.grantStream(this.function, 'audit');
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    iam.Grant.addToPrincipal({
      grantee: this.function,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.deadLetters.queueArn],
    });
    const { tableStreamArn } = tables.all.audit;
    if (!tableStreamArn) throw new Error('audit: has no stream');
    const mapping = new lambda.EventSourceMapping(this, 'AuditStream', {
      target: this.function.function,
      eventSourceArn: tableStreamArn,
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(0), // its owner is looking
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(12), // leaves time to read the record from its stream, which ends after 24 h
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
      filters: [
        lambda.FilterCriteria.filter({
          eventName: ['INSERT'],
          dynamodb: { NewImage: { type: { S: [...sessionEvents] } } },
        }),
      ],
    });
    mapping.node.addDependency(this.function.role); // Lambda tries the role when the mapping is made
  }
}
