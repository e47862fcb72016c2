import { randomBytes } from 'node:crypto';
import { totpCode, totpStep } from '../../lambdas/adapters/totp.ts';
import { IdentityApi, type SignInAnswer } from '../../scripts/journey/api.ts';
import { SoftwareAuthenticator } from '../../scripts/journey/authenticator.ts';
import { Mailbox } from '../../scripts/journey/mailbox.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { registerPerson } from '../../scripts/journey/registration.ts';
import configuration from '../../vestibule.config.ts';

type CreationOptions = Parameters<SoftwareAuthenticator['create']>[0];
export type RequestOptions = Parameters<SoftwareAuthenticator['get']>[0];

/** First leg of a sign-in, or what came of an answer. */
export interface Answered {
  readonly state: 'challenge' | 'signed-in' | 'done';
  readonly flow: string;
  readonly refreshToken?: string;
  readonly deviceToken?: string;
  readonly csrf?: string;
  readonly challenge: { readonly method: string; readonly options: RequestOptions };
}

/** A page that the configuration lets in; its host is the relying party of the passkeys. */
export function pageOrigin(): string {
  const [origin] = configuration.stages.dev.origins;
  if (!origin) throw new Error('stages.dev.origins: expected one');
  return origin;
}

/** Somebody who registered and signed in once, and has as many further factors as a method needs. */
export class MethodPerson {
  readonly email = `m.${randomBytes(6).toString('hex')}@example.com`;
  readonly password = `quiet harbour ${randomBytes(5).toString('hex')}`;
  readonly outputs: Outputs;
  readonly mailbox: Mailbox;
  /** Of the device on which they are signed in. */
  readonly api: IdentityApi;
  refreshToken = '';

  private constructor(outputs: Outputs) {
    this.outputs = outputs;
    this.mailbox = new Mailbox(outputs.endpoints.mailbox);
    this.api = new IdentityApi(outputs.endpoints.identityApi);
  }

  static async settle(outputs: Outputs): Promise<MethodPerson> {
    const person = new MethodPerson(outputs);
    const { api, mailbox, email, password } = person;
    await registerPerson(api, mailbox, { email, password });
    const { flow } = await post(api, '/v1/sessions', { identifier: email, password });
    const answer = await mailbox.nextCode(email);
    const { body } = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions/challenge', { flow, answer });
    api.keep(body);
    if (body.state === 'signed-in') person.refreshToken = body.refreshToken;
    return person;
  }

  /** Somewhere that nobody knows yet. */
  elsewhere(): IdentityApi {
    return new IdentityApi(this.outputs.endpoints.identityApi);
  }

  async enrolPasskey(): Promise<SoftwareAuthenticator> {
    const authenticator = new SoftwareAuthenticator({ origin: pageOrigin() });
    const path = '/v1/me/passkeys';
    const { body } = await this.api.expect<{ options: CreationOptions }>(200, 'POST', `${path}/options`);
    await this.api.expect(201, 'POST', path, { credential: authenticator.create(body.options) });
    return authenticator;
  }

  /** @returns what the app shows; confirmed with the code before it, so that this one is still to be spent */
  async enrolTotp(): Promise<() => string> {
    const { body } = await this.api.expect<{ secret: string }>(200, 'POST', '/v1/me/totp');
    const code = (offset: number) => totpCode(body.secret, totpStep(Date.now()) + offset);
    await this.api.expect(201, 'POST', '/v1/me/totp/confirm', { code: code(-1) });
    return () => code(0);
  }

  async enrolPhone(number: string): Promise<void> {
    await this.api.expect(202, 'POST', '/v1/me/phone', { number });
    await this.api.expect(201, 'POST', '/v1/me/phone/confirm', { code: await this.mailbox.nextCode(number) });
  }

  /** Beside the app, which has to be proven first. */
  async enrolRecoveryCodes(): Promise<readonly string[]> {
    const shown = await this.enrolTotp();
    const { flow } = await post(this.api, '/v1/me/step-up', { method: 'totp' });
    await post(this.api, '/v1/me/step-up/answer', { flow, answer: shown() });
    const { body } = await this.api.expect<{ codes: string[] }>(201, 'POST', '/v1/me/recovery-codes');
    return body.codes;
  }
}

export const post = async (api: IdentityApi, path: string, body?: object): Promise<Answered> =>
  (await api.expect<Answered>(200, 'POST', path, body)).body;
