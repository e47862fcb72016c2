import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { roundOf, SdkDoor } from '../../support/sdk-door.ts';

// security.md: "Mass assignment", "E-mail swap before verification"
let cloud: RunningCloud;
let operator: CognitoIdentityProviderClient;
beforeAll(async () => {
  cloud = await openCloud();
  const { region, endpoints, credentials } = cloud.outputs;
  operator = new CognitoIdentityProviderClient({ region, endpoint: endpoints.cognitoIdp, credentials });
});
afterAll(() => cloud?.stop());

async function attributesOf(email: string): Promise<Record<string, string | undefined>> {
  const user = await operator.send(
    new AdminGetUserCommand({ UserPoolId: cloud.outputs.userPoolId, Username: email }),
  );
  return Object.fromEntries((user.UserAttributes ?? []).map(({ Name = '', Value }) => [Name, Value]));
}

/** An access token of each door: with it, Cognito lets its owner write attributes. */
async function tokens(): Promise<{ customer: Customer; web: string; api: string }> {
  const customer = await new Customer(cloud.outputs).register();
  const door = new SdkDoor(cloud.outputs);
  const context = await door.context(customer.email);
  const round = roundOf(await door.begin(customer.email, customer.password, context));
  const code = await customer.mailbox.nextCode(customer.email);
  const { body } = await door.answer(round, code, { vestibule_context: context });
  await customer.signIn();
  return {
    customer,
    web: body.AuthenticationResult?.AccessToken ?? '',
    api: customer.api.accessToken ?? '',
  };
}

const writable = ['locale', 'name'];
const forbidden: Readonly<Record<string, string>> = {
  sub: '00000000-0000-4000-8000-000000000000',
  email_verified: 'true',
  phone_number: '+351210000000',
  phone_number_verified: 'true',
  preferred_username: 'admin',
  identities: '[{"providerName":"Evil"}]',
  'cognito:groups': 'operators',
  'cognito:user_status': 'CONFIRMED',
  'cognito:mfa_enabled': 'false',
  'custom:tier': 'gold',
  'dev:custom:tier': 'gold',
  'vestibule:tier': 'gold',
  'vestibule:aal': '3',
  address: 'x',
  birthdate: '1990-01-01',
  family_name: 'x',
  gender: 'x',
  given_name: 'x',
  middle_name: 'x',
  nickname: 'x',
  picture: 'https://evil.example/x.png',
  profile: 'https://evil.example',
  updated_at: '1',
  website: 'https://evil.example',
  zoneinfo: 'UTC',
  '': 'x',
  __proto__x: 'x',
};

describe('with an access token of our API', () => {
  it('nothing opens at Cognito itself: neither attributes nor factors nor the account', async () => {
    const { customer, api } = await tokens();
    const door = new SdkDoor(cloud.outputs);
    const before = await attributesOf(customer.email);
    const calls: Readonly<Record<string, object>> = {
      GetUser: {},
      UpdateUserAttributes: { UserAttributes: [{ Name: 'locale', Value: 'de' }] },
      DeleteUserAttributes: { UserAttributeNames: ['name'] },
      StartWebAuthnRegistration: {},
      AssociateSoftwareToken: {},
      ChangePassword: { PreviousPassword: customer.password, ProposedPassword: 'a kettle of brass owls' },
      GlobalSignOut: {},
      DeleteUser: {},
    };
    for (const [operation, input] of Object.entries(calls)) {
      const { status, body } = await door.call(operation, { AccessToken: api, ...input });
      expect([operation, status, body.__type]).toEqual([operation, 400, 'NotAuthorizedException']);
    }
    expect(await attributesOf(customer.email)).toEqual(before);
  });
});

