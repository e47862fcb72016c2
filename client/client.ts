import { IdentityProblem, NetworkFailure } from './problem.ts';
import type { AnswerOf, CallOptions, RouteId } from './wire.ts';

export interface ClientOptions {
  /** Root of the Identity API without `/v1`; '' for pages of its own origin. @default '' */
  readonly url?: string;
  /** Bearer token of each call, where the session is not a cookie. */
  readonly accessToken?: () => string | undefined | Promise<string | undefined>;
  /** Sent with every call, for example `x-vestibule-brand`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - that of the platform */
  readonly fetch?: typeof fetch;
  /** Milliseconds without an answer after which a call is given up. @default 20,000 */
  readonly timeoutMs?: number;
}

export interface IdentityClient {
  /**
   * Calls one route by its name in the route table.
   * @throws IdentityProblem when the API refuses; NetworkFailure when there is no answer
   */
  call<Id extends RouteId>(route: Id, ...options: Given<CallOptions<Id>>): Promise<AnswerOf<Id>>;
}

/** The second argument may be left out where nothing in it is required. */
type Given<Options> = Record<string, never> extends Options ? [options?: Options] : [options: Options];

interface AnyOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export function createClient(options: ClientOptions = {}): IdentityClient {
  const send = options.fetch ?? ((...given: Parameters<typeof fetch>) => fetch(...given));
  /** Of the cookie session; every answer that carries one replaces it. */
  let csrf: string | undefined;
  return {
    async call(route, ...[given = {}]) {
      const { body, query, params, headers, signal } = given as AnyOptions;
      const [method = '', path = ''] = route.split(' ');
      const token = await options.accessToken?.();
      const response = await answered(
        send(`${options.url ?? ''}${fill(path, params)}${search(query)}`, {
          method,
          credentials: 'include',
          signal: within(signal, options.timeoutMs ?? 20_000),
          headers: {
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(csrf !== undefined && method !== 'GET' && { 'x-vestibule-csrf': csrf }),
            ...options.headers,
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
      const answer = await readBody(response);
      if (!response.ok)
        throw new IdentityProblem(response.status, (answer ?? {}) as object, retryAfter(response));
      if (typeof answer?.csrf === 'string') csrf = answer.csrf;
      return answer as never;
    },
  };
}

const fill = (path: string, params: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

function search(query: Readonly<Record<string, unknown>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

const within = (signal: AbortSignal | undefined, timeoutMs: number): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : AbortSignal.timeout(timeoutMs);

async function answered(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    throw new NetworkFailure(cause);
  }
}

/** A body that is no JSON (a proxy's page) tells nothing; the status does. */
async function readBody(
  response: Response,
): Promise<(Record<string, unknown> & { csrf?: unknown }) | undefined> {
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function retryAfter({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
