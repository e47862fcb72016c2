import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openApp, type SecureStorage, type UsePasskey } from '../../../examples/client/native/app.ts';
import type { RunningCloud } from '../../../local/cloud.ts';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

/** The examples of docs/client.md, as they stand there. */
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const api = () => cloud.outputs.endpoints.identityApi;
const registered = () => new Customer(cloud.outputs).register();
const codeOf = ({ mailbox, email }: Customer) => mailbox.nextCode(email);

function keychain(): SecureStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
  };
}

const noPasskey: UsePasskey = () => Promise.reject(new Error('no passkey was expected'));

async function signedInApp(person: Customer, storage = keychain(), usePasskey = noPasskey) {
  const app = openApp(api(), storage, usePasskey);
  const asked = await app.signInWithPassword(person.email, person.password);
  expect(asked).toMatchObject({ step: 'challenge', method: 'email-code' });
  expect(await app.signIn.answer(await codeOf(person))).toMatchObject({ step: 'signed-in' });
  return app;
}

describe('the native app with the client', () => {
  it('says that a code was wrong, and is expired when no attempt is left', async () => {
    const person = await registered();
    const app = openApp(api(), keychain(), noPasskey);
    await app.signInWithPassword(person.email, person.password);
    expect(await app.signIn.answer('00000000')).toMatchObject({ step: 'challenge', notice: 'rejected' });
    for (let i = 0; i < 10; i += 1) await app.signIn.answer('00000000');
    expect(app.signIn.state).toMatchObject({ step: 'expired', problem: { code: 'FLOW_REJECTED' } });
  });

  it('stays at the beginning after a wrong password, and signs in with the right one', async () => {
    const person = await registered();
    const app = openApp(api(), keychain(), noPasskey);
    const refused = await app.signInWithPassword(person.email, 'not the password at all');
    expect(refused).toMatchObject({ step: 'identify', problem: { code: 'SIGN_IN_REJECTED' } });
    expect(await app.signInWithPassword(person.email, person.password)).toMatchObject({ step: 'challenge' });
  });

  it('sends another code, and takes that one', async () => {
    const person = await registered();
    const app = openApp(api(), keychain(), noPasskey);
    await app.signInWithPassword(person.email, person.password);
    await codeOf(person);
    expect(await app.signIn.resend()).toMatchObject({ step: 'challenge', notice: 'resent' });
    expect(await app.signIn.answer(await codeOf(person))).toMatchObject({ step: 'signed-in' });
  });

  it('is a known device after its first sign-in, also when it starts anew', async () => {
    const [person, storage] = [await registered(), keychain()];
    const app = await signedInApp(person, storage);
    await app.identity.signOut();
    const again = openApp(api(), storage, noPasskey);
    expect(await again.signInWithPassword(person.email, person.password)).toMatchObject({
      step: 'signed-in',
    });
  });

  it('goes on past the life of an access token, with one refresh for calls at the same moment', async () => {
    const storage = keychain();
    const { identity } = await signedInApp(await registered(), storage);
    const before = storage.kept.get('identity');
    cloud.clock.advance(11 * 60_000);
    const [profile, sessions] = await Promise.all([
      identity.call('GET /v1/me/profile'),
      identity.call('GET /v1/me/sessions'),
      identity.call('GET /v1/me/factors'),
    ]);
    expect(profile.email).toBeDefined();
    expect(sessions.sessions).toHaveLength(1);
    expect(storage.kept.get('identity')).not.toBe(before);
  });

  it('signs in by passkey alone, and proves it again inside the session', async () => {
    const authenticator = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
    const usePasskey: UsePasskey = async (asked) =>
      authenticator.get(asked as Parameters<SoftwareAuthenticator['get']>[0]) as Awaited<
        ReturnType<UsePasskey>
      >;
    const app = await signedInApp(await registered(), keychain(), usePasskey);
    const { options } = await app.identity.call('POST /v1/me/passkeys/options');
    type Created = Parameters<typeof app.identity.call<'POST /v1/me/passkeys'>>[1]['body']['credential'];
    // The API's description says of options no more than what every app needs.
    const creation = options as unknown as Parameters<SoftwareAuthenticator['create']>[0];
    const credential = authenticator.create(creation) as Created;
    await app.identity.call('POST /v1/me/passkeys', { body: { credential } });
    await app.identity.signOut();
    app.signIn.reset();
    expect(await app.signInWithPasskey()).toMatchObject({ step: 'signed-in' });

    const asked = await app.stepUp.start({ method: 'passkey' });
    if (asked.step !== 'challenge' || !asked.options)
      throw new Error(`expected a passkey, got ${asked.step}`);
    const proof = await usePasskey(asked.options);
    expect(await app.stepUp.credential(proof)).toMatchObject({ step: 'proven', level: 2 });
  });
});

