import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognito, type TestCognito } from '../harness.ts';
import { anotherClient, aShop, authorizeUrl, callback, parametersOf, requestOf, type Shop } from './shop.ts';
import { WebBrowser } from './web-browser.ts';

let cognito: TestCognito;
let shop: Shop;

beforeAll(async () => {
  cognito = await startCognito();
  shop = await aShop(cognito, {}, { CallbackURLs: [callback, 'http://localhost:3000/cb'] });
});
afterAll(() => cognito.close());

const open = (url: string) => new WebBrowser(shop.home).get(url);

/** Keycloak CVE-2023-6291, CVE-2024-8883: whatever is not exactly a listed address gets nothing. */
const tricks = [
  `${callback}/`,
  `${callback}?next=1`,
  `${callback}#token`,
  `${callback}/../evil`,
  'https://shop.example/SIGNED-IN',
  'https://SHOP.example/signed-in',
  'https://shop.example:443/signed-in',
  'https://shop.example.evil.example/signed-in',
  'https://evilshop.example/signed-in',
  'https://shop.example@evil.example/signed-in',
  'https://user:pw@shop.example/signed-in',
  'https://evil.example\\@shop.example/signed-in',
  'https://evil.example\\.shop.example/signed-in',
  'https:\\\\shop.example\\signed-in',
  'https://shop.example%2Fsigned-in',
  'https://shop.example/signed%2Din',
  'https://shop.example/signed%252Din',
  'https%3A%2F%2Fshop.example%2Fsigned-in',
  'https://*.example/signed-in',
  'https://shop.example/*',
  '//shop.example/signed-in',
  'http://shop.example/signed-in',
  'http://localhost/cb',
  'http://localhost:3001/cb',
  'http://localhost:3000/cb/',
  'http://localhost.evil.example:3000/cb',
  'http://localhost:3000@evil.example/cb',
  'http://127.0.0.1:3000/cb',
  'http://[::1]:3000/cb',
  'http://[::ffff:127.0.0.1]:3000/cb',
  'http://2130706433:3000/cb',
  'http://0x7f.1:3000/cb',
  'javascript:alert(1)//https://shop.example/signed-in',
  'data:text/html,https://shop.example/signed-in',
  `${callback} https://evil.example/`,
  `${callback}\r\nLocation: https://evil.example/`,
  `\t${callback}`,
  `${callback}\u0000`,
];

describe('a redirect URI', () => {
  it.each(tricks)('is not %j', async (redirectUri) => {
    for (const path of ['/oauth2/authorize', '/login', '/signup', '/forgotpassword', '/passkeys/add']) {
      const { status, url, location, text } = await open(
        `${shop.home}${path}?${requestOf(shop, { redirect_uri: redirectUri })}`,
      );
      expect(location).toBeUndefined();
      expect([status, url.startsWith(`${shop.home}/error?error=redirect_mismatch&client_id=`)]).toEqual([
        400,
        true,
      ]);
      expect(text).not.toContain('evil');
    }
  });

  it('is not the listed one beside another', async () => {
    const twice = requestOf(shop);
    twice.append('redirect_uri', 'https://evil.example/');
    const { location, url } = await open(`${shop.home}/oauth2/authorize?${twice}`);
    expect(location).toBeUndefined();
    expect(url).toContain('/error?error=invalid_request');
  });

  it('of a logout is held to its own list in the same way', async () => {
    for (const target of [callback, ...tricks]) {
      const query = new URLSearchParams({ client_id: shop.clientId, logout_uri: target });
      expect((await open(`${shop.home}/logout?${query}`)).location).toBeUndefined();
    }
  });
});

describe('a request that cannot be granted', () => {
  it.each([
    ['an unknown client', { client_id: '0123456789abcdefghijklmnop' }],
    ['no client', { client_id: '' }],
    ['no redirect URI', { redirect_uri: '' }],
  ])('with %s gets a page, and nobody is sent anywhere', async (_what, changes) => {
    const { status, url, location } = await open(authorizeUrl(shop, changes));
    expect(location).toBeUndefined();
    expect(status).toBe(400);
    expect(url).toContain('/error?error=invalid_request');
  });

  it('of a client without OAuth, or of another pool, gets a page', async () => {
    const closed = await anotherClient(cognito, shop, { AllowedOAuthFlowsUserPoolClient: false });
    const elsewhere = await aShop(cognito);
    for (const clientId of [closed.clientId, elsewhere.clientId]) {
      expect((await open(authorizeUrl(shop, { client_id: clientId }))).url).toContain(
        '/error?error=invalid_request',
      );
    }
  });

  it.each([
    ['no response type', { response_type: '' }, 'invalid_request'],
    ['the implicit grant', { response_type: 'token' }, 'unauthorized_client'],
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['a foreign scope', { scope: 'openid orders/write' }, 'invalid_scope'],
    ['a scope that acts on the account', { scope: 'openid aws.cognito.signin.user.admin' }, 'invalid_scope'],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method', { code_challenge_method: '' }, 'invalid_request'],
    ['a challenge that is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'always' }, 'invalid_request'],
    ['two prompts that exclude each other', { prompt: 'none login' }, 'invalid_request'],
    ['an age that is none', { max_age: '-1' }, 'invalid_request'],
    ['a relative resource', { resource: '/orders' }, 'invalid_request'],
    ['an unknown provider', { identity_provider: 'Nobody' }, 'invalid_request'],
  ])('with %s goes back to the app with the state', async (_what, changes, error) => {
    const { location, status } = await open(authorizeUrl(shop, changes));
    expect(status).toBe(302);
    expect(location?.startsWith(`${callback}?`)).toBe(true);
    expect(Object.fromEntries(parametersOf(location))).toMatchObject({ error, state: 'af0ifjsldkj' });
    expect(parametersOf(location).has('code')).toBe(false);
  });

  it('that comes from a confidential client may do without PKCE, as in AWS', async () => {
    const confidential = await anotherClient(cognito, shop, { GenerateSecret: true });
    const page = await open(authorizeUrl(confidential, { code_challenge: '', code_challenge_method: '' }));
    expect(page.text).toContain('name="username"');
  });
});

describe('the name of the domain', () => {
  it('is localhost: an address is sent there, any other name gets nothing', async () => {
    const url = authorizeUrl(shop).replace('localhost', '127.0.0.1');
    const first = await fetch(url, { redirect: 'manual' });
    expect(first.headers.get('location')).toBe(authorizeUrl(shop));
    const posted = await fetch(url.replace('/oauth2/authorize', '/login'), {
      method: 'POST',
      redirect: 'manual',
    });
    expect(posted.status).toBe(403);
  });

  it('has no pages for a domain that nobody has', async () => {
    expect((await fetch(`${cognito.url}/_domains/nobody/login`)).status).toBe(404);
  });
});

describe('an error page', () => {
  it('shows an error code and nothing else that its address says', async () => {
    const { text } = await open(`${shop.home}/error?error=${encodeURIComponent('<b>Call 555</b>')}`);
    expect(text).not.toContain('555');
    expect(text).toContain('invalid_request');
  });
});
