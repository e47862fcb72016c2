import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../../lambdas/adapters/totp.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { roundOf, SdkDoor } from '../../support/sdk-door.ts';

const origin = 'http://localhost:3000';

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

async function enrolTotp(customer: Customer): Promise<() => string> {
  const { body } = await customer.api.expect<{ secret: string }>(200, 'POST', '/v1/me/totp');
  const secret = body.secret;
  // The step before now, so that the code that shows now is still to be spent.
  const code = (offset: number) => totpCode(secret, totpStep(Date.now()) + offset);
  const confirmed = await customer.api.send('POST', '/v1/me/totp/confirm', { code: code(-1) });
  if (confirmed.status >= 300) throw new Error(`totp: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
  return () => code(0);
}

async function enrolPasskey(customer: Customer): Promise<SoftwareAuthenticator> {
  const authenticator = new SoftwareAuthenticator({ origin });
  const { body } = await customer.api.expect<{ options: Parameters<SoftwareAuthenticator['create']>[0] }>(
    200,
    'POST',
    '/v1/me/passkeys/options',
  );
  await customer.api.expect(201, 'POST', '/v1/me/passkeys', {
    credential: authenticator.create(body.options),
  });
  return authenticator;
}

describe('over the Identity API', () => {
  it('a passkey passes the challenge, and signs in alone', async () => {
    const customer = await signedIn();
    const authenticator = await enrolPasskey(customer);
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
    const mail = await customer.mailbox.next(customer.email, ({ subject }) => subject.includes('link'));
    const link = /#([A-Za-z0-9_-]{44})/.exec(mail.text ?? '')?.[1];
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
    const email = `a.${randomBytes(5).toString('hex')}@example.com`;
    const admin = new CognitoIdentityProviderClient({
      region: cloud.outputs.region,
      endpoint: cloud.outputs.endpoints.cognitoIdp,
      credentials: { accessKeyId: 'LOCALOPERATOR', secretAccessKey: 'any' },
    });
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: cloud.outputs.userPoolId,
        Username: email,
        TemporaryPassword: 'temporary harbour 1',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    const customer = new Customer(cloud.outputs, email);
    const first = await post(customer, '/v1/sessions', {
      identifier: email,
      password: 'temporary harbour 1',
    });
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
    admin.destroy();
  });
});

describe('over the SDK door', () => {
  it('an authenticator app passes the challenge, after another method was refused', async () => {
    const customer = await signedIn();
    const code = await enrolTotp(customer);
    const door = new SdkDoor(cloud.outputs);
    const context = await door.context(customer.email);
    const asked = await door.begin(customer.email, customer.password, context); // wants email-code
    expect(asked.body.ChallengeParameters).toMatchObject({ step: 'totp', codeLength: '6' });
    const metadata = { vestibule_context: context };
    const done = await door.answer(roundOf(asked), code(), metadata);
    expect(claimsOf(done.body.AuthenticationResult?.AccessToken ?? '')).toMatchObject(
      level2('password', 'totp'),
    );
  });

  it('a passkey signs in without a password', async () => {
    const customer = await signedIn();
    const authenticator = await enrolPasskey(customer);
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
});
