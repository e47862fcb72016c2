import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CustomerIdentity, type CustomerIdentityProps } from '../../../lib/index.ts';

/** Two brands of one company, each with customers of its own, under the company's key and alarm topic. */
export function addShops(app: App, shared: Pick<CustomerIdentityProps, 'config' | 'bundles'>): Stack[] {
  const common = new Stack(app, 'Common');
  const dataKey = new kms.Key(common, 'CustomerData', { enableKeyRotation: true });
  const alarmTopic = new sns.Topic(common, 'OnCall');
  alarmTopic.grantPublish(new iam.ServicePrincipal('cloudwatch.amazonaws.com'));

  return ['linden', 'lark'].map((brand) => {
    const stack = new Stack(app, `Customers-${brand}`, { terminationProtection: true });
    const customers = new CustomerIdentity(stack, 'Identity', {
      ...shared,
      stage: 'prod',
      name: `${brand}-customers`,
      dataKey,
      alarmTopic,
    });
    new CfnOutput(stack, 'IdentityApiUrl', { value: customers.api.url });
    return stack;
  });
}
