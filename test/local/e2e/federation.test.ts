import { createHash } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import { readForm, register } from '../../../scripts/journey/registration.ts';
import { Customer } from '../../support/customer.ts';
import { type FederatedCloud, openFederatedCloud } from '../../support/federated-cloud.ts';
import { Visitor } from '../../support/visitor.ts';

const verifier = 'a-code-verifier-of-at-least-forty-three-characters';
let world: FederatedCloud;
let people = 0;
beforeAll(async () => {
  world = await openFederatedCloud();
}, 240_000); // builds, synthesizes and deploys a configuration of its own
afterAll(() => world?.stop());

/** Somebody at the provider, with an address that it calls verified or not. */
const become = (email: string, verified = true) => {
  const subject = `Person-${++people}`;
  world.provider.person = { subject, claims: { email, email_verified: verified, name: 'Ada Lovelace' } };
  return world.provider.person;
};

/** What the app asks for; of everybody, or of the people of one provider. */
const authorizeUrl = (provider?: string): string =>
  `${world.baseUrl}/oauth2/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: shopClientId(world.cloud.outputs),
    redirect_uri: world.callback,
    scope: 'openid email profile vestibule/profile.read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(provider && { identity_provider: provider }),
  })}`;

const queryOf = async (end: URL | Response): Promise<URLSearchParams> => {
  if (!(end instanceof URL)) throw new Error(`ended with ${end.status}: ${await end.text()}`);
  return end.searchParams;
};

/** From the app's own button through the provider back to the app. */
const signIn = async (provider = 'Acme', visitor = new Visitor()): Promise<URLSearchParams> =>
  queryOf(await visitor.follow(authorizeUrl(provider), world.callback));

/** From the pool's sign-in page, by the provider's button on it. */
async function press(provider: string, visitor: Visitor): Promise<URL | Response> {
  const page = await visitor.follow(authorizeUrl(), world.callback);
  if (page instanceof URL) throw new Error('was signed in already');
  const buttons = Array.from((await page.text()).matchAll(/<a class="button" href="([^"]+)">([^<]+)</g));
  const [, href = ''] = buttons.find(([, , text]) => text?.includes(provider)) ?? [];
  return visitor.follow(href.replaceAll('&amp;', '&'), world.callback);
}

/** What a provider's page does with its answer: a form that sends itself. */
async function sendForm(answer: URL | Response, visitor: Visitor): Promise<URLSearchParams> {
  if (answer instanceof URL) throw new Error('expected a form');
  const body = new URLSearchParams((await answer.json()) as Record<string, string>);
  const to = `${world.baseUrl}/saml2/idpresponse`;
  return queryOf(await visitor.follow(to, world.callback, { method: 'POST', body }));
}

interface Tokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

