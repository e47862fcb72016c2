import * as apigateway from 'aws-cdk-lib/aws-apigateway';

/**
 * One line per request, without personal data: no address, agent, path values, query, token or claim. `resourcePath` is
 * the route, not the path. The extended id is AWS's own; a caller can choose the plain one.
 */
export const accessLogFormat = apigateway.AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.extendedRequestId',
    time: '$context.requestTimeEpoch',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    responseLatencyMs: '$context.responseLatency',
    integrationStatus: '$context.integration.status',
    integrationLatencyMs: '$context.integration.latency',
    authorizerStatus: '$context.authorizer.status',
    authorizerLatencyMs: '$context.authorizer.latency',
    wafStatus: '$context.waf.status',
    wafAnswer: '$context.wafResponseCode',
    gatewayError: '$context.error.responseType',
    responseLength: '$context.responseLength',
  }),
);
