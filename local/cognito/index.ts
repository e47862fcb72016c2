import type { Cloud, Service, ServiceFactory } from '../platform.ts';
import { cognitoApi } from './api.ts';
import { type Engine, openEngine } from './engine.ts';
import { receiveUpload, uploadPath } from './imports/upload.ts';
import { domainsPath, domainUrl } from './oauth/domains.ts';
import { domainHttp } from './oauth/index.ts';
import { userPoolDomain, userPoolGroup, userPoolResourceServer } from './providers/belongings.ts';
import { managedLoginBranding, terms } from './providers/pages.ts';
import { userPool } from './providers/user-pool.ts';
import { userPoolClient } from './providers/user-pool-client.ts';
import { userPoolIdentityProvider } from './providers/user-pool-identity-provider.ts';
import { wellKnown } from './well-known.ts';

export { coverage, coverageTable } from './coverage.ts';

export interface CognitoService extends Service {
  /** For the console: pools with their number of users, no personal data. */
  pools(): readonly { readonly id: string; readonly name: string; readonly users: number }[];
  /** Domains with the sign-in pages and OAuth endpoints of pools. */
  domains(): readonly { readonly domain: string; readonly url: string }[];
}

/** Amazon Cognito user pools: `cognito-idp`. */
export const cognitoService: ServiceFactory = async (cloud: Cloud): Promise<CognitoService> => {
  const engine = await openEngine(cloud);
  return {
    name: 'cognito-idp',
    providers: [
      userPool,
      userPoolClient,
      userPoolGroup,
      userPoolResourceServer,
      userPoolDomain,
      userPoolIdentityProvider,
      managedLoginBranding,
      terms,
    ].map((provider) => provider(engine)),
    api: cognitoApi(engine),
    // A pool's documents lie below its id, which starts with the region.
    http: [
      { prefix: `/${cloud.region}_`, handle: async (request) => wellKnown(engine, request) },
      { prefix: domainsPath, handle: domainHttp(engine) },
      { prefix: uploadPath, handle: receiveUpload(engine, engine.imports) },
    ],
    domains: () =>
      engine.pools.allDomains().map(({ domain }) => ({ domain, url: domainUrl(engine, domain) })),
    pools: () => describePools(engine),
  };
};

const describePools = (engine: Engine) =>
  engine.pools.all().map(({ id, name }) => ({ id, name, users: engine.directory.count(id) }));
