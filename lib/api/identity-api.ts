import { Fn, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { routeList } from '../../lambdas/api/routes.ts';
import type { ApiFunction, Route } from '../../lambdas/api/types.ts';
import type { LogGroups } from '../operations/log-groups.ts';
import { acknowledge } from '../rules/acknowledge.ts';
import { accessLogFormat } from './access-log.ts';
import { addPreflight } from './cross-origin.ts';
import { addGatewayProblems } from './gateway-problems.ts';
import { RequestModels, type RequestValidation } from './request-models.ts';

export interface IdentityApiProps {
  /** Of the installation; also the dimension of the API's metrics. */
  readonly name: string;
  readonly handlers: Readonly<Record<ApiFunction, lambda.IFunction>>;
  readonly authorizer: apigateway.IAuthorizer;
  readonly origins: readonly string[];
  readonly logs: LogGroups;
  /** Makes the role that lets API Gateway write logs; one per account and Region. */
  readonly createLogRole: boolean;
  /** @default 'shape' */
  readonly requestValidation?: RequestValidation;
}

/** Of the one stage; what is in front of the API adds it to every path. */
export const stageName = 'live';

/** Requests per second of a route that sets none, all callers together. */
const defaultThrottle = { rate: 200, burst: 400 };

/** The REST API, made from the route table: nothing here names a route. */
export class IdentityApi extends Construct {
  readonly api: apigateway.RestApi;
  /** Without slash at the end, so that a route's path can follow. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: IdentityApiProps) {
    super(scope, id);
    this.api = new apigateway.RestApi(this, 'RestApi', {
      restApiName: props.name,
      description: 'Vestibule Identity API',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      cloudWatchRole: props.createLogRole,
      deployOptions: this.stageOptions(props),
    });
    this.api.node.tryRemoveChild('Endpoint'); // an output of CDK's own; outputs are the stack's
    const models = new RequestModels(this, 'Models', {
      api: this.api,
      validation: props.requestValidation ?? 'shape',
    });
    for (const route of routeList) this.addRoute(route, props, models);
    for (const name of new Set(routeList.map((route) => route.function)))
      this.allowCalls(name, props.handlers[name]);
    for (const path of new Set(routeList.map((route) => route.path))) {
      addPreflight(this.api.root.resourceForPath(path), path, props.origins);
    }
    addGatewayProblems(this, this.api);
    this.url = this.urlOf(this.api.deploymentStage);
    this.acknowledgeFindings(props);
  }

  private stageOptions(props: IdentityApiProps): apigateway.StageOptions {
    return {
      stageName,
      accessLogDestination: new apigateway.LogGroupLogDestination(props.logs.create(this, 'AccessLog')),
      accessLogFormat,
      // Execution logs would quote headers and bodies of failing requests; the access log has every request.
      loggingLevel: apigateway.MethodLoggingLevel.OFF,
      dataTraceEnabled: false,
      // Metrics of the API are free and have what alarms need; those per method cost more than the rest of the stack.
      metricsEnabled: false,
      tracingEnabled: false,
      throttlingRateLimit: defaultThrottle.rate,
      throttlingBurstLimit: defaultThrottle.burst,
      methodOptions: Object.fromEntries(
        routeList.flatMap(({ path, method, throttle }) =>
          throttle
            ? [
                [
                  `${path}/${method}`,
                  { throttlingRateLimit: throttle.rate, throttlingBurstLimit: throttle.burst },
                ],
              ]
            : [],
        ),
      ),
    };
  }

  private addRoute(route: Route, props: IdentityApiProps, models: RequestModels): void {
    const signedIn = route.auth.kind !== 'public';
    const method = this.api.root
      .resourceForPath(route.path)
      .addMethod(route.method, this.integration(props.handlers[route.function]), {
        operationName: route.summary.slice(0, 64),
        authorizationType: signedIn ? apigateway.AuthorizationType.CUSTOM : apigateway.AuthorizationType.NONE,
        ...(signedIn && { authorizer: props.authorizer }),
        ...(route.body && { requestModels: models.forRoute(route), requestValidator: models.validator }),
      });
    if (!signedIn) acknowledge(method, publicRoute);
  }

  /** Without the permission per method that CDK's Lambda integration adds: a template may have 500 resources. */
  private integration({ functionArn }: lambda.IFunction): apigateway.Integration {
    const { partition, region } = Stack.of(this);
    return new apigateway.Integration({
      type: apigateway.IntegrationType.AWS_PROXY,
      integrationHttpMethod: 'POST',
      uri: Fn.join('', [
        `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/`,
        functionArn,
        '/invocations',
      ]),
    });
  }

  /** The routes of one function: this API's, as they are deployed, and nobody else's. */
  private allowCalls(name: ApiFunction, handler: lambda.IFunction): void {
    handler.addPermission(`Api-${name}`, {
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi('*', '/*', this.api.deploymentStage.stageName),
    });
    acknowledge(handler.node.findChild(`Api-${name}`), {
      'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check':
        'The permission names the API and stage it is for (SourceArn); the rule cannot read an ARN that is joined.',
    });
  }

  private urlOf(stage: apigateway.Stage): string {
    const { region, urlSuffix } = Stack.of(this);
    return Fn.join('', [
      'https://',
      this.api.restApiId,
      `.execute-api.${region}.${urlSuffix}/`,
      stage.stageName,
    ]);
  }

  private acknowledgeFindings({ createLogRole }: IdentityApiProps): void {
    acknowledge(this.api.deploymentStage, {
      'AwsSolutions-APIG6':
        'Execution logs would quote headers and bodies. The access log records every request without personal data.',
      'cdk-validator-cfnguard::api_gw_v1_execution_logging_enabled_check':
        'Execution logs would quote headers and bodies. The access log records every request without personal data.',
      'cdk-validator-cfnguard::api_gw_xray_enabled_check':
        'Traces cost more than the calls at this volume; the access log has the time of every part of a request.',
    });
    acknowledge(this.api, {
      'AwsSolutions-APIG2':
        'Bodies are validated by a model per route; parameters have no types in API Gateway and are checked by the function, which can name them.',
      'AwsSolutions-COG4':
        'Signed-in routes use a Lambda authorizer: the Cognito one takes ID tokens, cannot tell clients apart and does not see ended sessions.',
      'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check':
        'Every permission names the API and stage it is for (SourceArn); the rule cannot read an ARN that is joined.',
      ...(createLogRole && {
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
          'The role that API Gateway itself demands for its logs; AWS documents this managed policy for it.',
      }),
    });
  }
}

const publicRoute = {
  'AwsSolutions-APIG4': 'Public by its route: it registers, signs in, recovers or describes.',
};
