import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../../lambdas/adapters/totp.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

/** One of the pages of the sample configuration on which passkeys work. */
const origin = 'http://localhost:3000';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const signedIn = async () => (await new Customer(cloud.outputs).register()).signIn();
const notice = (person: Customer, about: string, address = person.email) =>
  person.mailbox.next(address, ({ subject }) => subject.includes(about));

interface PasskeyAnswer {
  readonly id: string;
  readonly name: string;
}

async function addPasskey(person: Customer, name: string): Promise<PasskeyAnswer> {
  const { body } = await person.api.expect<{ options: PublicKeyCredentialCreationOptionsJSON }>(
    200,
    'POST',
    '/v1/me/passkeys/options',
  );
  const credential: RegistrationResponseJSON = new SoftwareAuthenticator({ origin }).create(body.options);
  const added = await person.api.expect<PasskeyAnswer>(201, 'POST', '/v1/me/passkeys', { credential, name });
  return added.body;
}

describe('somebody signed in', () => {
  it('adds and names a passkey, is told by mail, and is asked for more from then on', async () => {
    const person = await signedIn();
    const { id } = await addPasskey(person, 'Laptop');
    await notice(person, 'Passkey added');
    const { body } = await person.api.expect(200, 'GET', '/v1/me/factors');
    expect(body).toMatchObject({ passkeys: [{ id, name: 'Laptop' }] });
    // The best that is enrolled is asked for from now on; this session has proven less.
    const next = await person.api.send<{ code: string }>('DELETE', `/v1/me/passkeys/${id}`);
    expect(next).toMatchObject({ status: 401, body: { code: 'STEP_UP_REQUIRED' } });
    await person.api.expect(200, 'PATCH', `/v1/me/passkeys/${id}`, { name: 'Desk' });
  });

  it('adds an authenticator app', async () => {
    const person = await signedIn();
    const { body } = await person.api.expect<{ secret: string }>(200, 'POST', '/v1/me/totp');
    const code = totpCode(body.secret, totpStep(Date.now()));
    await person.api.expect(201, 'POST', '/v1/me/totp/confirm', { code });
    await notice(person, 'Authenticator app added');
  });

  it('changes the password, and every session ends', async () => {
    const person = await signedIn();
    const password = 'a kettle of brass owls';
    await person.api.expect(200, 'POST', '/v1/me/password', { password });
    await notice(person, 'Password changed');
    const old = await person.api.send('POST', '/v1/sessions/refresh', { refreshToken: person.refreshToken });
    expect(old.status).toBe(401);
    const { api, email } = new Customer(cloud.outputs, person.email);
    const before = await api.send('POST', '/v1/sessions', { identifier: email, password: person.password });
    expect(before.status).toBe(401);
    expect((await api.send('POST', '/v1/sessions', { identifier: email, password })).status).toBe(200);
  });

  it('moves to another address by its code, and the old one hears of it before and after', async () => {
    const person = await signedIn();
    const next = new Customer(cloud.outputs);
    await person.api.expect(202, 'POST', '/v1/me/email', { email: next.email });
    await notice(person, 'Change of your address requested');
    const code = await next.mailbox.nextCode(next.email);
    await person.api.expect(200, 'POST', '/v1/me/email/confirm', { code });
    await notice(person, 'Address changed');
    const signIn = (identifier: string) =>
      new Customer(cloud.outputs).api.send('POST', '/v1/sessions', { identifier, password: person.password });
    expect((await signIn(next.email)).status).toBe(200);
    expect((await signIn(person.email)).status).toBe(401);
  });

  it('answers the same for an address of somebody else', async () => {
    const [person, other] = [await signedIn(), await new Customer(cloud.outputs).register()];
    await person.api.expect(202, 'POST', '/v1/me/email', { email: other.email });
    const mail = await other.mailbox.next(other.email, ({ subject }) => subject.includes('another account'));
    expect(mail.text).not.toMatch(/\d{6}/);
  });

  it('can use a compromised password at no door of ours', async () => {
    const person = await signedIn();
    const refused = await person.api.send<{ code: string }>('POST', '/v1/me/password', {
      password: 'Password12345678',
    });
    expect(refused).toMatchObject({ status: 400, body: { code: 'PASSWORD_REFUSED' } });
    const registration = await new Customer(cloud.outputs).api.send<{ code: string }>(
      'POST',
      '/v1/registrations',
      {
        email: 'somebody@example.com',
        password: 'Password12345678',
      },
    );
    expect(registration).toMatchObject({ status: 400, body: { code: 'PASSWORD_REFUSED' } });
  });
});
