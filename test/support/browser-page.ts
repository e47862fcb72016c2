import { UnexpectedAnswer } from '../../scripts/journey/api.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import configuration from '../../vestibule.config.ts';
import type { Customer } from './customer.ts';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

interface SignInBody {
  readonly state: 'signed-in' | 'challenge';
  readonly flow: string;
  readonly csrf?: string;
}

/** A page of an origin with a browser's cookie jar, as far as the Identity API can tell: no browser runs. */
export class BrowserPage {
  private readonly url: string;
  private readonly origin: string;
  private readonly cookies = new Map<string, string>();
  csrf = '';

  constructor(outputs: Outputs, origin: string) {
    this.url = outputs.endpoints.identityApi;
    this.origin = origin;
  }

  /** An origin that the sample configuration lets in. */
  static originOf(): string {
    const [origin] = configuration.stages.dev.origins;
    if (origin === undefined) throw new Error('stages.dev.origins: expected one');
    return origin;
  }

  /** A page of the portal, which has the API at its own origin, behind the distribution. */
  static ofPortal<Given extends Outputs & { readonly endpoints: { readonly portal?: string } }>(
    outputs: Given,
  ): BrowserPage {
    const { origin } = new URL(outputs.endpoints.portal ?? '');
    return new BrowserPage({ ...outputs, endpoints: { ...outputs.endpoints, identityApi: origin } }, origin);
  }

  get cookie(): string {
    return this.cookies.get('__Host-vestibule-session') ?? '';
  }

  async send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        origin: this.origin,
        ...(this.cookies.size > 0 && {
          cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        }),
        ...(this.csrf && { 'x-vestibule-csrf': this.csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    const parsed = (text ? JSON.parse(text) : {}) as Body & { csrf?: string };
    if (answer.ok && parsed.csrf !== undefined) this.csrf = parsed.csrf;
    return { status: answer.status, headers: answer.headers, body: parsed };
  }

  /** @throws UnexpectedAnswer when the status is another one */
  async expect<Body = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const answer = await this.send<Body>(method, path, body);
    if (answer.status !== status) throw new UnexpectedAnswer(method, path, answer.status, answer.body);
    return answer;
  }

  startSignIn({ email, password }: Customer) {
    return this.send<SignInBody>('POST', '/v1/sessions', { identifier: email, password, mode: 'cookie' });
  }

  /** Through the challenge if there is one. */
  async signIn(customer: Customer): Promise<this> {
    const { body, status } = await this.startSignIn(customer);
    if (body.state === 'challenge') {
      const answer = await customer.mailbox.nextCode(customer.email);
      await this.expect(200, 'POST', '/v1/sessions/challenge', { flow: body.flow, answer });
    } else if (status !== 200) throw new UnexpectedAnswer('POST', '/v1/sessions', status, body);
    return this;
  }
}
