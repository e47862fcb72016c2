import { IdentityProblem, NetworkFailure } from './problem.ts';

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
  try {
    const response = await through(url, {
      method,
      credentials: 'include',
      // The API leads nowhere else; whoever does would get tokens, device token and body.
      redirect: 'error',
      signal: deadline.signal,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new IdentityProblem(response.status, problemIn(text), retryAfter(response));
    return text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw cause instanceof IdentityProblem ? cause : new NetworkFailure(cause);
  } finally {
    deadline.clear();
  }
}

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
  const abort = () => controller.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(abort, timeoutMs);
  return {
    signal: controller.signal,
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
      reject(new NetworkFailure(signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
