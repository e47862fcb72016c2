import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppSession } from '../../../examples/native/session.ts';
import * as webApp from '../../../examples/oidc/web-app.ts';
import { signInByPasskey } from '../../../examples/sdk/passkey.ts';
import { accessTokens, hasScope, reaches, stepUpRequired } from '../../../examples/server/access-token.ts';
import { accessTokenReader } from '../../../examples/server/access-token-jose.ts';
import { machineTokens } from '../../../examples/server/machine.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { discoverShop, signInOnPages } from './shop-client.ts';

/** The examples of docs/app-developers.md, as they stand there. */
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const api = () => cloud.outputs.endpoints.identityApi;
const cognito = () =>
  new CognitoIdentityProviderClient({
    region: cloud.outputs.region,
    endpoint: cloud.outputs.endpoints.cognitoIdp,
    credentials: cloud.outputs.credentials,
  });
const registered = () => new Customer(cloud.outputs).register();

async function signedIn(): Promise<{ person: Customer; app: AppSession }> {
  const person = await registered();
  const app = new AppSession(api());
  const { flow = '' } = await app.signIn(person.email, person.password);
  expect(await app.answer(flow, await person.mailbox.nextCode(person.email))).toMatchObject({
    state: 'signed-in',
  });
  return { person, app };
}

/** Half a minute ahead, so that the code of now is still to be spent at the sign-in. */
async function enrolAuthenticatorApp(app: AppSession): Promise<() => string> {
  const begun = await app.call('POST', '/v1/me/totp');
  const { secret } = (await begun.json()) as { secret: string };
  const totp = new TOTP({ secret });
  const code = totp.generate({ timestamp: cloud.clock.now() - 30_000 });
  expect((await app.call('POST', '/v1/me/totp/confirm', { code })).status).toBe(201);
  return () => totp.generate({ timestamp: cloud.clock.now() });
}

const refreshTokenOf = ({ kept }: AppSession): string => kept.refreshToken ?? '';

describe('the native app', () => {
  it('signs in with an authenticator app on a new device, and at once on one that is known', async () => {
    const { person, app } = await signedIn();
    const code = await enrolAuthenticatorApp(app);
    const other = new AppSession(api());
    const asked = await other.signIn(person.email, person.password);
    expect(asked).toMatchObject({ state: 'challenge', challenge: { method: 'totp', methods: ['totp'] } });
    const refused = await other.answer(asked.flow ?? '', '000000');
    expect(refused).toMatchObject({ state: 'challenge', challenge: { method: 'totp' } });
    expect(await other.answer(refused.flow ?? '', code())).toMatchObject({ state: 'signed-in' });
    await other.signOut();
    expect(await other.signIn(person.email, person.password)).toMatchObject({ state: 'signed-in' });
  });

  it('is told by a code when no attempt is left', async () => {
    const person = await registered();
    const app = new AppSession(api());
    let { flow = '' } = await app.signIn(person.email, person.password);
    const tryWrong = async () => {
      for (let i = 0; i < 10; i += 1) ({ flow = '' } = await app.answer(flow, '00000000'));
    };
    await expect(tryWrong()).rejects.toThrow('FLOW_REJECTED');
  });

  it('goes on past the life of an access token, with one refresh for calls at the same moment', async () => {
    const { app } = await signedIn();
    const before = refreshTokenOf(app);
    cloud.clock.advance(11 * 60_000);
    const answers = await Promise.all(
      ['/v1/me/profile', '/v1/me/sessions', '/v1/me/factors'].map((path) => app.call('GET', path)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(refreshTokenOf(app)).not.toBe(before);
  });

  it('loses the session when a refresh token comes a second time', async () => {
    const { app } = await signedIn();
    const stolen = new AppSession(api(), { ...app.kept });
    await app.refresh();
    cloud.clock.advance(60_000); // an answer that was lost may be asked for again for a few seconds
    await expect(stolen.refresh()).rejects.toThrow('SESSION_REJECTED');
    await expect(app.refresh()).rejects.toThrow('SESSION_REJECTED');
  });

  it('ends the session, and its access token with it', async () => {
    const { app } = await signedIn();
    const { accessToken } = app.kept;
    await app.signOut();
    expect(refreshTokenOf(app)).toBe('');
    const late = await fetch(`${api()}/v1/me/profile`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(late.status).toBe(401);
  });
});

/** aws-jwt-verify takes keys by HTTPS only, which the local cloud does not speak. */
const overHttp = {
  jwksCache: new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } }),
};

