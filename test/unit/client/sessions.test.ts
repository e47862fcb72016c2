import { describe, expect, it } from 'vitest';
import { createClient } from '../../../client/client.ts';
import { createCookieSession } from '../../../client/cookie-session.ts';
import { createTokenSession, type KeptTokens } from '../../../client/token-session.ts';
import { fakeApi, type Planned, refused, type Seen } from './fake-api.ts';

const NOW = Date.UTC(2026, 10, 22);
const minute = 60_000;

function keychain(kept?: KeptTokens) {
  const state = { kept, saves: 0 };
  return {
    state,
    load: async () => state.kept,
    save: async (next: KeptTokens) => {
      state.kept = next;
      state.saves += 1;
    },
  };
}

const signedIn: KeptTokens = {
  accessToken: 'access-0',
  refreshToken: 'refresh-0',
  deviceToken: 'device-0',
  goodUntil: NOW + 10 * minute,
};

/** Takes each refresh token once, and the access token of the last refresh. */
function rotatingApi(answerOf: (seen: Seen) => Planned | undefined = () => undefined) {
  let round = 0;
  return fakeApi((seen) => {
    const special = answerOf(seen);
    if (special) return special;
    if (seen.route === 'POST /v1/sessions/refresh') {
      const { refreshToken } = seen.body as { refreshToken: string };
      if (refreshToken !== `refresh-${round}`) return refused(401, 'SESSION_REJECTED');
      round += 1;
      return {
        body: { accessToken: `access-${round}`, refreshToken: `refresh-${round}`, expiresInSeconds: 600 },
      };
    }
    if (seen.route.endsWith('/sign-out')) return { status: 204 };
    return seen.headers.authorization === `Bearer access-${round}`
      ? { body: { devices: [] } }
      : refused(401, 'TOKEN_REJECTED');
  });
}

function open(storage: ReturnType<typeof keychain>, api = rotatingApi(), clock = { now: NOW }) {
  const client = createClient({ fetch: api.fetch });
  return { api, clock, session: createTokenSession(client, { storage, now: () => clock.now }) };
}

const refreshes = (routes: readonly string[]): number =>
  routes.filter((route) => route === 'POST /v1/sessions/refresh').length;

describe('a session with tokens', () => {
  it('sends the device to public routes and the access token to those of the person', async () => {
    const { api, session } = open(keychain(signedIn));
    await session.call('GET /v1/me/devices');
    expect(api.seen[0]?.headers).toEqual({
      authorization: 'Bearer access-0',
      'x-vestibule-device': 'device-0',
    });
    await session
      .call('POST /v1/password-resets', { body: { identifier: 'ada@example.com' } })
      .catch(() => undefined);
    expect(api.seen[1]?.headers.authorization).toBeUndefined();
  });

  it('keeps the tokens of a sign-in before anybody gets the answer', async () => {
    const storage = keychain();
    const answer = {
      state: 'signed-in',
      accessToken: 'a',
      refreshToken: 'r',
      deviceToken: 'd',
      expiresInSeconds: 600,
    };
    const { session } = open(
      storage,
      rotatingApi(() => ({ body: answer })),
    );
    await session.call('POST /v1/sessions', { body: { identifier: 'ada@example.com' } });
    expect(storage.state.kept).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      deviceToken: 'd',
      goodUntil: NOW + 10 * minute,
    });
    expect(await session.isSignedIn()).toBe(true);
  });

  it('refreshes once for calls at the same moment, ahead of the end', async () => {
    const storage = keychain(signedIn);
    const { api, clock, session } = open(storage);
    clock.now = NOW + 9.6 * minute;
    await Promise.all([1, 2, 3].map(() => session.call('GET /v1/me/devices')));
    expect(refreshes(api.routes())).toBe(1);
    expect(storage.state.kept?.refreshToken).toBe('refresh-1');
  });

  it('refreshes once when the API refuses a token that looked good, and repeats the calls', async () => {
    const { api, session } = open(keychain({ ...signedIn, accessToken: 'revoked' }));
    await Promise.all([1, 2, 3].map(() => session.call('GET /v1/me/devices')));
    expect(refreshes(api.routes())).toBe(1);
  });

  it('asks again at once for a refresh whose answer was lost', async () => {
    let tries = 0;
    const api = rotatingApi(({ route }) =>
      route.endsWith('/refresh') && tries++ === 0 ? { broken: true } : undefined,
    );
    const { session } = open(keychain(signedIn), api);
    await session.refresh();
    expect(refreshes(api.routes())).toBe(2);
  });

  it('takes what another instance over the same storage has refreshed', async () => {
    const storage = keychain(signedIn);
    const api = rotatingApi();
    const clock = { now: NOW + 11 * minute };
    const [first, second] = [open(storage, api, clock).session, open(storage, api, clock).session];
    await second.isSignedIn();
    await first.call('GET /v1/me/devices');
    await second.call('GET /v1/me/devices');
    expect(refreshes(api.routes())).toBe(1);
  });

  it('forgets a session that is over, but not the device', async () => {
    const storage = keychain({ ...signedIn, refreshToken: 'spent' });
    const { session } = open(storage);
    await expect(session.refresh()).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(storage.state.kept).toEqual({ deviceToken: 'device-0' });
    expect(await session.isSignedIn()).toBe(false);
  });

  it('keeps the session when a refresh cannot be had for the moment', async () => {
    const storage = keychain(signedIn);
    const { session } = open(
      storage,
      rotatingApi(() => refused(503, 'UNAVAILABLE')),
    );
    await expect(session.refresh()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(storage.state.kept).toEqual(signedIn);
  });

  it('signs out at the API and forgets the tokens', async () => {
    const storage = keychain(signedIn);
    const { api, session } = open(storage);
    await session.signOut();
    expect(api.seen[0]?.body).toEqual({ refreshToken: 'refresh-0' });
    expect(storage.state.kept).toEqual({ deviceToken: 'device-0' });
  });
});

describe('a session by cookie', () => {
  const own = { id: 's', current: true, methods: [], level: 1, client: 'c' };

  it('is found after a load, or nobody is signed in', async () => {
    const api = fakeApi(() => ({ body: { sessions: [{ ...own, current: false }, own], csrf: 'one' } }));
    expect(await createCookieSession(createClient({ fetch: api.fetch })).resume()).toEqual(own);
    const nobody = fakeApi(() => refused(401, 'TOKEN_REJECTED'));
    expect(await createCookieSession(createClient({ fetch: nobody.fetch })).resume()).toBeUndefined();
  });

  it('is refreshed for somebody who is there, from half of the idle time on, and by itself never', async () => {
    const clock = { now: NOW };
    const api = fakeApi(() => ({ body: { mode: 'cookie', csrf: 'one', level: 1, idleSeconds: 3_600 } }));
    const session = createCookieSession(createClient({ fetch: api.fetch }), { now: () => clock.now });
    await session.used();
    await session.call('POST /v1/sessions', { body: { identifier: 'ada@example.com', mode: 'cookie' } });
    clock.now = NOW + 29 * minute;
    await session.used();
    expect(refreshes(api.routes())).toBe(0);
    clock.now = NOW + 30 * minute;
    await Promise.all([session.used(), session.used()]);
    expect(refreshes(api.routes())).toBe(1);
  });
});
