import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { problemContentType, problemTitle, problemType } from '../../lambdas/api/problem.ts';
import { type CiamErrorCode, httpStatus } from '../../lambdas/core/errors.ts';

interface GatewayProblem {
  readonly type: apigateway.ResponseType;
  readonly code: CiamErrorCode;
  readonly detail: string;
}

const type = apigateway.ResponseType;
const body = 'The body is not a JSON object that this route takes; /v1/openapi.json describes it.';
const later = 'This does not work at the moment. Please try again in a minute.';
const problem = (
  responseType: apigateway.ResponseType,
  code: CiamErrorCode,
  detail: string,
): GatewayProblem => ({
  type: responseType,
  code,
  detail,
});

/** What API Gateway says itself, before or after a function runs, in the shape and codes of our own problems. */
const gatewayProblems: readonly GatewayProblem[] = [
  problem(type.BAD_REQUEST_BODY, 'REQUEST_INVALID', body),
  problem(
    type.BAD_REQUEST_PARAMETERS,
    'REQUEST_INVALID',
    'A header or query value that this route needs is missing.',
  ),
  problem(
    type.UNSUPPORTED_MEDIA_TYPE,
    'CONTENT_TYPE_UNSUPPORTED',
    'Send the body as application/json in UTF-8.',
  ),
  problem(type.REQUEST_TOO_LARGE, 'BODY_TOO_LARGE', 'The body is too large.'),
  problem(type.UNAUTHORIZED, 'TOKEN_REJECTED', 'Sign in first.'),
  problem(type.ACCESS_DENIED, 'TOKEN_REJECTED', 'Sign in first.'),
  problem(type.EXPIRED_TOKEN, 'TOKEN_REJECTED', 'Sign in first.'),
  problem(type.INVALID_SIGNATURE, 'TOKEN_REJECTED', 'Sign in first.'),
  // API Gateway's word for a path or method that does not exist.
  problem(type.MISSING_AUTHENTICATION_TOKEN, 'ROUTE_NOT_FOUND', 'There is nothing here.'),
  problem(type.RESOURCE_NOT_FOUND, 'ROUTE_NOT_FOUND', 'There is nothing here.'),
  problem(type.WAF_FILTERED, 'REQUEST_BLOCKED', 'This request was not let through.'),
  problem(type.THROTTLED, 'TOO_MANY_ATTEMPTS', 'Too many requests. Please wait a moment.'),
  problem(type.QUOTA_EXCEEDED, 'TOO_MANY_ATTEMPTS', 'Too many requests. Please wait a moment.'),
  problem(type.INTEGRATION_FAILURE, 'UNAVAILABLE', later),
  problem(type.INTEGRATION_TIMEOUT, 'UNAVAILABLE', later),
  problem(type.AUTHORIZER_FAILURE, 'UNAVAILABLE', later),
  problem(
    type.AUTHORIZER_CONFIGURATION_ERROR,
    'INTERNAL',
    'Something went wrong on our side. Please try again.',
  ),
  problem(type.API_CONFIGURATION_ERROR, 'INTERNAL', 'Something went wrong on our side. Please try again.'),
  problem(type.DEFAULT_4XX, 'REQUEST_INVALID', 'The request cannot be answered as it is.'),
  problem(type.DEFAULT_5XX, 'INTERNAL', 'Something went wrong on our side. Please try again.'),
];

/**
 * Adds one gateway response per kind, so that a client sees one error format whoever answers. The two catch-alls have
 * a status too: a template cannot name the one that API Gateway would choose (502 for an unusable function answer),
 * and a body must not say another than the answer has.
 */
export function addGatewayProblems(scope: Construct, api: apigateway.RestApi): void {
  for (const { type: responseType, code, detail } of gatewayProblems) {
    new apigateway.GatewayResponse(scope, responseType.responseType, {
      restApi: api,
      type: responseType,
      statusCode: String(httpStatus[code]),
      responseHeaders: {
        'Content-Type': `'${problemContentType}'`,
        'Cache-Control': "'no-store'",
        Vary: "'Origin'",
        // A gateway answer is a fixed text that says nothing about a person, so any page may read it: otherwise a web
        // app could not tell an ended session from a dead network. Not `*`, which browsers refuse to a page that sends
        // its cookie along.
        'Access-Control-Allow-Origin': 'method.request.header.Origin',
        'Access-Control-Allow-Credentials': "'true'",
      },
      templates: { 'application/json': problemTemplate(code, detail) },
    });
  }
}

/** Ids of the request come from AWS and need no escaping; nothing that a caller sent is quoted. */
const problemTemplate = (code: CiamErrorCode, detail: string): string =>
  JSON.stringify({
    type: problemType(code),
    title: problemTitle(code),
    status: httpStatus[code],
    code,
    detail,
    instance: '$context.extendedRequestId',
  });
