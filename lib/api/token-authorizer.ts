import { Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { AppClients } from '../identity/app-clients.ts';
import type { UserDirectory } from '../identity/user-directory.ts';
import { lifetimeEnvironment } from '../parameters/environment.ts';
import type { OperatorParameters } from '../parameters/operator-parameters.ts';
import { acknowledge } from '../rules/acknowledge.ts';

export interface TokenAuthorizerProps {
  readonly functions: FunctionSetting;
  readonly directory: UserDirectory;
  readonly clients: AppClients;
  readonly tables: IdentityTables;
  readonly parameters: OperatorParameters;
  readonly sessionDays: number;
}

/**
 * Who calls, from an access token or a browser's cookie: signature, issuer, client, use, that its session goes on, and for
 * a cookie that a page of ours meant it. Nothing is cached, so that an ended session is out at the next request and a
 * verdict about one method is none about another.
 * (Cognito's own authorizer takes ID tokens, does not see revocation and cannot tell clients apart.)
 */
export class TokenAuthorizer extends Construct {
  readonly function: ServiceFunction;
  readonly authorizer: apigateway.RequestAuthorizer;

  constructor(scope: Construct, id: string, props: TokenAuthorizerProps) {
    super(scope, id);
    const { functions, directory, clients, tables, parameters, sessionDays } = props;
    this.function = new ServiceFunction(this, 'Authorizer', {
      ...functions,
      name: 'authorizer',
      description: 'Verifies access tokens and browser sessions of the Identity API',
      memoryMb: 512, // an RSA check and one read; its time is added to every signed-in call
      timeout: Duration.seconds(5),
      environment: {
        ISSUER: directory.pool.userPoolProviderUrl,
        CLIENT_IDS: clients.ofIdentityApi.join(','),
        SERVER_CLIENT_ID: clients.server.userPoolClientId,
        RISK_TABLE: tables.all.risk.tableName,
        ...lifetimeEnvironment(parameters, sessionDays),
      },
    });
    tables.grantItems(this.function, 'risk', ['SESSION#', 'SUB#', 'BROWSER#'], 'GetItem');
    tables.grantItems(this.function, 'risk', ['SESSION#', 'BROWSER#'], 'UpdateItem');
    acknowledge(this.function, {
      'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check':
        'The permission names the authorizer it is for (SourceArn); the rule cannot read an ARN that is joined.',
    });
    this.authorizer = new apigateway.RequestAuthorizer(this, 'RequestAuthorizer', {
      handler: this.function.function,
      // No identity source: either of two headers will do, and a missing one is refused by the function.
      identitySources: [],
      resultsCacheTtl: Duration.seconds(0),
    });
    // CDK writes an empty list as '', which is not the same as none.
    (this.authorizer.node.defaultChild as apigateway.CfnAuthorizer).identitySource = undefined;
  }
}
