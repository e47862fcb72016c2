import { SecretValue } from 'aws-cdk-lib';
import { inStage, type OidcProvider, type ProviderConfig, type Staged } from '../../config/providers.ts';
import type { StageName } from '../../config/types.ts';

/** Type and details as `AWS::Cognito::UserPoolIdentityProvider` takes them. */
export interface ProviderDetails {
  readonly providerType: string;
  readonly providerDetails: Readonly<Record<string, string>>;
}

/** Secrets are dynamic references: CloudFormation reads them when it deploys, and the template only has their names. */
export function providerDetails(provider: ProviderConfig, stage: StageName): ProviderDetails {
  const at = (value: Staged) => inStage(value, stage);
  const secret = (name: Staged) => SecretValue.secretsManager(at(name)).unsafeUnwrap();
  switch (provider.kind) {
    case 'google':
      return social('Google', 'openid email profile');
    case 'facebook':
      return social('Facebook', 'public_profile,email');
    case 'amazon':
      return social('LoginWithAmazon', 'profile');
    case 'apple':
      return {
        providerType: 'SignInWithApple',
        providerDetails: {
          client_id: at(provider.clientId),
          team_id: provider.teamId,
          key_id: provider.keyId,
          private_key: secret(provider.secretName),
          authorize_scopes: 'email name',
        },
      };
    case 'oidc':
      return {
        providerType: 'OIDC',
        providerDetails: {
          client_id: at(provider.clientId),
          client_secret: secret(provider.secretName),
          oidc_issuer: at(provider.issuer),
          authorize_scopes: (provider.scopes ?? ['openid', 'email', 'profile']).join(' '),
          attributes_request_method: 'GET',
          ...endpoints(provider),
        },
      };
    case 'saml':
      return {
        providerType: 'SAML',
        providerDetails:
          'url' in provider.metadata
            ? { MetadataURL: at(provider.metadata.url) }
            : { MetadataFile: provider.metadata.document },
      };
  }

  function social(providerType: string, scopes: string): ProviderDetails {
    if (!('clientId' in provider)) throw new Error(`${providerType}: has no client id`);
    return {
      providerType,
      providerDetails: {
        client_id: at(provider.clientId),
        client_secret: secret(provider.secretName),
        authorize_scopes: scopes,
      },
    };
  }
}

const endpoints = ({ endpoints: given }: OidcProvider): Readonly<Record<string, string>> =>
  given
    ? {
        authorize_url: given.authorization,
        token_url: given.token,
        attributes_url: given.userInfo,
        jwks_uri: given.keys,
      }
    : {};