describe('with an access token of an SDK', () => {
  it('every attribute outside the allow-list is refused, alone and beside an allowed one', async () => {
    const owned = await tokens();
    const door = new SdkDoor(cloud.outputs);
    const write = (attributes: Record<string, string>) =>
      door.call('UpdateUserAttributes', {
        AccessToken: owned.web,
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      });
    const before = await attributesOf(owned.customer.email);
    for (const [name, value] of Object.entries(forbidden)) {
      expect([name, (await write({ [name]: value })).status]).toEqual([name, 400]);
      expect([name, (await write({ locale: 'de', [name]: value })).status]).toEqual([name, 400]);
    }
    expect(await attributesOf(owned.customer.email)).toEqual(before);
    for (const name of writable) expect((await write({ [name]: 'de' })).status).toBe(200);
    const after = await attributesOf(owned.customer.email);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toEqual(writable);
    for (const name of ['email', 'email_verified']) {
      const removed = await door.call('DeleteUserAttributes', {
        AccessToken: owned.web,
        UserAttributeNames: [name],
      });
      expect([name, removed.status]).toEqual([name, 400]);
    }
    expect(await attributesOf(owned.customer.email)).toEqual(after);
  });

  it('moves no e-mail address, because a token alone is no fresh proof: the old one stays in force', async () => {
    const owned = await tokens();
    const { customer } = owned;
    const door = new SdkDoor(cloud.outputs);
    const wanted = `swapped.${customer.email}`;
    const written = await door.call('UpdateUserAttributes', {
      AccessToken: owned.web,
      UserAttributes: [{ Name: 'email', Value: wanted }],
    });
    expect(written).toMatchObject({ status: 400, body: { __type: 'UserLambdaValidationException' } });
    expect(JSON.stringify(written.body)).toContain('REAUTHENTICATION_REQUIRED');
    const again = await door.call('GetUserAttributeVerificationCode', {
      AccessToken: owned.web,
      AttributeName: 'email',
    });
    expect(again.status).toBe(400);
    expect(await attributesOf(customer.email)).toMatchObject({
      email: customer.email,
      email_verified: 'true',
    });

    const asWanted = new Customer(cloud.outputs, wanted);
    Object.assign(asWanted, { password: customer.password });
    expect((await asWanted.startSignIn()).status).toBe(401);
    const forgot = await door.call('ForgotPassword', { ClientId: door.clientId, Username: wanted });
    const mailed = await asWanted.mailbox.list(wanted);
    expect([forgot.status, mailed]).toEqual([200, []]);

    customer.api.deviceToken = undefined;
    customer.api.accessToken = undefined;
    const { flow, code } = await customer.challenged(); // the code still goes to the old address
    expect((await customer.answer(flow, code)).body).toMatchObject({ state: 'signed-in' });

    const wrong = await door.call('VerifyUserAttribute', {
      AccessToken: owned.web,
      AttributeName: 'email',
      Code: code.slice(0, 6),
    });
    expect(wrong.status).toBe(400);
  });
});

describe('PATCH /v1/me/profile', () => {
  const top = [
    'sub',
    'email',
    'version',
    'createdAt',
    'tier',
    'aal',
    'item',
    'prompts',
    'consents',
    'groups',
  ];

  it('takes nothing but locale and configured fields', async () => {
    const customer = await (await new Customer(cloud.outputs).register()).signIn();
    const read = await customer.api.expect(200, 'GET', '/v1/me/profile');
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    const bodies = [
      ...top.map((name) => ({ [name]: 'x' })),
      ...top.map((name) => ({ fields: { [name]: 'x' } })),
      JSON.parse('{"fields":{"__proto__":{"tier":"gold"}}}'),
      JSON.parse('{"fields":{"constructor":{"prototype":{"tier":"gold"}}}}'),
    ];
    for (const body of bodies) {
      const answer = await customer.api.send('PATCH', '/v1/me/profile', body, headers);
      expect([answer.status, body]).toEqual([400, body]);
    }
    expect((await customer.api.expect(200, 'GET', '/v1/me/profile')).body).toEqual(read.body);
  });
});
