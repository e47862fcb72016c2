import { Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { IdentityTables } from '../data/identity-tables.ts';
import { type FunctionSetting, ServiceFunction } from '../functions/service-function.ts';
import type { AppClients } from '../identity/app-clients.ts';
import type { UserDirectory } from '../identity/user-directory.ts';
import { acknowledge } from '../rules/acknowledge.ts';

export interface TokenAuthorizerProps {
  readonly functions: FunctionSetting;
  readonly directory: UserDirectory;
  readonly clients: AppClients;
  readonly tables: IdentityTables;
}

/** An ended session is felt within this time at the API. */
export const verdictCacheSeconds = 5;

/**
 * Who calls, from the access token alone: signature, issuer, client, use, and that its session was not ended.
 * (Cognito's own authorizer takes ID tokens, does not see revocation and cannot tell clients apart.)
 */
export class TokenAuthorizer extends Construct {
  readonly function: ServiceFunction;
  readonly authorizer: apigateway.TokenAuthorizer;

  constructor(scope: Construct, id: string, { functions, directory, clients, tables }: TokenAuthorizerProps) {
    super(scope, id);
    this.function = new ServiceFunction(this, 'Authorizer', {
      ...functions,
      name: 'authorizer',
      description: 'Verifies access tokens of the Identity API',
      memoryMb: 512, // an RSA check and one read; its time is added to every signed-in call
      timeout: Duration.seconds(5),
      environment: {
        ISSUER: directory.pool.userPoolProviderUrl,
        CLIENT_IDS: [clients.web.userPoolClientId, clients.server.userPoolClientId].join(','),
        RISK_TABLE: tables.all.risk.tableName,
      },
    });
    tables.grant(this.function, 'risk', 'GetItem');
    acknowledge(this.function, {
      'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check':
        'The permission names the authorizer it is for (SourceArn); the rule cannot read an ARN that is joined.',
    });
    this.authorizer = new apigateway.TokenAuthorizer(this, 'TokenAuthorizer', {
      handler: this.function.function,
      resultsCacheTtl: Duration.seconds(verdictCacheSeconds),
      // Whatever is no compact JWS gets its 401 from the gateway, without a call.
      validationRegex: '^[Bb]earer [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
    });
  }
}
