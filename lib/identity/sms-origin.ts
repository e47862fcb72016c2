import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SmsConfig } from '../config/types.ts';
import type { IdentityTables } from '../data/identity-tables.ts';
import type { ServiceFunction } from '../functions/service-function.ts';
import { smsEnvironment } from '../parameters/environment.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';

export interface SmsOriginProps {
  /** Absent: this installation sends no texts, and no function may. */
  readonly sms: SmsConfig | undefined;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
}

/**
 * What texts come from. It is not made here: carriers want to know who sends, so pools, numbers and sender ids are
 * registered by people, once per account and Region.
 */
export class SmsOrigin extends Construct {
  private readonly props: SmsOriginProps;

  constructor(scope: Construct, id: string, props: SmsOriginProps) {
    super(scope, id);
    this.props = props;
  }

  /** Lets a function send as this origin and no other, behind the toll-fraud brake: its limits and its counters. */
  grantSend(sender: ServiceFunction): void {
    const { sms, tables, parameters } = this.props;
    for (const [name, value] of Object.entries(smsEnvironment(parameters))) {
      sender.function.addEnvironment(name, value);
    }
    if (!sms) return;
    iam.Grant.addToPrincipal({
      grantee: sender,
      actions: ['sms-voice:SendTextMessage'],
      resourceArns: origins(sms).map((resource) =>
        Stack.of(this).formatArn({ service: 'sms-voice', resource }),
      ),
    });
    tables.grantItems(sender, 'risk', ['SMS#'], 'GetItem', 'UpdateItem');
    tables.grant(sender, 'audit', 'PutItem');
  }
}

/** A sender id exists once per country. */
function origins({ originationIdentity: id, countries }: SmsConfig): readonly string[] {
  if (id.startsWith('pool-')) return [`pool/${id}`];
  if (id.startsWith('phone-')) return [`phone-number/${id}`];
  return countries.map((country) => `sender-id/${id}/${country}`);
}
