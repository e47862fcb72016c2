import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import type { UserDirectory } from './user-directory.ts';

export interface AbandonedRegistrationsProps {
  readonly functions: FunctionSetting;
  readonly directory: UserDirectory;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
}

/**
 * Removes accounts whose address was never confirmed, every hour, so that the address is free again. The one function
 * that may remove people from the pool: nobody but the schedule calls it, and it takes no input. It is no trigger of
 * the pool, so its role may name it.
 */
export class AbandonedRegistrations extends Construct {
  readonly housekeeping: ServiceFunction;

  constructor(scope: Construct, id: string, props: AbandonedRegistrationsProps) {
    super(scope, id);
    const { functions, directory, tables, parameters } = props;
    this.housekeeping = new ServiceFunction(this, 'Housekeeping', {
      ...functions,
      name: 'housekeeping',
      description: 'Removes registrations that were never confirmed',
      memoryMb: 256, // waits for its own pace
      timeout: Duration.minutes(5),
      environment: {
        USER_POOL_ID: directory.pool.userPoolId,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        UNCONFIRMED_RETENTION_HOURS: parameters.text('UnconfirmedRetentionHours'),
      },
    });
    iam.Grant.addToPrincipal({
      grantee: this.housekeeping,
      actions: ['cognito-idp:ListUsers', 'cognito-idp:AdminDeleteUser'],
      resourceArns: [directory.pool.userPoolArn],
    });
    tables.grantItems(this.housekeeping, 'risk', ['CODE-SENT#', 'HOUSEKEEPING#'], 'GetItem');
    tables.grantItems(this.housekeeping, 'risk', ['HOUSEKEEPING#'], 'PutItem');
    tables.grant(this.housekeeping, 'audit', 'PutItem');
    new events.Rule(this, 'Hourly', {
      description: 'Removes registrations that were never confirmed',
      schedule: events.Schedule.rate(Duration.hours(1)),
      targets: [
        // The next run does what this one did not: a late one would only run beside it.
        new targets.LambdaFunction(this.housekeeping.function, {
          retryAttempts: 3,
          maxEventAge: Duration.minutes(30),
        }),
      ],
    });
  }
}
