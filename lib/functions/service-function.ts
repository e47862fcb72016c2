import { type Duration, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeployedConfiguration } from '../../lambdas/core/configuration.ts';
import type { LogGroups } from '../operations/log-groups.ts';
import { acknowledge } from '../rules/acknowledge.ts';
import { builtFunctions, withFunctionCode } from './function-code.ts';

/** What every function of one installation shares. */
export interface FunctionSetting {
  readonly configuration: DeployedConfiguration;
  /** Where links in mails lead; its origin is one of ours. */
  readonly portalUrl: string;
  readonly logs: LogGroups;
  /** Folder with one built bundle per function. @default - `dist/lambdas` of this package */
  readonly bundles?: string;
}

export interface ServiceFunctionProps extends FunctionSetting {
  /** Folder below `lambdas/`; also the value of `VESTIBULE_FUNCTION`. */
  readonly name: string;
  readonly description: string;
  /** Processor share follows memory, so this is chosen by what the function computes. */
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where an event goes after Lambda's own repeats of an asynchronous call. @default - it is dropped */
  readonly deadLetterQueue?: sqs.IQueue;
}

/** One Lambda function with a role of its own that may do nothing but write its own log until it is granted more. */
export class ServiceFunction extends Construct implements iam.IGrantable {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const logGroup = props.logs.create(this, 'Logs');
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Vestibule ${props.name}`,
    });
    logGroup.grantWrite(this.role);
    this.grantPrincipal = this.role;
    this.function = withFunctionCode(
      { ...props, bundles: props.bundles ?? builtFunctions },
      (code) =>
        new lambda.Function(this, 'Function', {
          code,
          handler: 'index.handler',
          runtime: lambda.Runtime.NODEJS_24_X,
          architecture: lambda.Architecture.ARM_64,
          description: props.description,
          memorySize: props.memoryMb,
          timeout: props.timeout,
          role: this.role,
          logGroup,
          // JSON with system lines from WARN up: START, END and REPORT of every call would be most of the log bill.
          loggingFormat: lambda.LoggingFormat.JSON,
          applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
          systemLogLevelV2: lambda.SystemLogLevel.WARN,
          tracing: lambda.Tracing.DISABLED,
          deadLetterQueue: props.deadLetterQueue,
          environment: {
            VESTIBULE_FUNCTION: props.name,
            STAGE: props.configuration.stage,
            PORTAL_URL: props.portalUrl,
            ...props.environment,
          },
        }),
    );
    Tags.of(this).add('vestibule:function', props.name);
    acknowledge(this.function, {
      'cdk-validator-cfnguard::lambda_inside_vpc_check':
        'Calls AWS services and nothing else, each by its role. A VPC would add start-up time and NAT to every sign-in.',
    });
  }
}
