import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Where alarms go; operators subscribe mail, chat or pager themselves. A topic with a policy of its own loses the one
 * that SNS gives it, which lets the whole account publish: alarms need their permission spelled out.
 */
export function alarmTopic(scope: Construct, id: string, encryptionKey: kms.IKey): sns.Topic {
  const topic = new sns.Topic(scope, id, {
    displayName: 'Vestibule alarms',
    masterKey: encryptionKey,
    enforceSSL: true,
  });
  const stack = Stack.of(scope);
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
      },
    }),
  );
  return topic;
}
