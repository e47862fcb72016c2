import { totpCode, totpStep } from '../../lambdas/adapters/totp.ts';
import { SoftwareAuthenticator } from './authenticator.ts';
import type { Customer } from './customer.ts';

/** One of the configured origins, whose host is the relying party. */
const pageOrigin = 'http://localhost:3000';
type CreationOptions = Parameters<SoftwareAuthenticator['create']>[0];

/** An authenticator app on the cloud's clock. */
export class AuthenticatorApp {
  private readonly secret: string;
  private readonly now: () => number;

  constructor(secret: string, now: () => number) {
    this.secret = secret;
    this.now = now;
  }

  /** What shows now; each is good once. */
  code(stepsFromNow = 0): string {
    return totpCode(this.secret, totpStep(this.now()) + stepsFromNow);
  }
}

/** Confirmed with the code before the one that shows now, so that this one is still to be spent. */
export async function enrolTotp({ api }: Customer, now: () => number = Date.now): Promise<AuthenticatorApp> {
  const { body } = await api.expect<{ secret: string }>(200, 'POST', '/v1/me/totp');
  const app = new AuthenticatorApp(body.secret, now);
  await api.expect(201, 'POST', '/v1/me/totp/confirm', { code: app.code(-1) });
  return app;
}

export interface EnrolledPasskey {
  readonly id: string;
  readonly authenticator: SoftwareAuthenticator;
}

export async function enrolPasskey({ api }: Customer): Promise<EnrolledPasskey> {
  const authenticator = new SoftwareAuthenticator({ origin: pageOrigin });
  const path = '/v1/me/passkeys';
  const { body } = await api.expect<{ options: CreationOptions }>(200, 'POST', `${path}/options`);
  const credential = authenticator.create(body.options);
  const added = await api.expect<{ id: string }>(201, 'POST', path, { credential });
  return { id: added.body.id, authenticator };
}

export async function enrolPhone({ api, mailbox }: Customer, number: string): Promise<void> {
  await api.expect(202, 'POST', '/v1/me/phone', { number });
  await api.expect(201, 'POST', '/v1/me/phone/confirm', { code: await mailbox.nextCode(number) });
}
