/** An answer of the fake API: a status with a body, or a connection that breaks. */
export interface Planned {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
  readonly broken?: boolean;
}

export interface Seen {
  /** `GET /v1/me/profile` */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Answers each request by `plan`, which may look at what came before. */
export function fakeApi(plan: (seen: Seen, before: readonly Seen[]) => Planned | Promise<Planned>) {
  const seen: Seen[] = [];
  const send: typeof fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const request: Seen = {
      route: `${init.method} ${String(input)}`,
      headers: init.headers as Record<string, string>,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
    };
    const before = [...seen];
    seen.push(request);
    const { status = 200, body, headers, broken } = await plan(request, before);
    if (broken) throw new TypeError('fetch failed');
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, ...(headers && { headers }) });
  };
  return { fetch: send, seen, routes: () => seen.map(({ route }) => route) };
}

export const refused = (status: number, code: string, headers: Record<string, string> = {}): Planned => ({
  status,
  body: { code, detail: code, instance: 'request-1' },
  headers,
});
