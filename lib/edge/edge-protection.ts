import { ArnFormat, Aws, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { edgeHeader } from '../../lambdas/api/viewer-address.ts';
import type { StageConfig } from '../config/types.ts';
import type { AppClients } from '../identity/app-clients.ts';
import type { UserDirectory } from '../identity/user-directory.ts';
import type { LogGroups } from '../operations/log-groups.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { apiRules, poolRules } from './acl-rules.ts';
import { visibility } from './rules.ts';

export interface EdgeProtectionProps {
  /** Of the installation. */
  readonly name: string;
  readonly botControl: NonNullable<StageConfig['botControl']>;
  readonly api: apigateway.RestApi;
  readonly directory: UserDirectory;
  readonly clients: AppClients;
  readonly parameters: OperatorParameters;
  readonly logs: LogGroups;
  /** Of the portal's distribution. @default - there is none */
  readonly edgeSecret?: secretsmanager.ISecret;
}

/** Two web ACLs: one for the API stage, one for the user pool, which everybody can reach past the API. */
export class EdgeProtection extends Construct {
  readonly api: wafv2.CfnWebACL;
  readonly pool: wafv2.CfnWebACL;
  private readonly props: EdgeProtectionProps;
  private readonly blocking: CfnCondition;

  constructor(scope: Construct, id: string, props: EdgeProtectionProps) {
    super(scope, id);
    this.props = props;
    this.blocking = new CfnCondition(this, 'Blocking', {
      expression: Fn.conditionEquals(props.parameters.text('WafMode'), 'block'),
    });
    const options = {
      mode: { blocking: this.blocking.logicalId },
      parameters: props.parameters,
      botControl: props.botControl,
      serverClientId: props.clients.server.userPoolClientId,
      // Whoever may read the web ACL reads it there: it decides by which address a request is counted, nothing else.
      edgeSecret: props.edgeSecret?.secretValueFromJson('key').unsafeUnwrap(),
    };
    this.api = this.webAcl('Api', 'API stage', apiRules(options));
    this.pool = this.webAcl('Pool', 'user pool', poolRules(options));
    const stage = props.api.deploymentStage;
    const apiAssociation = this.associate(
      'ApiAssociation',
      this.api,
      `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${props.api.restApiId}/stages/${stage.stageName}`,
    );
    const poolAssociation = this.associate('PoolAssociation', this.pool, props.directory.pool.userPoolArn);
    // WAF takes one association per two seconds.
    poolAssociation.addResourceDependency(apiAssociation);
  }

  private webAcl(id: string, what: string, rules: wafv2.CfnWebACL.RuleProperty[]): wafv2.CfnWebACL {
    const acl = new wafv2.CfnWebACL(this, id, {
      description: `${this.props.name} - ${what}`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules,
      visibilityConfig: visibility(id.toLowerCase()),
    });
    this.log(id, acl);
    return acl;
  }

  private associate(id: string, acl: wafv2.CfnWebACL, resourceArn: string): wafv2.CfnWebACLAssociation {
    return new wafv2.CfnWebACLAssociation(this, id, { webAclArn: acl.attrArn, resourceArn });
  }

  /**
   * WAF logs hold addresses, which no setting can leave out: so blocked requests only, without tokens, cookies and
   * queries, for as long as logs are kept. While rules only count, everything is logged to review them.
   */
  private log(id: string, acl: wafv2.CfnWebACL): void {
    const group = this.props.logs.create(
      this,
      `${id}Log`,
      `aws-waf-logs-${this.props.name}-${id.toLowerCase()}`,
    );
    const header = (value: string) => ({ singleHeader: { Name: value } });
    new wafv2.CfnLoggingConfiguration(this, `${id}Logging`, {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: group.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        ...['authorization', 'cookie', 'x-vestibule-device', edgeHeader].map(header),
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: Fn.conditionIf(this.blocking.logicalId, 'DROP', 'KEEP'),
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'EXCLUDED_AS_COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    });
  }
}
