/** Seconds after which a caller may try again: throttles and restarts of AWS services pass within a few. */
export const dependencyRetrySeconds = 2;

/** Errors of AWS services that pass by themselves, whatever status they come with. */
const passingNames: ReadonlySet<string> = new Set([
  'ConnectionLost',
  'InternalErrorException',
  'InternalServerError',
  'InternalServiceError',
  'InternalServiceErrorException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Nobody answered at the other end; codes of Node.js. */
const connectionCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Codes of a cancelled transaction that say "later", not "no". */
const passingReasons: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);

/** What the AWS SDK hangs onto an error; each part may be absent. */
interface SdkFault {
  readonly code?: unknown;
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

const maxDepth = 4;

/**
 * True when something that we depend on was throttled, broken, too slow or not there: it may work in a moment. Judged
 * by the shape of the error and its causes, never by its text. A missing grant, a missing table or a request that a
 * service finds wrong is a fault of ours and will not pass.
 */
export function isDependencyFault(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth >= maxDepth) return false;
  return isPassing(error) || isDependencyFault(error.cause, depth + 1);
}

function isPassing(error: Error & SdkFault): boolean {
  const { httpStatusCode: status = 0 } = error.$metadata ?? {};
  return (
    error.$retryable !== undefined ||
    status >= 500 ||
    status === 429 ||
    passingNames.has(error.name) ||
    (typeof error.code === 'string' && connectionCodes.has(error.code)) ||
    cancelledForLater(error)
  );
}

/** One condition that failed is an answer; it is not made better by waiting. */
function cancelledForLater({ name, CancellationReasons = [] }: Error & SdkFault): boolean {
  const codes = CancellationReasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return (
    name === 'TransactionCanceledException' &&
    codes.length > 0 &&
    codes.every((code) => passingReasons.has(code))
  );
}
