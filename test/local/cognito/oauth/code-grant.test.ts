import {
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEmail, aUser, password } from '../builders.ts';
import { startCognito, type TestCognito } from '../harness.ts';
import {
  anotherClient,
  aShop,
  authorizeUrl,
  callback,
  claimsOf,
  codeFor,
  goodbye,
  parametersOf,
  redeem,
  type Shop,
  signIn,
  token,
  verifier,
} from './shop.ts';
import { WebBrowser } from './web-browser.ts';

let cognito: TestCognito;
let shop: Shop;
const email = anEmail();
let sub: string;

beforeAll(async () => {
  cognito = await startCognito();
  shop = await aShop(cognito);
  sub = await aUser(cognito, shop, email);
});
afterAll(() => cognito.close());

const refreshed = (refreshToken: string, client: Shop = shop) =>
  token(client, { grant_type: 'refresh_token', client_id: client.clientId, refresh_token: refreshToken });

describe('a code', () => {
  it('comes with the state after the password, and gives three tokens for the scopes asked', async () => {
    const { location } = await signIn(new WebBrowser(shop.home), shop, email, { nonce: 'n-0S6_WzA2Mj' });
    expect(location?.startsWith(`${callback}?code=`)).toBe(true);
    expect(parametersOf(location).get('state')).toBe('af0ifjsldkj');
    const { status, body } = await redeem(shop, parametersOf(location).get('code') ?? '');
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(claimsOf(body.access_token)).toMatchObject({
      sub,
      client_id: shop.clientId,
      scope: 'openid email',
      token_use: 'access',
    });
    expect(claimsOf(body.id_token)).toMatchObject({
      sub,
      aud: shop.clientId,
      email,
      nonce: 'n-0S6_WzA2Mj',
      at_hash: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it('shows no more of a person than the scopes do', async () => {
    const { body } = await redeem(shop, await codeFor(shop, email, { scope: 'openid profile' }));
    expect(claimsOf(body.id_token)).not.toHaveProperty('email');
    expect(claimsOf(body.access_token).scope).toBe('openid profile');
  });

  it('without openid gives no ID token', async () => {
    const { body } = await redeem(shop, await codeFor(shop, email, { scope: 'email' }));
    expect(body).not.toHaveProperty('id_token');
    expect(body).toHaveProperty('access_token');
  });

  it('names the resource as the audience of the access token, also after a refresh', async () => {
    const code = await codeFor(shop, email, { resource: 'https://api.shop.example/orders' });
    const { body } = await redeem(shop, code);
    expect(claimsOf(body.access_token).aud).toBe('https://api.shop.example/orders');
    const again = await refreshed(body.refresh_token ?? '');
    expect(claimsOf(again.body.access_token).aud).toBe('https://api.shop.example/orders');
  });

  it('works once, and a second time ends what it gave', async () => {
    const code = await codeFor(shop, email);
    const first = await redeem(shop, code);
    expect(first.status).toBe(200);
    expect(await redeem(shop, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await refreshed(first.body.refresh_token ?? '')).toMatchObject({
      body: { error: 'invalid_grant' },
    });
  });

  it('works for at most one of many parallel requests', async () => {
    const code = await codeFor(shop, email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(shop, code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['another verifier', { code_verifier: `${verifier}x` }],
    ['no verifier', { code_verifier: '' }],
    ['a plain challenge as verifier', { code_verifier: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' }],
    ['another redirect URI', { redirect_uri: `${callback}/` }],
    ['another code', { code: 'b5e0c1de-0000-4000-8000-000000000000' }],
  ])('is refused with %s', async (_what, changes) => {
    const code = await codeFor(shop, email);
    expect(await redeem(shop, code, changes)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('is refused to another client, and stays good for its own', async () => {
    const other = await anotherClient(cognito, shop);
    const code = await codeFor(shop, email);
    expect(await redeem(other, code)).toMatchObject({ body: { error: 'invalid_grant' } });
    expect(await redeem(shop, code)).toMatchObject({ status: 200 });
  });

  it('ends after five minutes', async () => {
    const code = await codeFor(shop, email);
    cognito.clock.advance(5 * 60_000);
    expect(await redeem(shop, code)).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  it('is worth nothing for somebody who was disabled meanwhile', async () => {
    const other = anEmail();
    await aUser(cognito, shop, other);
    const code = await codeFor(shop, other);
    await cognito.client.send(new AdminDisableUserCommand({ UserPoolId: shop.poolId, Username: other }));
    expect(await redeem(shop, code)).toMatchObject({ body: { error: 'invalid_grant' } });
  });
});

describe('a refresh token', () => {
  it('rotates where the client wants it, and the spent one is refused', async () => {
    const rotating = await anotherClient(cognito, shop, {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
    const { body } = await redeem(rotating, await codeFor(rotating, email));
    const next = await refreshed(body.refresh_token ?? '', rotating);
    expect(next.body.refresh_token).not.toBe(body.refresh_token);
    cognito.clock.advance(1);
    expect(await refreshed(body.refresh_token ?? '', rotating)).toMatchObject({
      body: { error: 'invalid_grant' },
    });
  });

  it('keeps the scopes of its sign-in, whichever way it is used', async () => {
    const { body } = await redeem(shop, await codeFor(shop, email));
    const again = await refreshed(body.refresh_token ?? '');
    expect(claimsOf(again.body.access_token).scope).toBe('openid email');
    expect(again.body).not.toHaveProperty('refresh_token');
    const { AccessToken } = await throughTheApi(body.refresh_token ?? '');
    expect(claimsOf(AccessToken).scope).toBe('openid email');
  });

  it('ends with its revocation, a sign-out everywhere, and not by another client', async () => {
    const { body } = await redeem(shop, await codeFor(shop, email));
    const other = await anotherClient(cognito, shop);
    const revoke = (client: Shop) =>
      fetch(`${shop.home}/oauth2/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: client.clientId, token: body.refresh_token ?? '' }),
      });
    expect((await revoke(other)).status).toBe(400);
    expect((await refreshed(body.refresh_token ?? '')).status).toBe(200);
    expect((await revoke(shop)).status).toBe(200);
    expect(await refreshed(body.refresh_token ?? '')).toMatchObject({ body: { error: 'invalid_grant' } });
    const later = await redeem(shop, await codeFor(shop, email));
    await cognito.client.send(
      new AdminUserGlobalSignOutCommand({ UserPoolId: shop.poolId, Username: email }),
    );
    expect(await refreshed(later.body.refresh_token ?? '')).toMatchObject({
      body: { error: 'invalid_grant' },
    });
  });

  async function throughTheApi(RefreshToken: string): Promise<{ AccessToken: string }> {
    const response = await fetch(cognito.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken' },
      body: JSON.stringify({ RefreshToken, ClientId: shop.clientId }),
    });
    return ((await response.json()) as { AuthenticationResult: { AccessToken: string } })
      .AuthenticationResult;
  }
});

describe('userInfo', () => {
  const ask = (bearer: string) =>
    fetch(`${shop.home}/oauth2/userInfo`, { headers: { authorization: `Bearer ${bearer}` } });

  it('shows what the scopes show, as text', async () => {
    const { body } = await redeem(shop, await codeFor(shop, email));
    expect(await (await ask(body.access_token ?? '')).json()).toEqual({
      sub,
      email,
      email_verified: 'true',
      username: sub,
    });
  });

  it.each([
    ['an ID token', (body: Record<string, string>) => body.id_token],
    ['a refresh token', (body: Record<string, string>) => body.refresh_token],
    ['a changed token', (body: Record<string, string>) => `${body.access_token?.slice(0, -4)}AAAA`],
  ])('refuses %s', async (_what, pick) => {
    const { body } = await redeem(shop, await codeFor(shop, email));
    const answer = await ask(pick(body) ?? '');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('refuses a token without openid, and one whose session was revoked', async () => {
    const without = await redeem(shop, await codeFor(shop, email, { scope: 'email' }));
    expect((await ask(without.body.access_token ?? '')).status).toBe(401);
    const { body } = await redeem(shop, await codeFor(shop, email));
    await fetch(`${shop.home}/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: shop.clientId, token: body.refresh_token ?? '' }),
    });
    expect((await ask(body.access_token ?? '')).status).toBe(401);
  });
});

describe('single sign-on', () => {
  it('signs in to a second client without asking, at the time of the first sign-in', async () => {
    const other = await anotherClient(cognito, shop);
    const browser = new WebBrowser(shop.home);
    const first = await redeem(
      shop,
      parametersOf((await signIn(browser, shop, email)).location).get('code') ?? '',
    );
    cognito.clock.advance(10 * 60_000);
    const { location } = await browser.get(authorizeUrl(other, { prompt: 'none' }));
    const second = await redeem(other, parametersOf(location).get('code') ?? '');
    expect(second.status).toBe(200);
    expect(claimsOf(second.body.id_token).auth_time).toBe(claimsOf(first.body.id_token).auth_time);
  });

  it('lasts an hour', async () => {
    const browser = new WebBrowser(shop.home);
    await signIn(browser, shop, email);
    cognito.clock.advance(60 * 60_000);
    const { location } = await browser.get(authorizeUrl(shop, { prompt: 'none' }));
    expect(parametersOf(location).get('error')).toBe('login_required');
    expect(parametersOf(location).get('state')).toBe('af0ifjsldkj');
  });

  it('is not for another pool, nor for somebody who was disabled', async () => {
    const elsewhere = await aShop(cognito);
    const other = anEmail();
    await aUser(cognito, shop, other);
    const browser = new WebBrowser(shop.home);
    await signIn(browser, shop, other);
    const stranger = new WebBrowser(elsewhere.home);
    for (const [name, value] of browser.cookies) stranger.cookies.set(name, value);
    const there = await stranger.get(authorizeUrl(elsewhere, { prompt: 'none' }));
    expect(parametersOf(there.location).get('error')).toBe('login_required');
    await cognito.client.send(new AdminDisableUserCommand({ UserPoolId: shop.poolId, Username: other }));
    const here = await browser.get(authorizeUrl(shop, { prompt: 'none' }));
    expect(parametersOf(here.location).get('error')).toBe('login_required');
  });

  it('is set aside by prompt=login and by an age it is beyond, and offered by prompt=select_account', async () => {
    const browser = new WebBrowser(shop.home);
    await signIn(browser, shop, email);
    cognito.clock.advance(61_000);
    const wishes: Record<string, string>[] = [{ prompt: 'login' }, { max_age: '60' }];
    for (const changes of wishes) {
      expect((await browser.get(authorizeUrl(shop, changes))).text).toContain('name="username"');
    }
    const choice = await browser.get(authorizeUrl(shop, { prompt: 'select_account' }));
    expect(choice.text).toContain(`Continue as ${email}`);
    const { location } = await browser.submit(choice, 'continue');
    expect(location?.startsWith(`${callback}?code=`)).toBe(true);
  });

  it('gets a new cookie with each sign-in, and the old one is worth nothing', async () => {
    const browser = new WebBrowser(shop.home);
    await signIn(browser, shop, email);
    const planted = new Map(browser.cookies);
    await signIn(browser, shop, email, { prompt: 'login' });
    expect(browser.cookies.get('cognito')).not.toBe(planted.get('cognito'));
    expect(browser.cookies.get('XSRF-TOKEN')).not.toBe(planted.get('XSRF-TOKEN'));
    const attacker = new WebBrowser(shop.home);
    for (const [name, value] of planted) attacker.cookies.set(name, value);
    const { location } = await attacker.get(authorizeUrl(shop, { prompt: 'none' }));
    expect(parametersOf(location).get('error')).toBe('login_required');
  });

  it('ends with the logout, which goes to a listed address only', async () => {
    const browser = new WebBrowser(shop.home);
    await signIn(browser, shop, email);
    const elsewhere = await browser.get(
      `${shop.home}/logout?client_id=${shop.clientId}&logout_uri=https://evil.example/`,
    );
    expect(elsewhere.url).toContain('/error?error=redirect_mismatch');
    const { location } = await browser.get(
      `${shop.home}/logout?client_id=${shop.clientId}&logout_uri=${encodeURIComponent(goodbye)}`,
    );
    expect(location).toBe(goodbye);
    expect(browser.cookies.has('cognito')).toBe(false);
    const after = await browser.get(authorizeUrl(shop, { prompt: 'none' }));
    expect(parametersOf(after.location).get('error')).toBe('login_required');
  });
});

it('keeps the password of the tests out of the addresses', async () => {
  const { location, url } = await signIn(new WebBrowser(shop.home), shop, email);
  expect(`${location}${url}`).not.toContain(password);
});
