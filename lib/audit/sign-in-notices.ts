import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { MailIdentity } from '../identity/mail-identity.ts';
import type { ServiceSecrets } from '../identity/service-secrets.ts';
import type { SmsOrigin } from '../identity/sms-origin.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { deadLetterQueue } from './dead-letters.ts';

export interface SignInNoticesProps {
  readonly functions: FunctionSetting;
  readonly bus: events.EventBus;
  readonly tables: IdentityTables;
  readonly secrets: ServiceSecrets;
  readonly mail: MailIdentity;
  readonly parameters: OperatorParameters;
  readonly sms: SmsOrigin;
}

/** What the owner is told besides a new device; of sessions that were ended, one per person and cohort. */
const ownerNotices = {
  Recovery: {
    description: 'Steps of a recovery',
    pattern: { detailType: ['recovery.requested', 'recovery.cancelled', 'recovery.completed'] },
  },
  AccountChanges: {
    description: 'Factors, password, address or links changed by somebody signed in',
    pattern: {
      detailType: [
        'factor.enrolled',
        'factor.removed',
        'recovery-codes.replaced',
        'password.changed',
        'address.change-requested',
        'link.added',
        'link.removed',
      ],
    },
  },
  EndedSessions: {
    description: 'Sessions that an operator ended',
    pattern: { detailType: ['session.ended'], detail: { data: { notice: [true] } } },
  },
};

/** Mails to the owner: after a sign-in on a device that was not seen before, and about what was done with the account. */
export class SignInNotices extends Construct {
  readonly notifier: ServiceFunction;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, props: SignInNoticesProps) {
    super(scope, id);
    const { functions, bus, tables, secrets, mail, sms, parameters } = props;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.notifier = new ServiceFunction(this, 'Notifier', {
      ...functions,
      name: 'notifier',
      description: 'Tells people about new devices, recoveries and ended sessions',
      memoryMb: 256, // one read, one write, one mail; nobody waits for it
      timeout: Duration.seconds(15),
      environment: {
        PROFILES_TABLE: tables.all.profiles.tableName,
        RISK_TABLE: tables.all.risk.tableName,
        AUDIT_TABLE: tables.all.audit.tableName,
        AUDIT_TTL_DAYS: parameters.text('AuditTtlDays'),
        PSEUDONYM_SECRET: secrets.pseudonym.secretArn,
      },
      // EventBridge is done when Lambda has taken the event: what the function throws never reaches the rule's queue.
      deadLetterQueue: this.deadLetters,
    });
    tables.grant(this.notifier, 'profiles', 'GetItem');
    tables.grant(this.notifier, 'risk', 'PutItem');
    secrets.grantRead(this.notifier, secrets.pseudonym);
    mail.grantSend(this.notifier);
    sms.grantSend(this.notifier);
    new events.Rule(this, 'NewDevice', {
      eventBus: bus,
      description: 'Sign-ins on a device that was not seen before',
      eventPattern: {
        source: ['vestibule'],
        detailType: ['sign-in.succeeded'],
        detail: { data: { newDevice: [true] } },
      },
      targets: [this.target(12)], // a later mail would only frighten
    });
    for (const [ruleId, { description, pattern }] of Object.entries(ownerNotices)) {
      new events.Rule(this, ruleId, {
        eventBus: bus,
        description,
        eventPattern: { source: ['vestibule'], ...pattern },
        targets: [this.target(24)],
      });
    }
  }

  private target(hours: number): targets.LambdaFunction {
    return new targets.LambdaFunction(this.notifier.function, {
      deadLetterQueue: this.deadLetters,
      retryAttempts: 20,
      maxEventAge: Duration.hours(hours),
    });
  }
}
