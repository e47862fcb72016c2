import type { Cloud, HttpRequest, HttpResponse, Invocation } from '../platform.ts';
import type { WafService, WafVerdict } from '../waf/index.ts';
import { AccessLog } from './access-log.ts';
import { Authorizers } from './authorizers.ts';
import { type Exchange, methodArn, openExchange, setHeaders } from './exchange.ts';
import { GatewayFailure } from './gateway-response-types.ts';
import { gatewayResponse } from './gateway-responses.ts';
import { mockResponse } from './mock.ts';
import type { ApiMethod, LambdaIntegration, RestApi, Stage } from './model.ts';
import { proxyEvent } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';
import { findRoute } from './router.ts';
import { Throttles } from './throttle.ts';
import { Models, validateRequest } from './validation.ts';
import { VelocityError } from './velocity-expression.ts';

/** Limits of the gateway and, for the body, of the function behind it [aws-facts 9.3]. */
const HEADERS_LIMIT_BYTES = 10_240;
const PAYLOAD_LIMIT_BYTES = 10 * 1024 * 1024;
const FUNCTION_PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

/** The way of a request: WAF, route, throttle, authorizer, validation, integration. */
export class Pipeline {
  readonly accessLog = new AccessLog();
  private readonly cloud: Cloud;
  private readonly authorizers: Authorizers;
  private readonly throttles: Throttles;
  private readonly models = new Models();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.authorizers = new Authorizers(cloud);
    this.throttles = new Throttles(cloud.clock);
  }

  async handle(api: RestApi, stage: Stage, request: HttpRequest, path: string): Promise<HttpResponse> {
    const exchange = openExchange({ cloud: this.cloud, api, stage, request, path });
    const response = withGatewayHeaders(exchange, await this.answer(exchange));
    this.accessLog.write(exchange, response, this.cloud.clock.now());
    this.cloud.meter.count('apigateway.requests');
    return response;
  }

  private async answer(exchange: Exchange): Promise<HttpResponse> {
    try {
      return this.filtered(exchange) ?? (await this.routed(exchange));
    } catch (error) {
      if (error instanceof GatewayFailure) return this.refused(exchange, error);
      if (!(error instanceof VelocityError)) throw error;
      return this.refused(exchange, new GatewayFailure('API_CONFIGURATION_ERROR', { detail: error.message }));
    }
  }

  private refused(exchange: Exchange, failure: GatewayFailure): HttpResponse {
    const { httpMethod, resource } = exchange;
    if (failure.status >= 500) {
      this.cloud.log.error('API Gateway answered by itself', {
        route: `${httpMethod} ${resource?.path ?? '(none)'}`,
        response: failure.type,
        reason: failure.message,
      });
    }
    return gatewayResponse(exchange, failure);
  }

  private filtered(exchange: Exchange): HttpResponse | undefined {
    const { api, stage, region } = exchange;
    const stageArn = `arn:aws:apigateway:${region}::/restapis/${api.id}/stages/${stage.name}`;
    const { httpMethod: method, query, headers, body, sourceIp } = exchange;
    // WAF sees the whole path, the stage's name included.
    const path = `/${stage.name}${exchange.path}`;
    const waf = this.cloud.service<WafService>('waf');
    const verdict = waf.evaluate(stageArn, { method, path, query, headers, body, sourceIp });
    exchange.waf = { status: verdict.action, webAclArn: verdict.webAclArn };
    setHeaders(exchange, verdict.insertHeaders);
    return verdict.action === 'ALLOW' ? undefined : wafAnswer(verdict);
  }

  private async routed(exchange: Exchange): Promise<HttpResponse> {
    requireWithinLimits(exchange);
    const method = route(exchange);
    this.throttles.admit(exchange);
    await this.authorized(exchange, method);
    validateRequest(exchange, method, this.models);
    return method.integration.kind === 'mock'
      ? mockResponse(exchange, method.integration)
      : this.invoke(exchange, method.integration);
  }

  private async authorized(exchange: Exchange, { authorizerId }: ApiMethod): Promise<void> {
    if (authorizerId === undefined) return;
    const settings = exchange.api.authorizers.get(authorizerId);
    if (settings === undefined) throw new GatewayFailure('AUTHORIZER_CONFIGURATION_ERROR');
    await this.authorizers.authorize(exchange, settings);
  }

  private async invoke(
    exchange: Exchange,
    { functionArn, timeoutMs }: LambdaIntegration,
  ): Promise<HttpResponse> {
    if (exchange.body.length > FUNCTION_PAYLOAD_LIMIT_BYTES) throw new GatewayFailure('REQUEST_TOO_LARGE');
    const invocation = await this.cloud.functions.invoke(functionArn, proxyEvent(exchange), {
      principal: 'apigateway.amazonaws.com',
      sourceArn: methodArn(exchange, exchange.resource?.path ?? exchange.path),
      deadlineMs: timeoutMs,
    });
    noteIntegration(exchange, invocation);
    if (!invocation.ok) throw integrationFailure(invocation, timeoutMs);
    return proxyResponse(exchange, invocation.payload);
  }
}

function requireWithinLimits({ headers, body }: Exchange): void {
  const bytes = Object.entries(headers).reduce(
    (total, [name, value]) => total + name.length + value.length,
    0,
  );
  // AWS states the limit, not the status; this is the nearest of its answers.
  if (bytes > HEADERS_LIMIT_BYTES || body.length > PAYLOAD_LIMIT_BYTES)
    throw new GatewayFailure('REQUEST_TOO_LARGE');
}

/** @throws GatewayFailure MISSING_AUTHENTICATION_TOKEN, AWS's word for a route that does not exist */
function route(exchange: Exchange): ApiMethod {
  const found = findRoute(exchange.api, exchange.path);
  const method = found?.resource.methods.get(exchange.httpMethod) ?? found?.resource.methods.get('ANY');
  if (found === undefined || method === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
  exchange.resource = found.resource;
  exchange.method = method;
  exchange.pathParameters = found.pathParameters;
  return method;
}

function wafAnswer({ status, headers, body }: WafVerdict): HttpResponse {
  if (status === undefined) throw new GatewayFailure('WAF_FILTERED');
  return { status, ...(headers === undefined ? {} : { headers }), body: body ?? '' };
}

function noteIntegration(exchange: Exchange, invocation: Invocation): void {
  exchange.integration = {
    status: invocation.ok || invocation.kind === 'threw' ? 200 : 500,
    latencyMs: Math.round(invocation.durationMs),
    ...(invocation.ok ? {} : { error: invocation.errorType }),
  };
}

type FailedInvocation = Extract<Invocation, { ok: false }>;

/** A function's own failure is 502, the gateway's deadline 504, everything between the two 500. */
function integrationFailure(
  { kind, errorType, durationMs }: FailedInvocation,
  timeoutMs: number,
): GatewayFailure {
  const detail = `${kind}: ${errorType}`;
  if (kind === 'timeout' && durationMs >= timeoutMs)
    return new GatewayFailure('INTEGRATION_TIMEOUT', { detail });
  if (kind === 'threw' || kind === 'timeout' || kind === 'crashed') {
    return new GatewayFailure('DEFAULT_5XX', { status: 502, detail });
  }
  return new GatewayFailure('API_CONFIGURATION_ERROR', { detail });
}

const withGatewayHeaders = (exchange: Exchange, response: HttpResponse): HttpResponse => ({
  ...response,
  headers: {
    ...response.headers,
    'x-amzn-requestid': exchange.requestId,
    'x-amz-apigw-id': exchange.extendedRequestId,
  },
});
