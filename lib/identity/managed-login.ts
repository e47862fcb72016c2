import { Aws } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { BrandConfig } from '../config/brands.ts';
import type { ManagedLoginConfig } from '../config/clients.ts';
import type { ConfiguredClient } from './app-clients.ts';
import { loginBranding } from './login-branding.ts';
import type { UserDirectory } from './user-directory.ts';

export interface ManagedLoginProps {
  readonly directory: UserDirectory;
  readonly config: ManagedLoginConfig;
  readonly clients: readonly ConfiguredClient[];
  /** The portal's own client, where there is one. */
  readonly portal?: cognito.UserPoolClient | undefined;
  /** By name of the client. */
  readonly brandOf: (client: string) => BrandConfig;
}

/**
 * The pool's own sign-in pages and its OAuth endpoints, on a domain that is never to change: apps know it, and passkeys
 * registered there work nowhere else. The pool's web ACL covers the domain too.
 */
export class ManagedLogin extends Construct {
  /** Base of the endpoints, `https://…` without a slash at its end. */
  readonly url: string;
  readonly domain: cognito.CfnUserPoolDomain;

  constructor(
    scope: Construct,
    id: string,
    { directory, config, clients, portal, brandOf }: ManagedLoginProps,
  ) {
    super(scope, id);
    const { userPoolId } = directory.pool;
    const custom = 'customDomain' in config ? config.customDomain : undefined;
    this.domain = new cognito.CfnUserPoolDomain(this, 'Domain', {
      userPoolId,
      domain: 'domainPrefix' in config ? config.domainPrefix : config.customDomain.name,
      managedLoginVersion: 2,
      customDomainConfig: custom && {
        certificateArn: custom.certificateArn,
        securityPolicy: 'TLS_V1_2_2021',
      },
    });
    this.url = custom
      ? `https://${this.domain.ref}`
      : `https://${this.domain.ref}.auth.${Aws.REGION}.amazoncognito.com`;
    const shown = [
      ...clients.flatMap(({ config: { door, name }, client }) =>
        door === 'managed-login' ? [{ name, client }] : [],
      ),
      ...(portal ? [{ name: 'portal', client: portal }] : []),
    ];
    for (const { name, client } of shown) {
      const { settings, assets } = loginBranding(brandOf(name));
      // Without a style of its own, version 2 shows a client no page.
      const branding = new cognito.CfnManagedLoginBranding(this, `Branding-${name}`, {
        userPoolId,
        clientId: client.userPoolClientId,
        settings,
        ...(assets.length > 0 && { assets: [...assets] }),
      });
      branding.addResourceDependency(this.domain);
    }
  }
}
