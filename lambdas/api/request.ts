import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CiamError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import { type Method, methods } from '../core/risk/decision.ts';
import { readCookies } from './cookies.ts';
import { invalid } from './problem.ts';
import { maxBodyBytes } from './routes.ts';
import { type Caller, type Route, resourceServer } from './types.ts';
import { parseWith, refuseReservedNames } from './validation.ts';
import { edgeHeader } from './viewer-address.ts';

/** A request that passed the checks of its route; `RouteRequest` without the types of one route. */
export interface CheckedRequest {
  readonly body: unknown;
  readonly query: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly arrivedAt: number;
  readonly caller: Caller | undefined;
}

/** What is known of a request before its route looks at it. */
export interface Arrival {
  readonly at: number;
  /** Of whoever sent it, as far as it is proven. */
  readonly sourceIp: string;
}

/** Who calls comes first, so that a stranger learns nothing about the form of a body. */
export function checkRequest(route: Route, event: APIGatewayProxyEvent, arrival: Arrival): CheckedRequest {
  const { [edgeHeader]: _proof, ...headers } = headersOf(event);
  const caller = callerOf(route, event);
  return {
    params: paramsOf(event),
    query: queryOf(route, event),
    body: bodyOf(route, event, headers),
    headers: requiredHeaders(route, headers),
    cookies: readCookies(event.multiValueHeaders),
    sourceIp: arrival.sourceIp,
    userAgent: (event.requestContext.identity.userAgent ?? '').slice(0, 512),
    requestId: requestIdOf(event),
    arrivedAt: arrival.at,
    caller,
  };
}

/** `requestId` can be set by the caller (`x-amzn-RequestId`), the extended one cannot. */
export const requestIdOf = (event: APIGatewayProxyEvent): string =>
  // Only API Gateway's local twin has no extended id.
  (event.requestContext.extendedRequestId ?? event.requestContext.requestId ?? '')
    .replace(/[^A-Za-z0-9_=+/-]/g, '')
    .slice(0, 128);

/** Names in lower case, last value wins, as HTTP/1.1 proxies join them anyway. */
export function headersOf(event: APIGatewayProxyEvent): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
}

function requiredHeaders(route: Route, headers: Record<string, string>): Record<string, string> {
  for (const [name, { required }] of Object.entries(route.headers ?? {})) {
    if (required && !headers[name]) {
      throw new CiamError('PRECONDITION_REQUIRED', `The header ${name} is required.`, {
        fields: [{ pointer: `/headers/${name}`, detail: 'is required' }],
      });
    }
  }
  return headers;
}

/** Names of fields and purposes, ids in base64url; anything else is a path that does not exist. */
const pathName = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/;

function paramsOf(event: APIGatewayProxyEvent): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(event.pathParameters ?? {})) {
    if (!value || !pathName.test(value)) throw new CiamError('ROUTE_NOT_FOUND', 'There is nothing here.');
    params[name] = value;
  }
  return params;
}

function queryOf(route: Route, event: APIGatewayProxyEvent): unknown {
  const query: Record<string, string> = Object.create(null);
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    const [value = '', ...more] = values ?? [];
    if (more.length > 0) throw invalid(`/query/${name.slice(0, 64)}`, 'must be given once');
    if (!route.query) throw invalid(`/query/${name.slice(0, 64)}`, 'is not known here');
    query[name] = value;
  }
  return route.query ? parseWith(route.query, { ...query }, ['query']) : undefined;
}

const jsonType = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

function bodyOf(route: Route, event: APIGatewayProxyEvent, headers: Record<string, string>): unknown {
  const raw = event.body ?? '';
  if (!route.body) {
    if (raw !== '') throw invalid('', 'this route takes no body');
    return undefined;
  }
  if (!jsonType.test(headers['content-type'] ?? '')) {
    throw new CiamError('CONTENT_TYPE_UNSUPPORTED', 'Send the body as application/json in UTF-8.');
  }
  // Base64 makes 4 characters of 3 bytes: refuse by length before anything is copied.
  const limit = route.maxBodyBytes ?? maxBodyBytes;
  if (raw.length > limit * 2) throw tooLarge(limit);
  const bytes = Buffer.from(raw, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > limit) throw tooLarge(limit);
  return parseWith(route.body, parseJson(bytes), []);
}

const tooLarge = (limit: number): CiamError =>
  new CiamError('BODY_TOO_LARGE', `The body may have at most ${limit} bytes.`);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws CiamError `REQUEST_INVALID` without a word of the body: parser messages quote it */
function parseJson(bytes: Uint8Array): object {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new CiamError('REQUEST_INVALID', 'The body is not JSON in UTF-8.', {
      fields: [{ pointer: '', detail: 'must be a JSON object' }],
      cause: error,
    });
  }
  // An array would pass for an object without required members.
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('', 'must be a JSON object');
  refuseReservedNames(value);
  return value;
}

/** The authorizer's word about the token; a `user` route without it is a broken deployment and stays closed. */
function callerOf(route: Route, event: APIGatewayProxyEvent): Caller | undefined {
  if (route.auth.kind === 'public') return undefined;
  const {
    sub,
    scopes,
    clientId,
    sessionKey,
    flow,
    level,
    methods: proven,
    authenticatedAt,
  } = event.requestContext.authorizer ?? {};
  if (typeof sub !== 'string' || sub === '' || typeof scopes !== 'string') {
    throw new CiamError('TOKEN_REJECTED', 'Sign in first.');
  }
  const granted = scopes.split(' ');
  if (!granted.includes(`${resourceServer}/${route.auth.scope}`)) {
    throw new CiamError('SCOPE_MISSING', `This needs the scope ${resourceServer}/${route.auth.scope}.`);
  }
  return {
    sub: sub as Sub,
    scopes: granted,
    clientId: String(clientId ?? ''),
    sessionKey: String(sessionKey ?? ''),
    ...(typeof flow === 'string' && flow !== '' && { flow }),
    // API Gateway hands every context value over as text. Whatever is absent or odd is no assurance.
    level: level === '2' || level === 2 ? 2 : level === '1' || level === 1 ? 1 : 0,
    methods: readMethods(proven),
    authenticatedAt: Number(authenticatedAt ?? 0) || 0,
  };
}

const readMethods = (names: unknown): readonly Method[] => {
  const named = typeof names === 'string' ? names.split(' ') : [];
  return methods.filter((method) => named.includes(method));
};
