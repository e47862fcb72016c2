import { IdentityProblem } from './problem.ts';
import { defined, send, wait } from './request.ts';
import type { AnswerOf, CallOptions, RouteId } from './wire.ts';

export interface ClientOptions {
  /** Root of the Identity API without `/v1`; '' for pages of its own origin. @default '' */
  readonly url?: string;
  /** Bearer token of each call, where somebody else looks after tokens; see also `createTokenSession`. */
  readonly accessToken?: () => string | undefined | Promise<string | undefined>;
  /** Sent with every call, for example `x-vestibule-brand`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - that of the platform */
  readonly fetch?: typeof fetch;
  /** Milliseconds without an answer after which an attempt is given up; a call may say its own. @default 20,000 */
  readonly timeoutMs?: number;
  /**
   * How often a GET, PUT or DELETE is repeated that the API put off with `Retry-After` of up to 5 seconds. Nothing else is
   * ever repeated: whether it took effect is unknown. @default 2
   */
  readonly retries?: number;
}

export interface IdentityClient {
  /**
   * Calls one route by its name in the route table.
   * @throws IdentityProblem when the API refuses; NetworkFailure when there is no answer
   */
  call<Id extends RouteId>(route: Id, ...options: Given<CallOptions<Id>>): Promise<AnswerOf<Id>>;
}

/** The second argument may be left out where nothing in it is required. */
export type Given<Options> = Record<string, never> extends Options ? [options?: Options] : [options: Options];

export interface AnyOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const maxWaitSeconds = 5;

/** Whether a route needs somebody's session: a token, or a cookie with its csrf value. */
export const needsSession = (route: string): boolean => /^\w+ \/v1\/(me|admin)\//.test(route);

export function createClient(options: ClientOptions = {}): IdentityClient {
  const { url = '', accessToken, retries = 2, timeoutMs = 20_000 } = options;
  const through: typeof fetch = options.fetch ?? ((...given) => fetch(...given));
  /** Of the cookie session; every answer that carries one replaces it. */
  let csrf: string | undefined;
  let finding: Promise<unknown> | undefined;

  async function once(route: string, given: AnyOptions): Promise<unknown> {
    const { body, query, params, headers, signal } = given;
    const [method = '', path = ''] = route.split(' ');
    const token = await accessToken?.();
    const answer = await send(
      {
        method,
        url: url + fill(path, params) + search(query),
        headers: {
          ...defined({
            authorization: token && `Bearer ${token}`,
            'x-vestibule-csrf': method === 'GET' ? undefined : csrf,
          }),
          ...options.headers,
          ...headers,
        },
        body,
        signal,
      },
      { fetch: through, timeoutMs: given.timeoutMs ?? timeoutMs },
    );
    const found = (answer as { csrf?: unknown } | undefined)?.csrf;
    if (typeof found === 'string') csrf = found;
    return answer;
  }

  /** After a reload nobody knows the csrf value; only the API can tell it. One question for all who wait. */
  function findCsrf(): Promise<unknown> {
    finding ??= once('GET /v1/me/sessions', {}).finally(() => {
      finding = undefined;
    });
    return finding;
  }

  /** A change by cookie is refused without the session's csrf value, and before it has done anything. */
  async function withCsrf(route: string, given: AnyOptions): Promise<unknown> {
    if (csrf === undefined) {
      await findCsrf();
      return once(route, given);
    }
    const known = csrf;
    try {
      return await once(route, given);
    } catch (problem) {
      if (!isTokenRejected(problem)) throw problem;
      // Another tab may have signed in anew; where nobody is signed in, this throws the same.
      await findCsrf();
      if (csrf === known) throw problem;
      return once(route, given);
    }
  }

  return {
    async call(route, ...[given = {}]) {
      const any = given as AnyOptions;
      const isByCookie = !accessToken && !any.headers?.authorization && !options.headers?.authorization;
      const attempt = isByCookie && needsSession(route) && !route.startsWith('GET ') ? withCsrf : once;
      for (let left = retries; ; left -= 1) {
        try {
          return (await attempt(route, any)) as never;
        } catch (problem) {
          const seconds = left > 0 ? secondsToWait(route, problem) : undefined;
          if (seconds === undefined) throw problem;
          await wait(seconds * 1000, any.signal);
        }
      }
    },
  };
}

export const isTokenRejected = (problem: unknown): boolean =>
  problem instanceof IdentityProblem && problem.code === 'TOKEN_REJECTED';

function secondsToWait(route: string, problem: unknown): number | undefined {
  if (!(problem instanceof IdentityProblem) || !/^(GET|PUT|DELETE) /.test(route)) return undefined;
  const { status, retryAfterSeconds = Number.POSITIVE_INFINITY } = problem;
  const isPutOff = status === 429 || status === 503;
  return isPutOff && retryAfterSeconds <= maxWaitSeconds ? retryAfterSeconds : undefined;
}

/** @throws TypeError for a value that would be another address: nothing, or dots, which no encoding keeps in its place */
const fill = (path: string, params: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${path}: "${value}" cannot be its ${name}`);
    return encodeURIComponent(value);
  });

function search(query: Readonly<Record<string, unknown>> = {}): string {
  const given = `${new URLSearchParams(defined(query) as Record<string, string>)}`;
  return given && `?${given}`;
}
