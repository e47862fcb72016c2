import { Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { attributeMapping, type ProviderConfig, providerName } from '../../config/providers.ts';
import type { StageName } from '../../config/types.ts';
import type { ServiceFunction } from '../../functions/service-function.ts';
import type { UserDirectory } from '../user-directory.ts';
import { providerDetails } from './provider-details.ts';

export interface IdentityProvidersProps {
  readonly directory: UserDirectory;
  readonly providers: readonly ProviderConfig[];
  readonly stage: StageName;
  /** Looks at what a provider says before the pool believes it. */
  readonly registration: ServiceFunction;
}

/**
 * The providers of the configuration. Without any, the pool gets no inbound federation trigger either. Construct ids are
 * a contract: a rename makes a new provider, which signs people in as somebody else.
 */
export class IdentityProviders extends Construct {
  constructor(scope: Construct, id: string, props: IdentityProvidersProps) {
    super(scope, id);
    const { directory, providers, stage, registration } = props;
    for (const provider of providers) {
      const name = providerName(provider);
      const identifiers = 'identifiers' in provider ? provider.identifiers : undefined;
      new cognito.CfnUserPoolIdentityProvider(this, `Provider-${name}`, {
        userPoolId: directory.pool.userPoolId,
        providerName: name,
        ...providerDetails(provider, stage),
        attributeMapping: attributeMapping(provider),
        ...(identifiers && { idpIdentifiers: [...identifiers] }),
      });
    }
    if (providers.length > 0) watchInboundFederation(directory, registration);
  }
}

/** What `UserPool.addTrigger` does for the triggers that it knows. */
function watchInboundFederation({ pool }: UserDirectory, registration: ServiceFunction): void {
  const resource = pool.node.defaultChild as cognito.CfnUserPool;
  resource.addPropertyOverride('LambdaConfig.InboundFederation', {
    LambdaArn: Stack.of(pool).resolve(registration.function.functionArn),
    LambdaVersion: 'V1_0',
  });
  registration.function.addPermission('InboundFederationCognito', {
    principal: new iam.ServicePrincipal('cognito-idp.amazonaws.com'),
    sourceArn: pool.userPoolArn,
    scope: pool,
  });
}
