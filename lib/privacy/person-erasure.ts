import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { MailIdentity } from '../identity/mail-identity.ts';
import type { ServiceSecrets } from '../identity/service-secrets.ts';
import type { UserDirectory } from '../identity/user-directory.ts';
import { lifetimeEnvironment } from '../parameters/environment.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';

export interface PersonErasureProps {
  readonly functions: FunctionSetting;
  readonly bus: events.EventBus;
  readonly directory: UserDirectory;
  readonly tables: IdentityTables;
  readonly secrets: ServiceSecrets;
  readonly mail: MailIdentity;
  readonly parameters: OperatorParameters;
  /** Absolute lifetime of a session. */
  readonly sessionDays: number;
  /** Where requests go that could not be carried out. */
  readonly deadLetters: sqs.IQueue;
}

/** Partitions of the Risk table that are about one person or one address. */
const personal = ['ACCOUNT#', 'CHANGE#', 'CODE-SENT#', 'IDENTIFIER#', 'LINK#', 'NOTICE#', 'PENDING#'];

/** Erases people who asked for it, behind the answer to them. Nobody but the bus calls it. */
export class PersonErasure extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, props: PersonErasureProps) {
    super(scope, id);
    const { functions, bus, directory, tables, secrets, mail, parameters, deadLetters } = props;
    this.function = new ServiceFunction(this, 'Function', {
      ...functions,
      name: 'erasure',
      description: 'Erases accounts whose owners asked for it',
      memoryMb: 256, // one item after the other; nobody waits for it
      timeout: Duration.minutes(5),
      environment: {
        USER_POOL_ID: directory.pool.userPoolId,
        PROFILES_TABLE: tables.all.profiles.tableName,
        CONSENTS_TABLE: tables.all.consents.tableName,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
        CONSENT_EVIDENCE_DAYS: parameters.text('ErasedConsentDays'),
        ...lifetimeEnvironment(parameters, props.sessionDays),
      },
      deadLetterQueue: deadLetters,
    });
    this.grant(directory, tables);
    secrets.grantRead(this.function, secrets.pseudonym);
    mail.grantSend(this.function);
    new events.Rule(this, 'Requested', {
      eventBus: bus,
      // The end of one as well: the function then looks once more for what came late.
      description: 'Requests to erase an account, and their end',
      eventPattern: { source: ['vestibule'], detailType: ['erasure.requested', 'erasure.completed'] },
      targets: [
        new targets.LambdaFunction(this.function.function, {
          deadLetterQueue: deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }

  private grant(directory: UserDirectory, tables: IdentityTables): void {
    directory.pool.grant(
      this.function,
      'cognito-idp:ListUsers',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminDeleteUser',
    );
    tables.grant(this.function, 'profiles', 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    tables.grantItems(this.function, 'risk', personal, 'Query');
    tables.grantItems(this.function, 'risk', [...personal, 'SESSION#', 'IDENTITY#'], 'DeleteItem');
    tables.grantItems(this.function, 'risk', ['SUB#'], 'UpdateItem');
    tables.grant(this.function, 'consents', 'Query');
    // An end date, and nothing else: what is in the ledger stays as it was written.
    this.function.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['dynamodb:UpdateItem'],
        resources: [tables.all.consents.tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['sub', 'entry', 'ttl'] },
          StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE'] },
        },
      }),
    );
    tables.grant(this.function, 'audit', 'PutItem');
  }
}
