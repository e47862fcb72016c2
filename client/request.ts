import { type FailureReason, IdentityProblem, NetworkFailure } from './problem.ts';

/** One request as it leaves; `path` is filled in. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** @throws IdentityProblem when the API refuses; NetworkFailure when there is no answer, or one that is not the API's */
export async function send(
  { method, url, headers, body, signal }: Outgoing,
  { fetch: through, timeoutMs }: { readonly fetch: typeof fetch; readonly timeoutMs: number },
): Promise<unknown> {
  const deadline = withDeadline(signal, timeoutMs);
  let isAnswered = false;
  try {
    const response = await through(url, {
      method,
      credentials: 'include',
      // The API leads nowhere else; whoever does would get tokens, device token and body.
      redirect: 'error',
      signal: deadline.signal,
      headers: defined({ 'content-type': body === undefined ? undefined : 'application/json', ...headers }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    isAnswered = true;
    if (!response.ok) throw new IdentityProblem(response.status, problemIn(text), retryAfter(response));
    return text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    if (cause instanceof IdentityProblem) throw cause;
    throw new NetworkFailure(cause, deadline.reason() ?? (isAnswered ? 'unreadable' : 'unreachable'));
  } finally {
    deadline.clear();
  }
}

/** Without what is not there: a header, a parameter or a field of `undefined` would be the word. */
export const defined = <Value>(record: Readonly<Record<string, Value | undefined>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );

/** A refusal that is not the API's own (a proxy's page) tells nothing; its status does. */
function problemIn(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}

/** `AbortSignal.any` and `.timeout` are missing where some native apps run. */
function withDeadline(signal: AbortSignal | undefined, timeoutMs: number) {
  const controller = new AbortController();
  let reason: FailureReason | undefined;
  const end = (why: FailureReason) => {
    reason ??= why;
    controller.abort(signal?.reason);
  };
  const abort = () => end('aborted');
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(end, timeoutMs, 'timeout');
  return {
    signal: controller.signal,
    reason: () => reason,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

function retryAfter({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** @throws NetworkFailure when `signal` ends the wait */
export const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new NetworkFailure(signal?.reason, 'aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
