import type { APIGatewayProxyResult } from 'aws-lambda';
import type { CiamError, StepUpDemand } from '../core/errors.ts';
import { problemContentType, problemOf } from './problem.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** What the answer needs to know of its request. */
export interface AnswerFrame {
  readonly requestId: string;
  /** The `Origin` header, when it is one of the configured ones. */
  readonly allowedOrigin?: string;
}

/** Headers that a page of an allowed origin may read. */
const exposedHeaders = 'ETag, Retry-After, X-Request-Id';

export function successAnswer(answer: PlainAnswer, frame: AnswerFrame): APIGatewayProxyResult {
  return proxyResult(answer, frame, 'application/json');
}

export function problemAnswer(error: CiamError, frame: AnswerFrame): APIGatewayProxyResult {
  const problem = problemOf(error, frame.requestId);
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined)
    headers['Retry-After'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.etag !== undefined) headers.ETag = error.etag;
  if (error.stepUp) headers['WWW-Authenticate'] = stepUpChallenge(error.stepUp);
  return proxyResult({ status: problem.status, body: problem, headers }, frame, problemContentType);
}

/** RFC 9470 §3. API Gateway hands it on as `x-amzn-Remapped-WWW-Authenticate`. */
const stepUpChallenge = ({ level, maxAgeSeconds }: StepUpDemand): string =>
  [
    'Bearer error="insufficient_user_authentication"',
    'error_description="A fresh or stronger proof is needed"',
    `acr_values="urn:vestibule:aal:${level}"`,
    `max_age="${maxAgeSeconds}"`,
  ].join(', ');

function proxyResult(answer: PlainAnswer, frame: AnswerFrame, contentType: string): APIGatewayProxyResult {
  return {
    statusCode: answer.status,
    headers: {
      ...answer.headers,
      ...(answer.body !== undefined && { 'Content-Type': contentType }),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': frame.requestId,
      ...corsHeaders(frame.allowedOrigin),
    },
    ...(answer.cookies &&
      answer.cookies.length > 0 && { multiValueHeaders: { 'Set-Cookie': [...answer.cookies] } }),
    body: answer.body === undefined ? '' : JSON.stringify(answer.body),
  };
}

/** Credentials are allowed because of the device cookie; hence never a wildcard, and caches are told (`Vary`). */
const corsHeaders = (origin: string | undefined): Record<string, string> =>
  origin === undefined
    ? { Vary: 'Origin' }
    : {
        Vary: 'Origin',
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Expose-Headers': exposedHeaders,
      };
