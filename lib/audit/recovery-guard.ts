import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';

export interface RecoveryGuardProps {
  readonly functions: FunctionSetting;
  readonly bus: events.EventBus;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
  /** Where events go that could not be handled. */
  readonly deadLetters: sqs.IQueue;
}

/** Ends the recovery of somebody who signs in with a further factor: then nothing was lost. */
export class RecoveryGuard extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, props: RecoveryGuardProps) {
    super(scope, id);
    const { functions, bus, tables, parameters, deadLetters } = props;
    this.function = new ServiceFunction(this, 'Guard', {
      ...functions,
      name: 'recovery-guard',
      description: 'Stops recoveries whose owner proves a further factor',
      memoryMb: 256, // one read, and one write where there is a recovery
      timeout: Duration.seconds(15),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
      },
      deadLetterQueue: deadLetters,
    });
    tables.grant(this.function, 'profiles', 'GetItem', 'UpdateItem');
    tables.grant(this.function, 'audit', 'PutItem');
    new events.Rule(this, 'FactorProven', {
      eventBus: bus,
      description: 'Sign-ins and step-ups that reached level 2',
      eventPattern: {
        source: ['vestibule'],
        detailType: ['sign-in.succeeded', 'session.stepped-up'],
        detail: { data: { level: [2] } },
      },
      targets: [
        new targets.LambdaFunction(this.function.function, {
          deadLetterQueue: deadLetters,
          retryAttempts: 185, // the shortest waiting time is 24 hours, and so is what EventBridge keeps
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