describe('the server with route handlers', () => {
  /** A browser as far as these handlers see one. */
  async function openSite() {
    vi.stubEnv('IDENTITY_API', api());
    const load = async () => ({
      'POST /api/sign-in': (await import('../../../examples/client/next/app/api/sign-in/route.ts')).POST,
      'POST /api/sign-in/answer': (
        await import('../../../examples/client/next/app/api/sign-in/answer/route.ts')
      ).POST,
      'GET /api/profile': (await import('../../../examples/client/next/app/api/profile/route.ts')).GET,
      'POST /api/sign-out': (await import('../../../examples/client/next/app/api/sign-out/route.ts')).POST,
    });
    const routes = await load();
    let cookie = '';
    const seen: string[] = [];
    return {
      seen,
      cookie: () => cookie,
      take: (other: string) => {
        cookie = other;
      },
      async send(route: keyof typeof routes, body?: object, origin = 'https://shop.example') {
        const [method = '', path = ''] = route.split(' ');
        const answer = await routes[route](
          new Request(`https://shop.example${path}`, {
            method,
            headers: { cookie, origin },
            ...(body && { body: JSON.stringify(body) }),
          }),
        );
        cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
        const text = await answer.text();
        seen.push(text);
        return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
      },
    };
  }

  it('signs in over two requests, and keeps every token from the browser', async () => {
    const [person, site] = [await registered(), await openSite()];
    const { email, password } = person;
    const asked = await site.send('POST /api/sign-in', { identifier: email, password });
    expect(asked.body).toMatchObject({ step: 'challenge', method: 'email-code' });
    const done = await site.send('POST /api/sign-in/answer', { code: await codeOf(person) });
    expect(done.body).toEqual({ step: 'signed-in' });
    expect((await site.send('GET /api/profile')).body).toMatchObject({ email });
    expect(site.seen.join('\n')).not.toMatch(/Token|flow|eyJ/);
    expect((await site.send('POST /api/sign-out')).status).toBe(200);
    expect((await site.send('GET /api/profile')).status).toBe(401);
  });

  it('gives nobody a session for an id that it did not make, and takes nothing from other sites', async () => {
    const [site, planted] = [await openSite(), '__Host-shop=planted'];
    const refused = await site.send('GET /api/profile');
    expect(refused.status).toBe(401);
    expect(site.cookie()).not.toBe(planted);
    const foreign = await site.send('POST /api/sign-out', {}, 'https://evil.example');
    expect(foreign.status).toBe(403);
  });

  it('has another id after the sign-in than whoever read it before', async () => {
    const [person, site] = [await registered(), await openSite()];
    const { email, password } = person;
    await site.send('POST /api/sign-in', { identifier: email, password });
    const before = site.cookie();
    const done = await site.send('POST /api/sign-in/answer', { code: await codeOf(person) });
    expect(done.body).toEqual({ step: 'signed-in' });
    expect((await site.send('GET /api/profile')).status).toBe(200);
    expect(site.cookie()).not.toBe(before);
    site.take(before);
    expect((await site.send('GET /api/profile')).status).toBe(401);
  });

  it('stays at the beginning after a wrong password', async () => {
    const [person, site] = [await registered(), await openSite()];
    const refused = await site.send('POST /api/sign-in', {
      identifier: person.email,
      password: 'not it at all',
    });
    expect(refused.body).toMatchObject({ step: 'identify', problem: expect.any(String) });
  });
});
