import { contextOf, domainName, type Exchange, logTime, methodArn } from './exchange.ts';
import { mediaType } from './validation.ts';

const NOT_SIGNED = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
  vpcId: null,
  vpceId: null,
};

/** The event of a Lambda proxy integration, version 1 [aws-facts 9.4]. */
export function proxyEvent(exchange: Exchange): Record<string, unknown> {
  const isBase64Encoded = isBinary(exchange.api.binaryMediaTypes, mediaType(exchange.headers));
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  return {
    ...commonEvent(exchange),
    requestContext: requestContext(exchange),
    body: exchange.body.length === 0 ? null : exchange.body.toString(encoding),
    isBase64Encoded,
  };
}

/** The event of a REQUEST authorizer. */
export function authorizerEvent(exchange: Exchange): Record<string, unknown> {
  return {
    type: 'REQUEST',
    methodArn: methodArn(exchange, exchange.path),
    ...commonEvent(exchange),
    requestContext: requestContext(exchange),
  };
}

function commonEvent(exchange: Exchange): Record<string, unknown> {
  const forwarded = forwardedHeaders(exchange);
  const values = exchange.query.size === 0 ? null : queryValues(exchange.query);
  return {
    resource: exchange.resource?.path,
    path: exchange.path,
    httpMethod: exchange.httpMethod,
    headers: { ...lastValues(exchange.headerValues), ...forwarded },
    multiValueHeaders: { ...exchange.headerValues, ...inLists(forwarded) },
    queryStringParameters: values && lastValues(values),
    multiValueQueryStringParameters: values,
    pathParameters: nullIfEmpty(exchange.pathParameters),
    stageVariables: nullIfEmpty(exchange.stage.variables),
  };
}

function requestContext(exchange: Exchange): Record<string, unknown> {
  const { api, stage, resource } = exchange;
  return {
    accountId: exchange.accountId,
    apiId: api.id,
    ...(exchange.authorizer === undefined ? {} : { authorizer: exchange.authorizer }),
    domainName: domainName(exchange),
    domainPrefix: api.id,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: exchange.httpMethod,
    identity: {
      ...NOT_SIGNED,
      sourceIp: exchange.sourceIp,
      userAgent: exchange.headers['user-agent'] ?? null,
    },
    path: contextOf(exchange).path,
    protocol: 'HTTP/1.1',
    requestId: exchange.requestId,
    requestTime: logTime(exchange.startedAtMs),
    requestTimeEpoch: exchange.startedAtMs,
    resourceId: resource?.id,
    resourcePath: resource?.path,
    stage: stage.name,
  };
}

/** The gateway's own headers. The left part of `X-Forwarded-For` is whatever the client sent. */
function forwardedHeaders({ headers, sourceIp }: Exchange): Record<string, string> {
  const sent = headers['x-forwarded-for'];
  return {
    'x-forwarded-for': sent === undefined ? sourceIp : `${sent}, ${sourceIp}`,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

function queryValues(query: URLSearchParams): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const name of new Set(query.keys())) values[name] = query.getAll(name);
  return values;
}

const lastValues = (values: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));

const inLists = (headers: Record<string, string>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

const nullIfEmpty = (record: Readonly<Record<string, string>>) =>
  Object.keys(record).length === 0 ? null : record;

/** `binaryMediaTypes` may hold wildcards such as `image/*`. */
export const isBinary = (types: readonly string[], type: string): boolean =>
  types.some(
    (pattern) =>
      pattern === '*/*' ||
      pattern === type ||
      (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
  );
