import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEmail, aUser, password } from '../builders.ts';
import { startCognito, type TestCognito } from '../harness.ts';
import { aMachine, anotherClient, aShop, callback, claimsOf, type Shop, token } from './shop.ts';
import { WebBrowser } from './web-browser.ts';

/** The certified client library, with nothing of ours between it and the endpoints. */
let cognito: TestCognito;
let shop: Shop;
let machine: Required<Shop>;
const email = anEmail();
let sub: string;

beforeAll(async () => {
  cognito = await startCognito();
  shop = await aShop(cognito);
  machine = await aMachine(cognito, shop);
  sub = await aUser(cognito, shop, email);
});
afterAll(() => cognito.close());

const discovered = ({ poolId, clientId }: Shop, authentication: openid.ClientAuth) =>
  openid.discovery(new URL(`${cognito.url}/${poolId}`), clientId, undefined, authentication, {
    execute: [openid.allowInsecureRequests],
  });

async function codeFlow(client: Shop, config: openid.Configuration) {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  });
  const browser = new WebBrowser(client.home);
  const choice = await browser.submit(await browser.get(url.href), 'identify', { username: email });
  const { location = '' } = await browser.submit(choice, 'password', { password });
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return openid.authorizationCodeGrant(config, new URL(location), checks);
}

describe('openid-client', () => {
  it('finds the endpoints', async () => {
    const config = await discovered(shop, openid.None());
    expect(config.serverMetadata()).toMatchObject({
      issuer: `${cognito.url}/${shop.poolId}`,
      authorization_endpoint: `${shop.home}/oauth2/authorize`,
      token_endpoint: `${shop.home}/oauth2/token`,
      userinfo_endpoint: `${shop.home}/oauth2/userInfo`,
      revocation_endpoint: `${shop.home}/oauth2/revoke`,
      end_session_endpoint: `${shop.home}/logout`,
    });
  });

  it('passes code flow with PKCE, userInfo, refresh and revocation', async () => {
    const config = await discovered(shop, openid.None());
    const tokens = await codeFlow(shop, config);
    expect(tokens.claims()).toMatchObject({ sub, email });
    expect(await openid.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({ sub, email });
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.claims()).toMatchObject({ sub });
    await openid.tokenRevocation(config, tokens.refresh_token ?? '');
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(openid.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow();
  });

  it.each([
    ['in the header', openid.ClientSecretBasic],
    ['in the form', openid.ClientSecretPost],
  ])('passes the code flow of a confidential client with its secret %s', async (_where, authentication) => {
    const confidential = await anotherClient(cognito, shop, { GenerateSecret: true });
    const config = await discovered(confidential, authentication(confidential.clientSecret ?? ''));
    expect((await codeFlow(confidential, config)).claims()).toMatchObject({ sub });
  });

  it('passes client credentials, for all scopes and for one', async () => {
    const config = await discovered(machine, openid.ClientSecretBasic(machine.clientSecret));
    const all = await openid.clientCredentialsGrant(config);
    expect(claimsOf(all.access_token)).toMatchObject({
      sub: machine.clientId,
      client_id: machine.clientId,
      scope: 'orders/read orders/write',
      token_use: 'access',
      version: 2,
    });
    expect(all.refresh_token).toBeUndefined();
    expect(all.id_token).toBeUndefined();
    const one = await openid.clientCredentialsGrant(config, { scope: 'orders/read' });
    expect(claimsOf(one.access_token).scope).toBe('orders/read');
  });
});

describe('the token endpoint', () => {
  const credentials = () => ({ client_id: machine.clientId, client_secret: machine.clientSecret });
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });

  it.each<[string, () => Record<string, string>, string]>([
    ['no grant type', () => credentials(), 'invalid_request'],
    ['the password grant', () => ({ ...credentials(), grant_type: 'password' }), 'unsupported_grant_type'],
    [
      'a name that objects have',
      () => ({ ...credentials(), grant_type: 'constructor' }),
      'unsupported_grant_type',
    ],
    ['no client', () => ({ grant_type: 'client_credentials' }), 'invalid_request'],
    [
      'a wrong secret',
      () => ({ ...credentials(), grant_type: 'client_credentials', client_secret: 'wrong' }),
      'invalid_client',
    ],
    [
      'no secret',
      () => ({ grant_type: 'client_credentials', client_id: machine.clientId }),
      'invalid_client',
    ],
    [
      'a public client as a machine',
      () => ({ grant_type: 'client_credentials', client_id: shop.clientId }),
      'unauthorized_client',
    ],
    [
      'a machine with a code',
      () => ({ ...credentials(), grant_type: 'authorization_code', code: 'x', redirect_uri: callback }),
      'unauthorized_client',
    ],
    [
      'a scope that is not its own',
      () => ({ ...credentials(), grant_type: 'client_credentials', scope: 'openid' }),
      'invalid_scope',
    ],
    [
      'metadata that is no object of strings',
      () => ({ ...credentials(), grant_type: 'client_credentials', aws_client_metadata: '{"a":1}' }),
      'invalid_request',
    ],
  ])('refuses %s', async (_what, fields, error) => {
    expect(await token(shop, fields())).toMatchObject({ status: 400, body: { error } });
  });

  it('refuses two ways to authenticate at once, and the secret of a client that has none', async () => {
    const both = { ...credentials(), grant_type: 'client_credentials' };
    const twice = await token(shop, both, basic(machine.clientId, machine.clientSecret));
    expect(twice.body.error).toBe('invalid_request');
    const none = {
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_id: shop.clientId,
      client_secret: 'x',
    };
    expect((await token(shop, none)).body.error).toBe('invalid_client');
  });

  it('may be called by a page of any origin, and its answer is not kept', async () => {
    const response = await fetch(`${shop.home}/oauth2/token`, { method: 'POST' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const preflight = await fetch(`${shop.home}/oauth2/token`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(200);
  });
});
