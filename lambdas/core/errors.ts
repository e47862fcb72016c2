/**
 * Every error that Vestibule raises on purpose. A code is stable: clients branch on it, and renaming one is
 * a breaking change. The HTTP status belongs to the code, not to the place that throws it.
 */
export const httpStatus = {
  REQUEST_INVALID: 400,
  REQUEST_BLOCKED: 403,
  CONTENT_TYPE_UNSUPPORTED: 415,
  BODY_TOO_LARGE: 413,
  ROUTE_NOT_FOUND: 404,
  REGISTRATION_REFUSED: 403,
  MAIL_DOMAIN_REFUSED: 400,
  PASSWORD_REFUSED: 400,
  CODE_REJECTED: 400,
  SIGN_IN_REJECTED: 401,
  ACCOUNT_NOT_CONFIRMED: 403,
  PASSWORD_RESET_REQUIRED: 403,
  FLOW_REJECTED: 401,
  SESSION_REJECTED: 401,
  TOKEN_REJECTED: 401,
  SCOPE_MISSING: 403,
  CONTEXT_REQUIRED: 403,
  CONTEXT_REJECTED: 403,
  PROFILE_NOT_FOUND: 404,
  PROFILE_CONFLICT: 412,
  PRECONDITION_REQUIRED: 428,
  PROMPT_UNKNOWN: 404,
  CONSENT_PURPOSE_UNKNOWN: 404,
  CONSENT_TEXT_MISMATCH: 409,
  CONSENT_CONFLICT: 409,
  CONSENT_NOT_WITHDRAWABLE: 409,
  STEP_UP_REQUIRED: 401,
  ORIGIN_REJECTED: 403,
  METHOD_UNAVAILABLE: 409,
  FACTOR_REJECTED: 400,
  FACTOR_UNKNOWN: 404,
  FACTOR_CONFLICT: 409,
  FACTOR_LIMIT: 409,
  FACTOR_REQUIRED: 409,
  ADDRESS_TAKEN: 409,
  SESSION_UNKNOWN: 404,
  DEVICE_UNKNOWN: 404,
  LINK_REQUIRED: 409,
  LINK_REJECTED: 400,
  LINK_UNKNOWN: 404,
  RECOVERY_REJECTED: 400,
  RECOVERY_WAITING: 409,
  RECOVERY_UNKNOWN: 404,
  ACCOUNT_LOCKED: 403,
  ACCOUNT_UNKNOWN: 404,
  ERASURE_UNDER_WAY: 409,
  OPERATOR_REQUIRED: 403,
  COHORT_CONFLICT: 409,
  DECISION_UNKNOWN: 404,
  MESSAGE_BUDGET_SPENT: 429,
  TOO_MANY_ATTEMPTS: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} as const;

export type CiamErrorCode = keyof typeof httpStatus;

/** One refused field: a JSON pointer (RFC 6901) and a line that says what is allowed, never the value itself. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** What a route demands of a session: its level and how many seconds the proof may be old. */
export interface StepUpDemand {
  readonly level: 1 | 2;
  readonly maxAgeSeconds: number;
}

/** Raised on purpose. `message` is for operators; only `code`, `publicMessage`, `fields`, `retryAfterSeconds`, `etag`, `stepUp` and `link` may leave the service. */
export class CiamError extends Error {
  readonly code: CiamErrorCode;
  readonly publicMessage: string;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  /** ETag of what stands now, for a refused precondition. */
  readonly etag?: string;
  /** What the session would have to prove, for `STEP_UP_REQUIRED`. */
  readonly stepUp?: StepUpDemand;
  /** Joins the provider's account with the one that has its address, for `LINK_REQUIRED`. */
  readonly link?: { readonly code: string };

  constructor(
    code: CiamErrorCode,
    publicMessage: string,
    options: {
      detail?: string;
      fields?: readonly FieldProblem[];
      retryAfterSeconds?: number;
      etag?: string;
      stepUp?: StepUpDemand;
      link?: { readonly code: string };
      cause?: unknown;
    } = {},
  ) {
    super(options.detail ?? publicMessage, { cause: options.cause });
    this.name = code;
    this.code = code;
    this.publicMessage = publicMessage;
    this.fields = options.fields ?? [];
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.etag !== undefined) this.etag = options.etag;
    if (options.stepUp !== undefined) this.stepUp = options.stepUp;
    if (options.link !== undefined) this.link = options.link;
  }
}
