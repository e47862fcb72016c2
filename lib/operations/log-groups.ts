import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { acknowledge } from '../rules/acknowledge.ts';

export interface LogGroupsProps {
  readonly parameters: OperatorParameters;
  readonly encryptionKey: kms.IKey;
  /** True keeps the logs when the stack goes. */
  readonly retain: boolean;
}

/** Makes every log group of an installation alike: encrypted, and kept as long as the operator says. */
export class LogGroups {
  private readonly props: LogGroupsProps;

  constructor(props: LogGroupsProps) {
    this.props = props;
  }

  /** @param name - only where AWS demands one (WAF: `aws-waf-logs-…`) */
  create(scope: Construct, id: string, name?: string): logs.LogGroup {
    const group = new logs.LogGroup(scope, id, {
      logGroupName: name,
      encryptionKey: this.props.encryptionKey,
      // Empty when the stack's first deployment is rolled back; left behind, a fixed name would stop the second one.
      removalPolicy: this.props.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const resource = group.node.defaultChild as logs.CfnLogGroup;
    resource.retentionInDays = this.props.parameters.number('LogRetentionDays');
    acknowledge(group, {
      'cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check':
        'Logs serve operations and are kept as briefly as the operator says; what must be kept is in the audit archive.',
    });
    return group;
  }
}
