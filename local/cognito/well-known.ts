import type { HttpRequest, HttpResponse } from '../platform.ts';
import { type Engine, issuerOf } from './engine.ts';
import { domainUrl } from './oauth/domains.ts';

const path = /^\/([\w-]+_[0-9A-Za-z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

/** The two public documents of a pool, read by anyone who checks its tokens. */
export function wellKnown(engine: Engine, request: HttpRequest): HttpResponse {
  const [, poolId = '', document] = path.exec(request.path) ?? [];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return json(405, { message: 'Method not allowed.' });
  const jwks = engine.keys.jwks(poolId);
  if (!document || !jwks || !engine.pools.find(poolId)) {
    return json(404, { message: `User pool ${poolId || request.path} does not exist.` });
  }
  return json(200, document === 'jwks.json' ? jwks : discovery(engine, poolId));
}

function discovery(engine: Engine, poolId: string) {
  const issuer = issuerOf(engine, poolId);
  const [domain] = engine.pools.domainsOf(poolId);
  const base = domain && domainUrl(engine, domain.domain);
  return {
    ...(base && {
      authorization_endpoint: `${base}/oauth2/authorize`,
      end_session_endpoint: `${base}/logout`,
      revocation_endpoint: `${base}/oauth2/revoke`,
      token_endpoint: `${base}/oauth2/token`,
      userinfo_endpoint: `${base}/oauth2/userInfo`,
    }),
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
}

const json = (status: number, content: object): HttpResponse => ({
  status,
  headers: {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=86400',
  },
  body: JSON.stringify(content),
});
