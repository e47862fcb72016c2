import {
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

let cloud: RunningCloud;
let origin = '';
let pool: CognitoIdentityProviderClient;
beforeAll(async () => {
  cloud = await openCloud({ parameters: { PoolSessions: 'true' } });
  origin = BrowserPage.originOf();
  const { outputs } = cloud;
  pool = new CognitoIdentityProviderClient({
    region: outputs.region,
    endpoint: outputs.endpoints.cognitoIdp,
    credentials: outputs.credentials,
  });
  await pool.send(
    new SetUserPoolSessionConfigurationCommand({
      UserPoolId: outputs.userPoolId,
      UserSessionTracking: 'ENABLED',
      TokenSession: { MaxPerUser: 20 },
    }),
  );
});
afterAll(async () => {
  pool?.destroy();
  await cloud?.stop();
});

interface Listed {
  readonly sessions: readonly {
    readonly id: string;
    readonly current: boolean;
    readonly level: number;
    readonly methods: readonly string[];
    readonly name?: string;
  }[];
  readonly csrf?: string;
}
const aCustomer = () => new Customer(cloud.outputs).register();
const listed = async (page: BrowserPage) => (await page.expect<Listed>(200, 'GET', '/v1/me/sessions')).body;

/** The list is projected behind the answer. */
const untilListed = (page: BrowserPage, count: number) =>
  vi.waitFor(async () => {
    const list = await listed(page);
    expect(list.sessions).toHaveLength(count);
    return list;
  }, 15_000);

describe('two browsers of one person', () => {
  it('see each other, and the one that is ended dies at once', async () => {
    const customer = await aCustomer();
    const [laptop, phone] = [new BrowserPage(cloud.outputs, origin), new BrowserPage(cloud.outputs, origin)];
    await laptop.signIn(customer);
    await phone.signIn(customer);
    const { sessions, csrf } = await untilListed(laptop, 2);
    expect(csrf).toBe(laptop.csrf);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions.map(({ methods }) => methods)).toEqual([
      ['password', 'email-code'],
      ['password', 'email-code'],
    ]);
    const other = sessions.find(({ current }) => !current)?.id ?? '';
    await laptop.expect(204, 'PATCH', `/v1/me/sessions/${other}`, { name: 'Phone in the kitchen' });
    expect((await listed(laptop)).sessions.find(({ id }) => id === other)?.name).toBe('Phone in the kitchen');

    await phone.expect(200, 'GET', '/v1/me/profile');
    await laptop.expect(204, 'DELETE', `/v1/me/sessions/${other}`);
    await phone.expect(401, 'GET', '/v1/me/profile'); // no waiting: the very next request
    await phone.expect(401, 'POST', '/v1/sessions/refresh', {});
    expect((await listed(laptop)).sessions.map(({ id }) => id)).not.toContain(other);
    await laptop.expect(200, 'GET', '/v1/me/profile');
  });

  it('and an app: all others end, also those that no list has yet', async () => {
    const customer = await (await aCustomer()).signIn(); // tokens of an app
    const [laptop, phone] = [new BrowserPage(cloud.outputs, origin), new BrowserPage(cloud.outputs, origin)];
    await laptop.signIn(customer);
    await phone.signIn(customer);
    await laptop.expect(204, 'DELETE', '/v1/me/sessions');
    await phone.expect(401, 'GET', '/v1/me/profile');
    expect((await customer.api.send('GET', '/v1/me/profile')).status).toBe(401);
    const { refreshToken } = customer;
    expect((await customer.api.send('POST', '/v1/sessions/refresh', { refreshToken })).status).toBe(401);
    await laptop.expect(200, 'GET', '/v1/me/profile');
    await laptop.expect(200, 'POST', '/v1/sessions/refresh', {});
    await laptop.expect(200, 'GET', '/v1/me/profile');
    expect((await listed(laptop)).sessions.map(({ current }) => current)).toEqual([true]);
  });
});

describe('a session of an app that calls Cognito itself', () => {
  it('loses its refresh token as well, where the pool keeps sessions', async () => {
    const { outputs } = cloud;
    const customer = await aCustomer();
    const { body } = await customer.api.expect<{ context: string }>(201, 'POST', '/v1/contexts', {
      identifier: customer.email,
    });
    const { session } = await signInWithSdk(outputs, {
      context: body.context,
      username: customer.email,
      password: customer.password,
      code: () => customer.mailbox.nextCode(customer.email),
    });
    const laptop = new BrowserPage(outputs, origin);
    await laptop.signIn(customer);
    const refresh = (RefreshToken: string) =>
      pool.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: outputs.clients.web.id }));
    const { AuthenticationResult } = await refresh(session.getRefreshToken().getToken());
    const { sessions } = await untilListed(laptop, 2);
    const other = sessions.find(({ current }) => !current)?.id ?? '';
    await laptop.expect(204, 'DELETE', `/v1/me/sessions/${other}`);
    await expect(refresh(AuthenticationResult?.RefreshToken ?? '')).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });
});

describe('a browser', () => {
  it('is challenged again on a device that its owner had forgotten', async () => {
    const customer = await aCustomer();
    const page = new BrowserPage(cloud.outputs, origin);
    await page.signIn(customer);
    expect((await page.startSignIn(customer)).body.state).toBe('signed-in'); // known by now
    type Devices = { devices: { id: string; current: boolean }[] };
    const devices = () => page.expect<Devices>(200, 'GET', '/v1/me/devices');
    const [device] = await vi.waitFor(async () => {
      const { body } = await devices();
      expect(body.devices).toHaveLength(1);
      return body.devices;
    }, 15_000);
    expect(device?.current).toBe(true);
    await page.expect(204, 'PATCH', `/v1/me/devices/${device?.id}`, { name: 'Old laptop' });
    await page.expect(204, 'DELETE', `/v1/me/devices/${device?.id}`);
    expect((await devices()).body.devices).toEqual([]);
    expect((await page.startSignIn(customer)).body.state).toBe('challenge');
  });

  it('proves the password again, and gets another identifier for it', async () => {
    const customer = await aCustomer();
    const page = new BrowserPage(cloud.outputs, origin);
    await page.signIn(customer);
    const before = page.cookie;
    await page.expect(401, 'POST', '/v1/me/step-up', { password: 'not the password' });
    const { body } = await page.expect<{ state: string; level: number }>(200, 'POST', '/v1/me/step-up', {
      password: customer.password,
    });
    expect(body).toMatchObject({ state: 'done', level: 1 });
    expect(page.cookie).not.toBe(before);
    await page.expect(200, 'GET', '/v1/me/profile');
  });

  it('goes on for as long as it is used, up to its absolute end', async () => {
    const customer = await aCustomer();
    const page = new BrowserPage(cloud.outputs, origin);
    await page.signIn(customer);
    cloud.clock.advance(13 * 86_400_000);
    await page.expect(200, 'GET', '/v1/me/profile');
    cloud.clock.advance(13 * 86_400_000);
    await page.expect(200, 'GET', '/v1/me/profile');
    cloud.clock.advance(5 * 86_400_000); // 31 days after the sign-in
    await page.expect(401, 'GET', '/v1/me/profile');
    await page.expect(401, 'POST', '/v1/sessions/refresh', {});
  });
});