const askForTokens = (grant: Record<string, string>): Promise<Response> =>
  fetch(`${world.baseUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: shopClientId(world.cloud.outputs), ...grant }),
  });

async function tokensAfter(answer: URLSearchParams): Promise<Tokens> {
  expect(answer.get('error_description')).toBeNull();
  const response = await askForTokens({
    grant_type: 'authorization_code',
    redirect_uri: world.callback,
    code_verifier: verifier,
    code: answer.get('code') ?? '',
  });
  return (await response.json()) as Tokens;
}

const claimsAfter = async (answer: URLSearchParams): Promise<Record<string, unknown>> =>
  decodeJwt((await tokensAfter(answer)).id_token);

/** What a route of the Identity API says to a token. */
async function atTheApi(token: string, path = '/v1/me/profile', method = 'GET') {
  const address = `${world.cloud.outputs.endpoints.identityApi.replace(/\/$/, '')}${path}`;
  const response = await fetch(address, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const shopClientId = (outputs: object): string => {
  const { stack } = outputs as { stack: Record<string, string> };
  return stack.ShopClientId ?? '';
};

const linkCodeOf = (answer: URLSearchParams): string => {
  const [, code] =
    /LINK_REQUIRED ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(answer.get('error_description') ?? '') ?? [];
  if (!code) throw new Error(`no code: ${answer.get('error_description')}`);
  return code;
};

describe('signing in with a provider', () => {
  it('makes an account at the first time and finds it again later', async () => {
    become(`first${Date.now()}@harbour.example`);
    const first = await claimsAfter(await signIn());
    expect(first).toMatchObject({ email_verified: true, name: 'Ada Lovelace' });
    expect((await claimsAfter(await signIn())).sub).toBe(first.sub);
  });

  it('makes an account apart for an address that nobody vouches for', async () => {
    const owner = await new Customer(world.cloud.outputs).register();
    become(owner.email);
    const claims = await claimsAfter(await signIn('Loose'));
    expect(claims.email_verified).toBe(false);
    await owner.signIn();
    expect(claims.sub).not.toBe(decodeJwt(owner.api.accessToken ?? '').sub);
  });

  it('keeps its address from being registered again, without saying so', async () => {
    const { claims } = become(`kept${Date.now()}@harbour.example`);
    await claimsAfter(await signIn());
    const customer = new Customer(world.cloud.outputs, String(claims.email));
    // 202 like everybody; the trigger has refused it, and no code comes.
    const { api, email, password } = customer;
    await register(api, { email, password }, await readForm(api));
    expect((await customer.startSignIn()).status).toBe(401);
  });
});

describe('from the sign-in page of the pool', () => {
  it('the button of an OIDC provider leads to tokens', async () => {
    const { claims } = become(`button${Date.now()}@harbour.example`);
    const answer = await queryOf(await press('Acme', new Visitor()));
    expect(await claimsAfter(answer)).toMatchObject({ email: claims.email, email_verified: true });
  });

  it('the button of a SAML provider leads to tokens, and to the same person again', async () => {
    const email = `campus${Date.now()}@harbour.example`;
    world.campus.person = { nameId: 'Grace-1906', attributes: { mail: email, mailVerified: 'true' } };
    const visit = async () => {
      const visitor = new Visitor();
      return claimsAfter(await sendForm(await press('Campus', visitor), visitor));
    };
    const first = await visit();
    expect(first).toMatchObject({ email, email_verified: true });
    expect((await visit()).sub).toBe(first.sub);
  });

  it('the answer of a SAML provider is heard once, and in no other browser', async () => {
    const visitor = new Visitor();
    const answer = await press('Campus', visitor);
    if (answer instanceof URL) throw new Error('expected a form');
    const body = new URLSearchParams((await answer.json()) as Record<string, string>);
    const to = `${world.baseUrl}/saml2/idpresponse`;
    expect((await new Visitor().send(to, { method: 'POST', body })).status).toBe(400);
    expect((await visitor.send(to, { method: 'POST', body })).status).toBe(302);
    expect((await visitor.send(to, { method: 'POST', body })).status).toBe(400);
  });
});

describe('tokens of the sign-in pages at the Identity API', () => {
  it('read what the app may ask for, and open nothing else', async () => {
    const { claims } = become(`reader${Date.now()}@harbour.example`);
    const tokens = await tokensAfter(await signIn());
    expect(await atTheApi(tokens.access_token)).toMatchObject({ status: 200, body: { email: claims.email } });
    for (const [path, method] of [
      ['/v1/me/consents', 'GET'],
      ['/v1/me/sessions', 'GET'],
      ['/v1/me/links', 'GET'],
      ['/v1/me/step-up', 'POST'],
    ] as const) {
      expect((await atTheApi(tokens.access_token, path, method)).status, path).not.toBe(200);
    }
    expect((await atTheApi(tokens.id_token)).status).toBe(401);
  });

  it('show no address that nobody has proven', async () => {
    become(`unproven${Date.now()}@harbour.example`);
    const tokens = await tokensAfter(await signIn('Loose'));
    const { status, body } = await atTheApi(tokens.access_token);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('email');
  });

  it('end with a lock, at the pages and at a refresh, also where the user pool does not know of it', async () => {
    become(`locked${Date.now()}@harbour.example`);
    const visitor = new Visitor();
    const tokens = await tokensAfter(await signIn('Acme', visitor));
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const refreshed = await askForTokens(refresh);
    expect(refreshed.status).toBe(200);
    const next = ((await refreshed.json()) as Partial<Tokens>).refresh_token ?? tokens.refresh_token;
    await lock(String(decodeJwt(tokens.id_token).sub));

    const again = await askForTokens({ ...refresh, refresh_token: next });
    expect(again.status).toBe(400);
    // Both the session of the pages and the provider know this browser.
    const silent = await queryOf(await visitor.follow(authorizeUrl(), world.callback));
    expect(silent.has('code')).toBe(false);
    expect((await signIn('Acme', visitor)).has('code')).toBe(false);
  });
});

/** What an operator's lock writes first; the user pool, which it tells next, has not heard of it. */
async function lock(sub: string): Promise<void> {
  const { cloud, outputs } = world.cloud;
  const { region, endpoints, credentials } = outputs;
  const account = (cloud.functions as FunctionRuntime).find('account-api');
  const TableName = account?.specification.environment.PROFILES_TABLE;
  const client = new DynamoDBClient({ region, endpoint: endpoints.aws, credentials });
  const Item = marshall({ sub, item: 'lock', reason: 'FRAUD', by: 'test', at: '2026-11-22T12:00:00.000Z' });
  await client.send(new PutItemCommand({ TableName, Item }));
  client.destroy();
}

describe('linking', () => {
  it('joins after proof of both sides, and comes apart again', async () => {
    const owner = await new Customer(world.cloud.outputs).register();
    await owner.signIn();
    const sub = decodeJwt(owner.api.accessToken ?? '').sub;
    const person = become(owner.email.toUpperCase());
    const code = linkCodeOf(await signIn());

    expect((await owner.api.send('POST', '/v1/me/links', { code: '0000-0000' })).body.code).toBe(
      'LINK_REJECTED',
    );
    const link = await owner.api.expect<{ id: string }>(201, 'POST', '/v1/me/links', { code });
    expect(link.body).toMatchObject({ provider: 'Acme', removable: true });

    // The provider's account is this one now, whatever address it shows from here on.
    world.provider.person = { ...person, claims: { email: 'edited@harbour.example', email_verified: true } };
    const linked = await claimsAfter(await signIn());
    expect(linked).toMatchObject({ sub, email: owner.email, email_verified: true });

    await owner.api.expect(204, 'DELETE', `/v1/me/links/${link.body.id}`);
    expect((await owner.api.expect(200, 'GET', '/v1/me/links')).body).toEqual({ links: [] });
    world.provider.person = { ...person, claims: { email: owner.email, email_verified: true } };
    world.cloud.clock.advance(60_000);
    linkCodeOf(await signIn());
    await owner.signIn();
    expect(decodeJwt(owner.api.accessToken ?? '').sub).toBe(sub);
  });

  it('asks for a fresh proof of the account', async () => {
    const owner = await new Customer(world.cloud.outputs).register();
    await owner.signIn();
    become(owner.email);
    world.cloud.clock.advance(9 * 60_000);
    const code = linkCodeOf(await signIn());
    world.cloud.clock.advance(90_000);
    const answer = await owner.api.send('POST', '/v1/me/links', { code });
    expect(['STEP_UP_REQUIRED', 'TOKEN_REJECTED']).toContain(answer.body.code);
  });
});
