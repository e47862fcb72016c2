import type { HttpRequest, HttpResponse } from '../../platform.ts';
import type { WafService } from '../../waf/index.ts';
import type { Engine } from '../engine.ts';
import { findFirewall } from '../firewall.ts';
import { json, OAuthError, oauthProblem, preflight } from './answers.ts';
import { authorize, providerAnswer } from './authorize.ts';
import { PageResources } from './brandings.ts';
import { type DomainRequest, openDomain } from './domains.ts';
import { logout } from './logout.ts';
import { brandStyle, brandStylePath } from './pages/brand-style.ts';
import { answerPage, isPage } from './pages/index.ts';
import { pageAsset } from './pages/page.ts';
import { revoke } from './revocation.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { userInfo } from './user-info.ts';

type Endpoint = (request: DomainRequest) => Promise<HttpResponse> | HttpResponse;

/** Called by programs, from anywhere. */
const programs: Readonly<Record<string, Endpoint>> = {
  '/oauth2/token': tokenEndpoint,
  '/oauth2/userInfo': userInfo,
  '/oauth2/revoke': revoke,
};

/** Called by browsers, which go from page to page. */
const browsers: Readonly<Record<string, Endpoint>> = {
  '/oauth2/authorize': authorize,
  '/oauth2/idpresponse': providerAnswer,
  '/saml2/idpresponse': providerAnswer,
  '/logout': logout,
};

/** Everything below a pool's domain. */
export function domainHttp(engine: Engine): (request: HttpRequest) => Promise<HttpResponse> {
  let firewall: WafService | undefined | null = null;
  return async (http) => {
    const request = openDomain(engine, http);
    if (!request) return json(404, { message: 'No user pool has this domain.' });
    const asset = pageAsset(request.path);
    if (asset) return asset;
    if (request.path === brandStylePath) {
      const client = http.query.get('client_id') ?? '';
      return brandStyle(new PageResources(engine.cloud.store).brandingOf(request.pool.id, client));
    }
    firewall = firewall === null ? findFirewall(engine.cloud) : firewall;
    if (firewall && isBlocked(firewall, request)) return blocked;
    return answer(request);
  };
}

async function answer(request: DomainRequest): Promise<HttpResponse> {
  const { path, http } = request;
  const program = Object.hasOwn(programs, path) ? programs[path] : undefined;
  if (program) return http.method === 'OPTIONS' ? preflight : await asProgram(program, request);
  const elsewhere = underItsName(request);
  if (elsewhere) return elsewhere;
  if (isPage(path)) return answerPage(request);
  const browser = Object.hasOwn(browsers, path) ? browsers[path] : undefined;
  if (!browser) return json(404, { message: 'Nothing is served here.' });
  const posts = path.endsWith('/idpresponse') ? ['GET', 'POST'] : ['GET', 'HEAD'];
  if (!posts.includes(http.method)) return { status: 405, headers: { allow: posts.join(', ') } };
  return browser(request);
}

async function asProgram(endpoint: Endpoint, request: DomainRequest): Promise<HttpResponse> {
  try {
    return await endpoint(request);
  } catch (error) {
    if (error instanceof OAuthError) return oauthProblem(error);
    throw error;
  }
}

/** Cookies and passkeys belong to one name: under any other one a browser is sent there, and a foreign name gets nothing. */
function underItsName({ baseUrl, http, path }: DomainRequest): HttpResponse | undefined {
  const { host, pathname } = new URL(baseUrl);
  if (http.headers.host === host) return undefined;
  if (http.headers.host !== host.replace('localhost', '127.0.0.1') || http.method !== 'GET') {
    return json(403, { message: `This domain is served at http://${host}${pathname} only.` });
  }
  const query = http.query.size > 0 ? `?${http.query}` : '';
  return { status: 302, headers: { location: `${baseUrl}${path}${query}`, 'cache-control': 'no-store' } };
}

/** The pool's web ACL sees requests as under a domain of its own; forms of pages are hidden from it, as in AWS. */
function isBlocked(firewall: WafService, { pool, path, http, form }: DomainRequest): boolean {
  const clientId = http.query.get('client_id') ?? form.get('client_id');
  const verdict = firewall.evaluate(pool.arn, {
    method: http.method,
    path,
    query: http.query,
    headers: { ...http.headers, ...(clientId ? { 'x-amzn-cognito-client-id': clientId } : {}) },
    body: Buffer.alloc(0),
    sourceIp: http.sourceIp,
  });
  return verdict.action !== 'ALLOW';
}

const blocked: HttpResponse = {
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'Request blocked by the web ACL of the user pool.\n',
};
