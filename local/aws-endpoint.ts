import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type AccessKeys, operatorKeyId } from './access-keys.ts';
import { errorResponse } from './aws-errors.ts';
import { readCredential, readTarget } from './aws-names.ts';
import type { IamService } from './iam/index.ts';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Caller,
  type FaultRule,
  type Faults,
  type HttpRequest,
  type Log,
  type Meter,
  type Needed,
  type Service,
} from './platform.ts';

export interface AwsEndpointOptions {
  readonly accountId: string;
  readonly keys: AccessKeys;
  readonly faults: Faults;
  readonly meter: Meter;
  readonly log: Log;
  find(service: string): Service | undefined;
}

/** The one service that has operations for callers without credentials, and that browsers call. */
const publicService = 'cognito-idp';
const anonymous: Caller = { kind: 'anonymous' };

/** True for what is meant for an AWS service: by path, by target header or by signature. */
export const isAwsRequest = ({ path, headers }: HttpRequest): boolean =>
  path.startsWith('/_aws/') ||
  path === '/_aws' ||
  'x-amz-target' in headers ||
  (headers.authorization?.startsWith('AWS4-HMAC-SHA256') ?? false);

/** Answers calls of AWS APIs: finds the service, the caller and the grants that are needed, then lets the service answer. */
export class AwsEndpoint {
  private readonly options: AwsEndpointOptions;

  constructor(options: AwsEndpointOptions) {
    this.options = options;
  }

  async answer(http: HttpRequest): Promise<AwsResponse> {
    const requestId = randomUUID();
    let request = { service: '', headers: http.headers } as AwsRequest;
    try {
      request = this.read(http);
      if (http.method === 'OPTIONS') return preflight(request);
      request = { ...request, caller: this.caller(http.headers.authorization) };
      return withHeaders(await this.handle(request), request, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) {
        const { service, operation } = request;
        this.options.log.error(`${service} ${operation} failed`, { requestId, error });
      }
      return withHeaders(errorResponse(error, request, requestId), request, requestId);
    }
  }

  /** The caller is left open: an error about it already needs the service's shape. */
  private read(http: HttpRequest): AwsRequest {
    const [named, below] = splitPath(http);
    const target = readTarget(http.headers['x-amz-target']);
    const service = named ?? target?.service ?? readCredential(http.headers.authorization)?.service;
    if (!service) {
      throw new AwsError('UnknownService', 'the request names no AWS service: no path, target or signature', {
        status: 404,
      });
    }
    const request = {
      service,
      operation: '',
      method: http.method,
      path: below,
      query: http.query,
      headers: http.headers,
      body: http.body,
      caller: anonymous,
      sourceIp: http.sourceIp,
    };
    const operation =
      target?.operation ?? queryAction(http) ?? this.options.find(service)?.api?.operationOf?.(request);
    return { ...request, operation: operation ?? '' };
  }

  private caller(authorization: string | undefined): Caller {
    if (!authorization?.startsWith('AWS4-')) return anonymous; // a bearer token is no signature
    const credential = readCredential(authorization);
    const caller = credential && this.options.keys.find(credential.keyId);
    if (caller) return caller;
    throw new AwsError(
      'UnrecognizedClientException',
      `The security token included in the request is invalid. The local cloud knows the access key ${operatorKeyId} ` +
        '(with any secret) and the keys that it gives to its functions.',
    );
  }

  private async handle(request: AwsRequest): Promise<AwsResponse> {
    const { faults, find, meter } = this.options;
    const { service: name, operation } = request;
    const api = find(name)?.api;
    if (!api) {
      throw new AwsError('UnknownService', `the local cloud has no service "${name}"`, { status: 501 });
    }
    this.authorize(request, api.needs(request));
    meter.count(`${name}:${operation}`);
    if (request.caller.kind === 'role')
      meter.count(`${name}:${operation}:function:${request.caller.functionName}`);
    const fault = faults.take(name, operation);
    if (!fault) return api.handle(request);
    await before(fault);
    const answer = await api.handle(request);
    return fault.kind === 'garbage' ? { ...answer, body: '\u0000garbage' } : answer;
  }

  private authorize({ caller, service }: AwsRequest, needs: readonly Needed[]): void {
    switch (caller.kind) {
      case 'operator':
        return;
      case 'anonymous':
        if (service === publicService && needs.length === 0) return;
        throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', {
          status: 403,
        });
      case 'role':
        for (const needed of needs) this.authorizeRole(caller, needed);
    }
  }

  private authorizeRole({ roleArn, functionName }: Extract<Caller, { kind: 'role' }>, needed: Needed): void {
    const iam = this.options.find('iam') as IamService | undefined;
    const verdict = iam?.authorize(roleArn, needed) ?? {
      allowed: false,
      why: 'because there is no IAM service',
    };
    if (verdict.allowed) return;
    const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const user = `arn:aws:sts::${this.options.accountId}:assumed-role/${role}/${functionName}`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ${needed.action} on resource: ${needed.resource} ${verdict.why}`,
    );
  }
}

/** `/_aws/kms/path` → kms, /path. Elsewhere the path is the service's own. */
function splitPath({ path, query }: HttpRequest): [string | undefined, string] {
  const search = query.size > 0 ? `?${query}` : '';
  const [, service, below = '/'] = /^\/_aws\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (service) return [service, below + search];
  return [undefined, (path === '/_aws' || path === '/_aws/' ? '/' : path) + search];
}

/** The query protocol (STS, SNS) names its operation in the form. */
function queryAction({ headers, body }: HttpRequest): string | undefined {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(body.toString('utf8')).get('Action') ?? undefined;
}

async function before(fault: FaultRule['effect']): Promise<void> {
  if (fault.kind === 'delay') await delay(fault.milliseconds);
  if (fault.kind !== 'error') return;
  const message = fault.message ?? 'a fault that a test asked for';
  throw new AwsError(fault.name, message, fault.status === undefined ? {} : { status: fault.status });
}

const exposed = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date';
const crossOrigin = { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed };

/** Browsers may call Cognito from any origin, as in AWS, and no other service. */
const preflight = ({ service }: AwsRequest): AwsResponse =>
  service === publicService
    ? {
        status: 200,
        headers: {
          ...crossOrigin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers':
            '*,authorization,content-type,x-amz-target,x-amz-user-agent,cache-control',
          'access-control-max-age': '172800',
        },
      }
    : { status: 403 };

const withHeaders = (
  answer: AwsResponse,
  { service, headers }: AwsRequest,
  requestId: string,
): AwsResponse => ({
  ...answer,
  headers: {
    'content-type': headers['content-type']?.startsWith('application/x-amz-json')
      ? headers['content-type']
      : 'application/json',
    'x-amzn-requestid': requestId,
    ...(service === publicService && crossOrigin),
    ...answer.headers,
  },
});