describe('the server', () => {
  const issuer = () => cloud.outputs.endpoints.issuer;
  const clients = () => [cloud.outputs.clients.server.id];

  it('takes access tokens of its clients and nothing else', async () => {
    const { app } = await signedIn();
    const readers = [
      (token: string) => accessTokens(issuer(), clients(), overHttp).verify(token),
      accessTokenReader(issuer(), clients()),
    ];
    const { accessToken = '' } = app.kept;
    const { idToken } = (await (
      await fetch(`${api()}/v1/sessions/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken: app.kept.refreshToken }),
      })
    ).json()) as { idToken: string };
    for (const read of readers) {
      expect(hasScope(await read(accessToken), 'vestibule/profile.read')).toBe(true);
      await expect(read(idToken)).rejects.toThrow('not an access token');
      await expect(read(`${accessToken.slice(0, -4)}AAAA`)).rejects.toThrow();
    }
    const another = accessTokenReader(issuer(), ['another']);
    await expect(another(accessToken)).rejects.toThrow('a token of another client');
  });

  it('asks for more where a level is needed, and finds it after a step-up and a refresh', async () => {
    const { app } = await signedIn();
    const code = await enrolAuthenticatorApp(app);
    const read = accessTokenReader(issuer(), clients());
    const levels = async () => {
      const claims = await read(app.kept.accessToken ?? '');
      return [claims.level, reaches(claims, 1), reaches(claims, 2)];
    };
    expect(await levels()).toEqual([1, true, false]);
    expect(stepUpRequired.headers['www-authenticate']).toContain('acr_values="urn:vestibule:aal:2"');
    const asked = await app.call('POST', '/v1/me/step-up', { method: 'totp' });
    const { flow } = (await asked.json()) as { flow: string };
    const done = await app.call('POST', '/v1/me/step-up/answer', { flow, answer: code() });
    expect(await done.json()).toMatchObject({ state: 'done', level: 2 });
    await app.refresh();
    expect(await levels()).toEqual([2, true, true]);
    expect(reaches({}, 1)).toBe(false);
  });

  it('knows a machine by its scopes, and gives it no level', async () => {
    const { ReportsClientId = '' } = cloud.outputs.stack;
    const { UserPoolClient } = await cognito().send(
      new DescribeUserPoolClientCommand({
        UserPoolId: cloud.outputs.userPoolId,
        ClientId: ReportsClientId,
      }),
    );
    const token = machineTokens(
      `${cloud.outputs.endpoints.managedLogin}/oauth2/token`,
      ReportsClientId,
      UserPoolClient?.ClientSecret ?? '',
      'orders/read',
    );
    const first = await token();
    expect(await token()).toBe(first);
    const claims = await accessTokenReader(issuer(), [ReportsClientId])(first);
    expect([hasScope(claims, 'orders/read'), claims.level]).toEqual([true, 0]);
    const person = await fetch(`${api()}/v1/me/profile`, { headers: { authorization: `Bearer ${first}` } });
    expect(person.status).toBe(401);
  });
});

describe('the OpenID Connect web app', () => {
  const callback = 'http://localhost:3000/signed-in';

  it('signs in by code flow with PKCE, and out of app and pages', async () => {
    const person = await registered();
    const client = await discoverShop(cloud.outputs);
    const { url, begun } = await webApp.begin(client, callback);
    const { location, browser } = await signInOnPages(url, person);
    const tokens = await webApp.finish(client, new URL(location), begun);
    expect(tokens.claims()).toMatchObject({ email: person.email });
    const read = accessTokenReader(cloud.outputs.endpoints.issuer, [cloud.outputs.stack.ShopClientId ?? '']);
    const claims = await read(tokens.access_token);
    expect([hasScope(claims, 'vestibule/profile.read'), claims.level]).toEqual([true, 0]);

    const out = await webApp.signOut(client, tokens.refresh_token ?? '', 'http://localhost:3000/');
    expect((await browser.get(out.href)).location).toBe('http://localhost:3000/');
    const again = await webApp.begin(client, callback);
    expect((await browser.get(again.url.href)).location).toBeUndefined();
  });

  it('refuses an answer that it did not ask for', async () => {
    const client = await discoverShop(cloud.outputs);
    const { url, begun } = await webApp.begin(client, callback);
    const { location } = await signInOnPages(url, await registered());
    const forged = { ...begun, expectedState: 'another' };
    await expect(webApp.finish(client, new URL(location), forged)).rejects.toThrow();
  });
});

describe('the AWS SDK', () => {
  it('signs in by passkey in place of a password, at level 2', async () => {
    const { person, app } = await signedIn();
    const authenticator = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
    const { options } = (await (await app.call('POST', '/v1/me/passkeys/options')).json()) as {
      options: Parameters<SoftwareAuthenticator['create']>[0];
    };
    await app.call('POST', '/v1/me/passkeys', { credential: authenticator.create(options) });
    const clientId = cloud.outputs.clients.web.id;
    const tokens = await signInByPasskey(
      cognito(),
      { api: api(), clientId, usePasskey: async (asked) => authenticator.get(asked) },
      person.email,
    );
    const claims = await accessTokenReader(cloud.outputs.endpoints.issuer, [clientId])(
      tokens?.AccessToken ?? '',
    );
    expect(claims).toMatchObject({ level: 2, 'vestibule:methods': ['passkey'] });
  });
});
