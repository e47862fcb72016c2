import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** From the app's button through the provider back to the app. */
async function signIn(provider = 'Acme'): Promise<URLSearchParams> {
  const { outputs } = world.cloud;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: shopClientId(outputs),
    redirect_uri: world.callback,
    scope: 'openid email profile vestibule/profile.read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    identity_provider: provider,
  });
  const end = await new Visitor().follow(`${world.baseUrl}/oauth2/authorize?${query}`, world.callback);
  if (!(end instanceof URL)) throw new Error(`ended with ${end.status}: ${await end.text()}`);
  return end.searchParams;
}

async function claimsAfter(answer: URLSearchParams): Promise<Record<string, unknown>> {
  expect(answer.get('error_description')).toBeNull();
  const response = await fetch(`${world.baseUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: shopClientId(world.cloud.outputs),
      redirect_uri: world.callback,
      code_verifier: verifier,
      code: answer.get('code') ?? '',
    }),
  });
  const tokens = (await response.json()) as { id_token: string };
  return decodeJwt(tokens.id_token);
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
