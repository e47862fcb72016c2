import type { ProblemBody } from './wire.ts';

export type ProblemCode = ProblemBody['code'];

/** The API refused: RFC 9457 problem details. Branch on `code`; `message` is its public line, in English. */
export class IdentityProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  /** Id of the request, to quote to the operator. */
  readonly requestId: string | undefined;
  /** Refused fields by JSON pointer. */
  readonly fields: readonly { readonly pointer: string; readonly detail: string }[];
  /** With `STEP_UP_REQUIRED`: what to prove by `POST /v1/me/step-up`. */
  readonly stepUp: { readonly level: 1 | 2; readonly maxAgeSeconds: number } | undefined;
  /** With `LINK_REQUIRED`: the code that links the two accounts, for `POST /v1/me/links`. */
  readonly link: { readonly code: string } | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: Partial<ProblemBody>, retryAfterSeconds?: number) {
    super(body.detail ?? `the Identity API answered with ${status}`);
    this.name = 'IdentityProblem';
    this.status = status;
    this.code =
      body.code ?? (status === 429 ? 'TOO_MANY_ATTEMPTS' : status >= 500 ? 'UNAVAILABLE' : 'INTERNAL');
    this.requestId = body.instance;
    this.fields = body.fields ?? [];
    this.stepUp = body.stepUp;
    this.link = body.link;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * `aborted` by the signal of the call; `timeout`; `unreachable`: offline or a broken connection; `unreadable`: an answer that is
 * not the API's, as of a hotel's network.
 */
export type FailureReason = 'aborted' | 'timeout' | 'unreachable' | 'unreadable';

/** No answer of the API. Whether the call took effect is unknown. */
export class NetworkFailure extends Error {
  readonly reason: FailureReason;

  constructor(cause: unknown, reason: FailureReason = 'unreachable') {
    super(`the Identity API did not answer: ${reason}`, { cause });
    this.name = 'NetworkFailure';
    this.reason = reason;
  }
}
