/** A customer's app as the Identity API sees it: plain HTTP, one device token, one set of tokens. */
export interface ApiAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

export type SignInAnswer =
  | ({ readonly state: 'signed-in'; readonly deviceToken?: string } & Tokens)
  | {
      readonly state: 'challenge';
      readonly flow: string;
      readonly challenge: { readonly method: string; readonly destination: string };
    };

/** An answer that the journey did not expect, with the problem document that explains it. */
export class UnexpectedAnswer extends Error {
  readonly status: number;
  readonly body: unknown;
  constructor(method: string, path: string, status: number, body: unknown) {
    super(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    this.name = 'UnexpectedAnswer';
    this.status = status;
    this.body = body;
  }
}

export class IdentityApi {
  readonly url: string;
  /** Sent with every call; the local cloud accepts `x-vestibule-test-source-ip` when it was started for tests. */
  readonly headers: Record<string, string>;
  deviceToken?: string;
  accessToken?: string;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.headers = headers;
  }

  /** Any status; bodies that are not JSON are an error. */
  async send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.deviceToken && { 'x-vestibule-device': this.deviceToken }),
        ...(this.accessToken && { authorization: `Bearer ${this.accessToken}` }),
        ...this.headers,
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : {}) as Body };
  }

  /** @throws UnexpectedAnswer when the status is another one */
  async expect<Body = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<Body>> {
    const answer = await this.send<Body>(method, path, body, headers);
    if (answer.status !== status) throw new UnexpectedAnswer(method, path, answer.status, answer.body);
    return answer;
  }

  /** Keeps what a signed-in answer brings. */
  keep(answer: SignInAnswer): SignInAnswer {
    if (answer.state === 'signed-in') {
      this.accessToken = answer.accessToken;
      this.deviceToken = answer.deviceToken ?? this.deviceToken;
    }
    return answer;
  }
}
