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

/** No answer at all: offline, a broken connection, or one that took too long. Whether the call took effect is unknown. */
export class NetworkFailure extends Error {
  constructor(cause: unknown) {
    super('the Identity API did not answer', { cause });
    this.name = 'NetworkFailure';
  }
}
