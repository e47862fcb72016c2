import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../rules/acknowledge.ts';

/** Where deliveries end up that failed for good; an alarm watches each queue. Kept for SQS's longest time. */
export function deadLetterQueue(scope: Construct, id: string, encryptionKey: kms.IKey): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.KMS,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is a dead-letter queue itself.',
    'cdk-validator-cfnguard::sqs_dlq_check': 'This is a dead-letter queue itself.',
  });
  return queue;
}
