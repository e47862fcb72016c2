import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface EncryptionKeysProps {
  /** Of the installation. */
  readonly name: string;
  readonly retain: boolean;
  /** Key of the tables, secrets and queues. @default - a new one with yearly rotation */
  readonly data?: kms.IKey;
}

/**
 * Customer managed keys, one per kind of reader: `data` (tables, secrets, queues: functions), `archive` (events:
 * Firehose and analysts), `operations` (logs and alarms: operators).
 */
export class EncryptionKeys extends Construct {
  readonly data: kms.IKey;
  readonly archive: kms.IKey;
  readonly operations: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptionKeysProps) {
    super(scope, id);
    const key = (keyId: string, description: string): kms.Key =>
      customerKey(this, keyId, {
        description: `${props.name}: ${description}`,
        enableKeyRotation: true,
        retain: props.retain,
      });
    this.data = props.data ?? key('Data', 'tables, secrets and queues');
    this.archive = key('Archive', 'audit archive');
    this.operations = key('Operations', 'logs and alarms');
    allowOperationsServices(this.operations, Stack.of(this));
  }
}

/** A customer managed key on which nobody but AWS services can make grants, which no policy shows. */
export function customerKey(
  scope: Construct,
  id: string,
  { retain, ...props }: kms.KeyProps & { readonly retain: boolean },
): kms.Key {
  const key = new kms.Key(scope, id, {
    ...props,
    removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'GrantsForAwsServicesOnly',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'], // in a key policy: this key
      conditions: {
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
  return key;
}

/**
 * CloudWatch Logs and alarms use the key themselves, for nothing but log groups and topics of this account. SNS opens
 * the key for an alarm and names the topic, so the topic is the condition: which source keys come along is not written.
 */
function allowOperationsServices(key: kms.IKey, stack: Stack): void {
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'LogGroupsOfThisAccount',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'], // in a key policy: this key
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group:*' }),
        },
      },
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'], // in a key policy: this key
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:sns:topicArn': stack.formatArn({ service: 'sns', resource: '*' }),
        },
      },
    }),
  );
}
