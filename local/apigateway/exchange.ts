import { randomBytes, randomUUID } from 'node:crypto';
import type { Cloud, HttpRequest } from '../platform.ts';
import type { ApiMethod, ApiResource, RestApi, Stage } from './model.ts';

/** Everything known of one request while it passes the gateway. Steps fill in what they find out. */
export interface Exchange {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly region: string;
  readonly accountId: string;
  readonly httpMethod: string;
  /** Below the stage: `/v1/sessions`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly startedAtMs: number;
  /** Lower-case names; WAF may have replaced some. */
  headers: Readonly<Record<string, string>>;
  headerValues: Readonly<Record<string, readonly string[]>>;
  resource?: ApiResource;
  method?: ApiMethod;
  pathParameters: Readonly<Record<string, string>>;
  /** `principalId` and the authorizer's context, as strings. */
  authorizer?: Readonly<Record<string, string | number>>;
  waf?: { readonly status: string; readonly webAclArn: string | undefined };
  integration?: { readonly status: number; readonly latencyMs: number; readonly error?: string };
  error?: { readonly message: string | null; readonly type: string; readonly validation: string | undefined };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Arrival {
  readonly cloud: Cloud;
  readonly api: RestApi;
  readonly stage: Stage;
  readonly request: HttpRequest;
  readonly path: string;
}

export function openExchange({ cloud, api, stage, request, path }: Arrival): Exchange {
  const named = request.headers['x-amzn-requestid'];
  return {
    api,
    stage,
    region: cloud.region,
    accountId: cloud.accountId,
    httpMethod: request.method,
    path,
    query: request.query,
    body: request.body,
    sourceIp: request.sourceIp,
    // A client may choose the request id, not the extended one [aws-facts 9.4].
    requestId: named !== undefined && UUID.test(named) ? named : randomUUID(),
    extendedRequestId: `${randomBytes(11).toString('base64url')}=`,
    startedAtMs: cloud.clock.now(),
    headers: request.headers,
    headerValues: request.headerValues ?? single(request.headers),
    pathParameters: {},
  };
}

/** Sets headers on the request, replacing what the client sent under the same names. */
export function setHeaders(exchange: Exchange, headers: Readonly<Record<string, string>>): void {
  exchange.headers = { ...exchange.headers, ...headers };
  exchange.headerValues = { ...exchange.headerValues, ...single(headers) };
}

const single = (headers: Readonly<Record<string, string>>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** ARN of what is called, as authorizer policies and invoke permissions name it. */
export const methodArn = (exchange: Exchange, path: string): string =>
  `${executeArn(exchange)}/${exchange.stage.name}/${exchange.httpMethod}${path}`;

export const executeArn = ({ api, region, accountId }: Exchange): string =>
  `arn:aws:execute-api:${region}:${accountId}:${api.id}`;

/** `22/Nov/2026:12:00:00 +0000` */
export function logTime(milliseconds: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(milliseconds).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** `$context` of templates and access logs. */
export function contextOf(exchange: Exchange): Record<string, unknown> {
  const { api, stage, waf, integration, error } = exchange;
  return {
    accountId: exchange.accountId,
    apiId: api.id,
    authorizer: exchange.authorizer && {
      status: 200,
      latency: exchange.authorizer.integrationLatency,
      ...exchange.authorizer,
    },
    domainName: domainName(exchange),
    domainPrefix: api.id,
    error: error && {
      message: error.message,
      messageString: JSON.stringify(error.message),
      responseType: error.type,
      validationErrorString: error.validation,
    },
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: exchange.httpMethod,
    identity: { sourceIp: exchange.sourceIp, userAgent: exchange.headers['user-agent'] },
    path: `/${stage.name}${exchange.path}`,
    protocol: 'HTTP/1.1',
    requestId: exchange.requestId,
    requestTime: logTime(exchange.startedAtMs),
    requestTimeEpoch: exchange.startedAtMs,
    resourceId: exchange.resource?.id,
    resourcePath: exchange.resource?.path,
    stage: stage.name,
    waf: waf && { status: waf.status },
    wafResponseCode: waf?.status,
    webaclArn: waf?.webAclArn,
    integration: integration && {
      status: integration.status,
      integrationStatus: integration.status,
      latency: integration.latencyMs,
      error: integration.error,
    },
    integrationStatus: integration?.status,
    integrationLatency: integration?.latencyMs,
    integrationErrorMessage: integration?.error,
  };
}

export const domainName = ({ api, region }: Exchange): string =>
  `${api.id}.execute-api.${region}.amazonaws.com`;
