import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Where alarms go; operators subscribe mail, chat or pager themselves. */
export const alarmTopic = (scope: Construct, id: string, encryptionKey: kms.IKey): sns.Topic =>
  new sns.Topic(scope, id, { displayName: 'Vestibule alarms', masterKey: encryptionKey, enforceSSL: true });
