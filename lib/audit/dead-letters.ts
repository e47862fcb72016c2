import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../rules/acknowledge.ts';

/**
 * Where deliveries end up that failed for good; an alarm watches each queue. Kept for SQS's longest time. Encrypted with
 * SQS's own key: with ours, EventBridge and Lambda would each need a way to it, and messages hold no personal data.
 */
export function deadLetterQueue(scope: Construct, id: string): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is a dead-letter queue itself.',
    'cdk-validator-cfnguard::sqs_dlq_check': 'This is a dead-letter queue itself.',
  });
  return queue;
}
