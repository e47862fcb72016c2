/** What the app keeps in the keychain of its platform: all of it signs in. */
export interface Kept {
  deviceToken?: string;
  accessToken?: string;
  refreshToken?: string;
}

export interface Answer {
  readonly state?: 'signed-in' | 'challenge' | 'new-password-required';
  readonly flow?: string;
  readonly challenge?: { readonly method: string; readonly methods: readonly string[] };
  readonly code?: string;
  readonly detail?: string;
}

export class AppSession {
  private readonly api: string;
  readonly kept: Kept;
  private refreshing: Promise<void> | undefined;

  constructor(api: string, kept: Kept = {}) {
    this.api = api;
    this.kept = kept;
  }

  signIn = (identifier: string, password: string) =>
    this.post<Answer>('/v1/sessions', { identifier, password });

  answer = (flow: string, answer: string) => this.post<Answer>('/v1/sessions/challenge', { flow, answer });

  /** Another of `challenge.methods`, for example `recovery-code`. */
  switchTo = (flow: string, method: string) => this.post<Answer>('/v1/sessions/challenge', { flow, method });

  /** Any route of the signed-in person; access tokens live ten minutes. */
  async call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await this.send(method, path, body, this.kept.accessToken);
    if (answer.status !== 401 || !(await isTokenRejected(answer))) return answer;
    await this.refresh();
    return this.send(method, path, body, this.kept.accessToken);
  }

  /** One at a time: a refresh token is good once, and its second use ends the whole session. */
  refresh(): Promise<void> {
    const { refreshToken } = this.kept;
    this.refreshing ??= this.post('/v1/sessions/refresh', { refreshToken })
      .then(() => undefined)
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  async signOut(): Promise<void> {
    const { refreshToken } = this.kept;
    await this.post('/v1/sessions/sign-out', { refreshToken });
    delete this.kept.accessToken;
    delete this.kept.refreshToken;
  }

  private async post<T>(path: string, body: object): Promise<T> {
    const response = await this.send('POST', path, body);
    const answer = response.status === 204 ? {} : ((await response.json()) as Kept & Answer);
    if (!response.ok) throw new Error(answer.code, { cause: answer.detail });
    const { deviceToken, accessToken, refreshToken } = answer;
    Object.assign(this.kept, JSON.parse(JSON.stringify({ deviceToken, accessToken, refreshToken })));
    return answer as T;
  }

  private send(method: string, path: string, body?: object, accessToken?: string): Promise<Response> {
    const { deviceToken } = this.kept; // a known device is asked for less
    return fetch(this.api + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(deviceToken && { 'x-vestibule-device': deviceToken }),
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

const isTokenRejected = async (answer: Response): Promise<boolean> =>
  ((await answer.clone().json()) as Answer).code === 'TOKEN_REJECTED';
