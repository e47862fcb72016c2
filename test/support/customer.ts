import { randomBytes } from 'node:crypto';
import { IdentityApi, type SignInAnswer } from '../../scripts/journey/api.ts';
import { Mailbox } from '../../scripts/journey/mailbox.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { registerPerson } from '../../scripts/journey/registration.ts';

/** A person with a mailbox and one device, as the tests play them against a running local cloud. */
export class Customer {
  readonly email: string;
  readonly password: string;
  readonly api: IdentityApi;
  readonly mailbox: Mailbox;
  refreshToken = '';

  constructor(
    outputs: Outputs,
    email = `p.${randomBytes(5).toString('hex')}@example.com`,
    headers: Record<string, string> = {},
  ) {
    this.email = email;
    this.password = `quiet harbour ${randomBytes(5).toString('hex')}`;
    this.api = new IdentityApi(outputs.endpoints.identityApi, headers);
    this.mailbox = new Mailbox(outputs.endpoints.mailbox);
  }

  async register(): Promise<this> {
    await registerPerson(this.api, this.mailbox, { email: this.email, password: this.password });
    return this;
  }

  /** First leg of a sign-in; whatever comes back. */
  startSignIn() {
    return this.api.send<SignInAnswer & { code?: string }>('POST', '/v1/sessions', {
      identifier: this.email,
      password: this.password,
    });
  }

  /** A new device gets a challenge: its sealed flow and the code that was mailed. */
  async challenged(): Promise<{ readonly flow: string; readonly code: string }> {
    const { body } = await this.startSignIn();
    if (body.state !== 'challenge') throw new Error(`expected a challenge, got ${JSON.stringify(body)}`);
    return { flow: body.flow, code: await this.mailbox.nextCode(this.email) };
  }

  answer(flow: string, answer: string) {
    return this.api.send<SignInAnswer & { code?: string }>('POST', '/v1/sessions/challenge', {
      flow,
      answer,
    });
  }

  /** Through the challenge if there is one, and signed in at the end. */
  async signIn(): Promise<this> {
    const started = await this.api.expect<SignInAnswer>(200, 'POST', '/v1/sessions', {
      identifier: this.email,
      password: this.password,
    });
    const { body } =
      started.body.state === 'signed-in'
        ? started
        : await this.api.expect<SignInAnswer>(200, 'POST', '/v1/sessions/challenge', {
            flow: started.body.flow,
            answer: await this.mailbox.nextCode(this.email),
          });
    if (body.state !== 'signed-in') throw new Error(`expected tokens, got ${JSON.stringify(body)}`);
    this.api.keep(body);
    this.refreshToken = body.refreshToken;
    return this;
  }
}
