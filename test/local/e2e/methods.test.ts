import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { enrolPasskey, enrolTotp } from '../../support/enrolments.ts';
import { type CognitoAnswer, roundOf, SdkDoor } from '../../support/sdk-door.ts';

interface Answer {
  readonly state: string;
  readonly flow: string;
  readonly accessToken: string;
  readonly deviceToken?: string;
  readonly code?: string;
  readonly challenge: {
    readonly method: string;
    readonly methods: readonly string[];
    readonly options: { readonly challenge: string; readonly rpId: string };
  };
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const level2 = (...methods: string[]) => ({ 'vestibule:aal': 2, 'vestibule:methods': methods });

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

/** A person who signed in once on this device. */
const signedIn = async () => (await new Customer(cloud.outputs).register()).signIn();

const post = (customer: Customer, path: string, body?: object) =>
  customer.api.expect<Answer>(200, 'POST', path, body);

/** From a device that nobody knows. */
async function onNewDevice(customer: Customer): Promise<void> {
  delete customer.api.accessToken;
  delete customer.api.deviceToken;
}

const temporaryPassword = 'temporary harbour 1';

/** Somebody whom an administrator made, and who has to set a password first. */
async function madeByAdministrator(): Promise<Customer> {
  const customer = new Customer(cloud.outputs, `a.${randomBytes(5).toString('hex')}@example.com`);
  const admin = new CognitoIdentityProviderClient({
    region: cloud.outputs.region,
    endpoint: cloud.outputs.endpoints.cognitoIdp,
    credentials: cloud.outputs.credentials,
  });
  await admin.send(
    new AdminCreateUserCommand({
      UserPoolId: cloud.outputs.userPoolId,
      Username: customer.email,
      TemporaryPassword: temporaryPassword,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: customer.email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  admin.destroy();
  return customer;
}

/** The secret of the mailed link. */
async function mailedLink({ mailbox, email }: Customer): Promise<string> {
  const mail = await mailbox.next(email, ({ subject }) => subject.includes('link'));
  return /#([A-Za-z0-9_-]{44})/.exec(mail.text ?? '')?.[1] ?? '';
}

describe('over the Identity API', () => {
  it('a passkey passes the challenge, and signs in alone', async () => {
    const customer = await signedIn();
    const { authenticator } = await enrolPasskey(customer);
    await onNewDevice(customer);
    const { body } = await post(customer, '/v1/sessions', {
      identifier: customer.email,
      password: customer.password,
    });
    expect(body.challenge).toMatchObject({ method: 'passkey', methods: ['passkey'] });
    const passed = await post(customer, '/v1/sessions/challenge', {
      flow: body.flow,
      credential: authenticator.get(body.challenge.options),
    });
    expect(claimsOf(passed.body.accessToken)).toMatchObject(level2('password', 'passkey'));

    await onNewDevice(customer);
    const { body: asked } = await customer.api.expect<{
      options: { challenge: string; rpId: string };
      challenge: string;
    }>(200, 'POST', '/v1/sessions/passkey-options');
    const passkey = { credential: authenticator.get(asked.options), challenge: asked.challenge };
    const alone = await post(customer, '/v1/sessions', { passkey });
    expect(claimsOf(alone.body.accessToken)).toMatchObject(level2('passkey'));
    const again = await customer.api.send<Answer>('POST', '/v1/sessions', { passkey });
    expect([again.status, again.body.code]).toEqual([401, 'SIGN_IN_REJECTED']);
  });

  it('a link in the same browser signs in; the password is not asked', async () => {
    const customer = await signedIn();
    await onNewDevice(customer);
    const { body } = await post(customer, '/v1/sessions', {
      identifier: customer.email,
      method: 'magic-link',
    });
    expect(body.challenge.method).toBe('magic-link');
    customer.api.deviceToken = body.deviceToken ?? '';
    const link = await mailedLink(customer);
    // Scanners fetch what is in a mail: the page is not ours to act on, and the secret never leaves the browser.
    const { body: done } = await post(customer, '/v1/sessions/challenge', { flow: body.flow, link });
    expect(claimsOf(done.accessToken)).toMatchObject({
      'vestibule:aal': 1,
      'vestibule:methods': ['magic-link'],
    });
  });

  it('somebody unknown is asked the same', async () => {
    const customer = new Customer(cloud.outputs);
    const { body } = await post(customer, '/v1/sessions', {
      identifier: customer.email,
      method: 'magic-link',
    });
    expect(body.challenge).toMatchObject({ method: 'magic-link', methods: ['passkey', 'magic-link'] });
  });

  it('a demand for level 2 without a factor is refused', async () => {
    const customer = await signedIn();
    const body = { identifier: customer.email, password: customer.password, level: 2 };
    expect((await customer.api.send('POST', '/v1/sessions', body)).status).toBe(401);
  });

  it('who was made by an administrator sets a password, and is then decided on', async () => {
    const customer = await madeByAdministrator();
    const { email } = customer;
    const first = await post(customer, '/v1/sessions', { identifier: email, password: temporaryPassword });
    expect(first.body.state).toBe('new-password-required');
    customer.api.deviceToken = first.body.deviceToken ?? '';
    const { body } = await post(customer, '/v1/sessions/challenge', {
      flow: first.body.flow,
      newPassword: customer.password,
    });
    expect(body).toMatchObject({ state: 'challenge', challenge: { method: 'email-code' } });
    const answer = await customer.mailbox.nextCode(email);
    const done = await post(customer, '/v1/sessions/challenge', { flow: body.flow, answer });
    expect(claimsOf(done.body.accessToken)).toMatchObject({
      'vestibule:methods': ['password', 'email-code'],
    });
  });

  it.each([
    ['too short', 'Sh0rt!'],
    ['a common one', 'password1234'],
  ])(
    'the password in place of a temporary one is refused when it is %s, and another one is taken',
    async (_, refused) => {
      const customer = await madeByAdministrator();
      const { email } = customer;
      const first = await post(customer, '/v1/sessions', { identifier: email, password: temporaryPassword });
      customer.api.deviceToken = first.body.deviceToken ?? '';
      const { flow } = first.body;
      const answer = await customer.api.send<{ code?: string }>('POST', '/v1/sessions/challenge', {
        flow,
        newPassword: refused,
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'PASSWORD_REFUSED' } });
      const { body } = await post(customer, '/v1/sessions/challenge', {
        flow,
        newPassword: customer.password,
      });
      expect(body.state).toBe('challenge');
    },
  );

  it('an authenticator app passes the challenge, with each code once', async () => {
    const customer = await signedIn();
    const app = await enrolTotp(customer, cloud.clock.now);
    const challenged = async () => {
      await onNewDevice(customer);
      const { email: identifier, password } = customer;
      return (await post(customer, '/v1/sessions', { identifier, password })).body;
    };
    const asked = await challenged();
    expect(asked.challenge).toMatchObject({ method: 'totp', methods: ['totp'] });
    const answer = app.code();
    const { body } = await post(customer, '/v1/sessions/challenge', { flow: asked.flow, answer });
    expect(claimsOf(body.accessToken)).toMatchObject(level2('password', 'totp'));

    const { flow } = await challenged();
    const again = await customer.api.send<Answer>('POST', '/v1/sessions/challenge', { flow, answer });
    expect(again.body.state).toBe('challenge');
  });

  it('a recovery code takes the place of a lost factor, once, and typed as people type', async () => {
    const customer = await signedIn();
    const app = await enrolTotp(customer, cloud.clock.now);
    const raising = await post(customer, '/v1/me/step-up', { method: 'totp' });
    await post(customer, '/v1/me/step-up/answer', { flow: raising.body.flow, answer: app.code() });
    const path = '/v1/me/recovery-codes';
    const { body: made } = await customer.api.expect<{ codes: string[] }>(201, 'POST', path);
    const [code = ''] = made.codes;
    const withRecoveryCode = async (answer: string) => {
      await onNewDevice(customer);
      const { email: identifier, password } = customer;
      const { body } = await post(customer, '/v1/sessions', { identifier, password });
      expect(body.challenge).toMatchObject({ method: 'totp', methods: ['totp', 'recovery-code'] });
      const { flow } = body;
      const other = await post(customer, '/v1/sessions/challenge', { flow, method: 'recovery-code' });
      expect(other.body.challenge.method).toBe('recovery-code');
      return post(customer, '/v1/sessions/challenge', { flow: other.body.flow, answer });
    };
    const { body } = await withRecoveryCode(code.toLowerCase());
    expect(claimsOf(body.accessToken)).toMatchObject(level2('password', 'recovery-code'));
    expect((await withRecoveryCode(code)).body.state).toBe('challenge');
  });
});

describe('over the SDK door', () => {
  it('an authenticator app passes the challenge, after another method was refused', async () => {
    const customer = await signedIn();
    const app = await enrolTotp(customer, cloud.clock.now);
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(customer.email);
    const asked = await door.begin(customer.email, customer.password, context); // wants email-code
    expect(asked.body.ChallengeParameters).toMatchObject({ step: 'totp', codeLength: '6' });
    const metadata = { vestibule_context: context };
    const done = await door.answer(roundOf(asked), app.code(), metadata);
    expect(claimsOf(done.body.AuthenticationResult?.AccessToken ?? '')).toMatchObject(
      level2('password', 'totp'),
    );
  });

  it('a passkey signs in without a password', async () => {
    const customer = await signedIn();
    const { authenticator } = await enrolPasskey(customer);
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(customer.email);
    const metadata = { vestibule_context: context };
    const started = await door.call('InitiateAuth', {
      AuthFlow: 'CUSTOM_AUTH',
      ClientId: door.clientId,
      AuthParameters: { USERNAME: customer.email },
    });
    const begun = await door.answer(
      roundOf(started),
      JSON.stringify({ context, method: 'passkey' }),
      metadata,
    );
    const options = JSON.parse(begun.body.ChallengeParameters?.options ?? '{}') as { challenge: string };
    const answer = JSON.stringify({ credential: authenticator.get({ ...options, rpId: 'localhost' }) });
    const done = await door.answer(roundOf(begun), answer, metadata);
    expect(claimsOf(done.body.AuthenticationResult?.AccessToken ?? '')).toMatchObject(level2('passkey'));
  });

  it('a link signs in without a password, when it comes back to the app that asked', async () => {
    const customer = await signedIn();
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(customer.email);
    const metadata = { vestibule_context: context };
    const started = await door.call('InitiateAuth', {
      AuthFlow: 'CUSTOM_AUTH',
      ClientId: door.clientId,
      AuthParameters: { USERNAME: customer.email },
    });
    const begin = JSON.stringify({ context, method: 'magic-link' });
    const begun = await door.answer(roundOf(started), begin, metadata);
    expect(begun.body.ChallengeParameters).toMatchObject({ step: 'magic-link' });
    const answer = JSON.stringify({ link: await mailedLink(customer) });
    const done = await door.answer(roundOf(begun), answer, metadata);
    expect(claimsOf(done.body.AuthenticationResult?.AccessToken ?? '')).toMatchObject({
      'vestibule:aal': 1,
      'vestibule:methods': ['magic-link'],
    });
  });

  it('who was made by an administrator sets a password, and is then decided on', async () => {
    const customer = await madeByAdministrator();
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(customer.email);
    const metadata = { vestibule_context: context };
    const first = await door.password(customer.email, temporaryPassword, metadata);
    expect(first.body.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const renewed = await newPassword(door, first, customer.password, metadata);
    const asked =
      roundOf(renewed).step === 'begin'
        ? await door.answer(roundOf(renewed), JSON.stringify({ context, method: 'email-code' }), metadata)
        : renewed;
    expect(asked.body.ChallengeParameters).toMatchObject({ step: 'email-code' });
    const code = await customer.mailbox.nextCode(customer.email);
    const done = await door.answer(roundOf(asked), code, metadata);
    expect(claimsOf(done.body.AuthenticationResult?.AccessToken ?? '')).toMatchObject({
      'vestibule:methods': ['password', 'email-code'],
    });
  });
});

const newPassword = (door: SdkDoor, { body }: CognitoAnswer, password: string, ClientMetadata: object) =>
  door.call('RespondToAuthChallenge', {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ClientId: door.clientId,
    Session: body.Session,
    ChallengeResponses: {
      USERNAME: body.ChallengeParameters?.USER_ID_FOR_SRP ?? body.ChallengeParameters?.USERNAME,
      NEW_PASSWORD: password,
    },
    ClientMetadata,
  });
