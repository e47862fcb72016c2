import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { MailIdentity } from '../identity/mail-identity.ts';
import { deadLetterQueue } from './dead-letters.ts';

export interface SignInNoticesProps {
  readonly functions: FunctionSetting;
  readonly bus: events.EventBus;
  readonly tables: IdentityTables;
  readonly mail: MailIdentity;
}

/** A mail to the owner after each sign-in on a device that was not seen before. */
export class SignInNotices extends Construct {
  readonly notifier: ServiceFunction;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, { functions, bus, tables, mail }: SignInNoticesProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.notifier = new ServiceFunction(this, 'Notifier', {
      ...functions,
      name: 'notifier',
      description: 'Tells people about sign-ins on new devices',
      memoryMb: 256, // one read, one write, one mail; nobody waits for it
      timeout: Duration.seconds(15),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        RISK_TABLE: tables.all.risk.tableName,
      },
      // EventBridge is done when Lambda has taken the event: what the function throws never reaches the rule's queue.
      deadLetterQueue: this.deadLetters,
    });
    tables.grant(this.notifier, 'profiles', 'GetItem');
    tables.grant(this.notifier, 'risk', 'PutItem');
    mail.grantSend(this.notifier);
    new events.Rule(this, 'NewDevice', {
      eventBus: bus,
      description: 'Sign-ins on a device that was not seen before',
      eventPattern: {
        source: ['vestibule'],
        detailType: ['sign-in.succeeded'],
        detail: { data: { newDevice: [true] } },
      },
      targets: [
        new targets.LambdaFunction(this.notifier.function, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 20,
          maxEventAge: Duration.hours(12), // a later mail would only frighten
        }),
      ],
    });
  }
}
