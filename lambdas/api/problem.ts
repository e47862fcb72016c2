import {
  CiamError,
  type CiamErrorCode,
  type FieldProblem,
  httpStatus,
  type StepUpDemand,
} from '../core/errors.ts';
import { dependencyRetrySeconds, isDependencyFault } from './dependency-faults.ts';

/** RFC 9457 problem details with our stable `code`; `detail` is the public line of the error and nothing else. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: CiamErrorCode;
  readonly detail: string;
  /** Id of the request, to quote to the operator. */
  readonly instance: string;
  /** `pointer` is an RFC 6901 pointer into the body; `/query/…` and `/headers/…` name those places. */
  readonly fields?: readonly FieldProblem[];
  /** With `STEP_UP_REQUIRED`: what to prove, as API Gateway renames the `WWW-Authenticate` header that says the same. */
  readonly stepUp?: StepUpDemand;
  /** With `LINK_REQUIRED`: the code for `POST /v1/me/links`. */
  readonly link?: { readonly code: string };
}

export const problemContentType = 'application/problem+json';

export const problemType = (code: CiamErrorCode): string =>
  `urn:vestibule:problem:${code.toLowerCase().replaceAll('_', '-')}`;

/** `CODE_REJECTED` reads `Code rejected`: the same words for every occurrence, as RFC 9457 wants a title. */
export const problemTitle = (code: CiamErrorCode): string =>
  code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');

export function problemOf(error: CiamError, instance: string): Problem {
  return {
    type: problemType(error.code),
    title: problemTitle(error.code),
    status: httpStatus[error.code],
    code: error.code,
    detail: error.publicMessage,
    instance,
    ...(error.fields.length > 0 && { fields: error.fields }),
    ...(error.stepUp && { stepUp: error.stepUp }),
    ...(error.link && { link: error.link }),
  };
}

/**
 * What was raised on purpose stays as it is. A dependency that fails for the moment is `UNAVAILABLE` with a time to
 * try again; anything else becomes an error that says nothing.
 */
export function asCiamError(error: unknown): CiamError {
  if (error instanceof CiamError) return error;
  if (isDependencyFault(error)) {
    return new CiamError('UNAVAILABLE', 'This is not possible at the moment. Please try again.', {
      retryAfterSeconds: dependencyRetrySeconds,
      cause: error,
    });
  }
  return new CiamError('INTERNAL', 'Something went wrong on our side. Please try again.', { cause: error });
}

/** One refused field, by pointer. */
export const invalid = (pointer: string, detail: string): CiamError =>
  new CiamError('REQUEST_INVALID', 'The request has a field that is not allowed as it is.', {
    fields: [{ pointer, detail }],
  });
