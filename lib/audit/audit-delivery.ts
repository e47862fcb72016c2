import { type CfnElement, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LogGroups } from '../operations/log-groups.ts';
import { acknowledge } from '../rules/acknowledge.ts';
import { type AuditArchive, eventsPrefix } from './audit-archive.ts';

export interface AuditDeliveryProps {
  readonly archive: AuditArchive;
  readonly encryptionKey: kms.IKey;
  readonly logs: LogGroups;
}

/** Firehose stream from the forwarder into the archive, by day, compressed. */
export class AuditDelivery extends Construct {
  readonly stream: firehose.CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: AuditDeliveryProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com'),
      description: 'Writes archived events to the archive bucket',
    });
    const errors = props.logs.create(this, 'Errors');
    const errorStream = new logs.LogStream(this, 'ErrorStream', {
      logGroup: errors,
      logStreamName: 'delivery',
    });
    const grants = this.grantDelivery(role, props);
    errors.grantWrite(role);
    this.stream = new firehose.CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: {
        keyType: 'CUSTOMER_MANAGED_CMK',
        keyArn: props.encryptionKey.keyArn,
      },
      extendedS3DestinationConfiguration: {
        bucketArn: props.archive.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${eventsPrefix}day=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: 'errors/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/',
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 16 },
        compressionFormat: 'GZIP',
        fileExtension: '.jsonl.gz',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: props.encryptionKey.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: errors.logGroupName,
          logStreamName: errorStream.logStreamName,
        },
      },
    });
    this.stream.node.addDependency(grants); // Firehose tries its role when the stream is made
  }

  /** Lets `grantee` put events into the archive, many per call. */
  grantPut(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['firehose:PutRecordBatch'],
      resourceArns: [this.stream.attrArn],
    });
  }

  /** Firehose user guide, "Grant Firehose access to an Amazon S3 destination", without reading what it wrote. */
  private grantDelivery(role: iam.Role, { archive, encryptionKey }: AuditDeliveryProps): iam.Policy {
    const { bucket } = archive;
    const statements = [
      new iam.PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
      new iam.PolicyStatement({
        actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
        resources: [bucket.arnForObjects(`${eventsPrefix}*`), bucket.arnForObjects('errors/*')],
      }),
      new iam.PolicyStatement({
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [encryptionKey.keyArn],
      }),
    ];
    const policy = new iam.Policy(this, 'Delivery', { roles: [role], statements });
    const objectsBelow = (prefix: string) =>
      `AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement)}.Arn>/${prefix}*]`;
    acknowledge(policy, {
      [objectsBelow(eventsPrefix)]: 'Firehose chooses the names of the objects it writes below this prefix.',
      [objectsBelow('errors/')]: 'Firehose chooses the names of the objects it writes below this prefix.',
    });
    return policy;
  }
}
