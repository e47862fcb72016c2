import type { HttpRequest } from '../../platform.ts';
import type { Engine } from '../engine.ts';
import type { Client, Domain, Pool } from '../model.ts';

/** Below this path lies what AWS serves under a domain of its own. */
export const domainsPath = '/_domains/';

/**
 * Where a pool's domain is reached on this machine. By the name `localhost`, because cookies and passkeys belong to names:
 * a browser allows the relying party `localhost` there, and no address.
 */
export const domainUrl = ({ cloud }: Engine, domain: string): string =>
  `http://localhost:${new URL(cloud.url).port}${domainsPath}${domain}`;

/** A request to a domain, as its endpoints see it. */
export interface DomainRequest {
  readonly engine: Engine;
  readonly pool: Pool;
  readonly domain: Domain;
  /** Without slash at its end. */
  readonly baseUrl: string;
  /** Below the domain: `/oauth2/token`. */
  readonly path: string;
  readonly http: HttpRequest;
  /** Of the form in the body; empty for anything else. */
  readonly form: URLSearchParams;
}

export function openDomain(engine: Engine, http: HttpRequest): DomainRequest | undefined {
  const [name = '', ...rest] = http.path.slice(domainsPath.length).split('/');
  const domain = engine.pools.findDomain(name);
  const pool = domain && engine.pools.find(domain.poolId);
  if (!domain || !pool) return undefined;
  const isForm = http.headers['content-type']?.split(';')[0]?.trim() === 'application/x-www-form-urlencoded';
  return {
    engine,
    pool,
    domain,
    baseUrl: domainUrl(engine, name),
    path: `/${rest.join('/')}`,
    http,
    form: new URLSearchParams(isForm ? http.body.toString('utf8') : ''),
  };
}

/** Calls on behalf of a client, as triggers see the pages' calls. */
export const pageCall = ({ pool, http }: DomainRequest, client: Client, operation: string) => ({
  operation,
  sdkVersion: 'aws-sdk-unknown-unknown',
  sourceIp: http.sourceIp,
  pool,
  client,
});

/** Names that come twice, which OAuth forbids (RFC 6749, 3.1) and parsers read differently. */
export const hasRepeated = (parameters: URLSearchParams): boolean =>
  new Set(parameters.keys()).size !== [...parameters.keys()].length;
