import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../client/client.ts';
import { createTokenSession, type KeptTokens } from '../../../client/token-session.ts';
import { fakeApi, refused, type Seen } from './fake-api.ts';

const NOW = Date.UTC(2026, 10, 22);
const minute = 60_000;
const refreshRoute = 'POST /v1/sessions/refresh';
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

const spent: KeptTokens = { accessToken: 'access-0', refreshToken: 'refresh-0', goodUntil: NOW - minute };

/** One origin's storage, as slow as a real one. */
function sharedStorage(first?: KeptTokens) {
  const state = { kept: first, isBroken: false };
  return {
    state,
    load: async () => {
      await later();
      if (state.isBroken) throw new Error('locked');
      return state.kept;
    },
    save: async (next: KeptTokens) => {
      await later();
      if (state.isBroken) throw new Error('full');
      state.kept = next;
    },
  };
}

/** Takes each refresh token once, without the seconds of patience that the real one has. */
function strictApi(before?: (seen: Seen) => void) {
  let round = 0;
  return fakeApi(async (seen) => {
    await later();
    before?.(seen);
    if (seen.route === 'POST /v1/contexts') return { body: { deviceToken: 'device-1' } };
    if (seen.route !== refreshRoute) return { body: {} };
    const { refreshToken } = seen.body as { refreshToken: string };
    if (refreshToken !== `refresh-${round}`) return refused(401, 'SESSION_REJECTED');
    round += 1;
    return {
      body: { accessToken: `access-${round}`, refreshToken: `refresh-${round}`, expiresInSeconds: 600 },
    };
  });
}

type Storage = ReturnType<typeof sharedStorage>;
const openTab = (api: ReturnType<typeof strictApi>, storage: Storage) =>
  createTokenSession(createClient({ fetch: api.fetch }), { storage, now: () => NOW });

const refreshesOf = ({ seen }: ReturnType<typeof strictApi>) =>
  seen.filter(({ route }) => route === refreshRoute).length;

/** Web Locks as browsers have them: one holder per name, the others in their order. */
function fakeLocks() {
  const queues = new Map<string, Promise<unknown>>();
  const names = new Set<string>();
  const request = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    names.add(name);
    const turn = (queues.get(name) ?? Promise.resolve()).then(work);
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  return { request, names };
}

afterEach(() => vi.unstubAllGlobals());

describe('several tabs over one storage', () => {
  it('refresh once for all, and none uses a token twice', async () => {
    const locks = fakeLocks();
    vi.stubGlobal('navigator', { locks });
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    const tabs = [1, 2, 3, 4].map(() => openTab(api, storage));
    const tokens = await Promise.all(tabs.map((tab) => tab.accessToken()));
    expect(tokens).toEqual(Array(4).fill('access-1'));
    expect(refreshesOf(api)).toBe(1);
    expect([...locks.names].join()).not.toContain('refresh-0');
  });

  it('refresh one after the other where fresh tokens are wanted, each with the newest', async () => {
    vi.stubGlobal('navigator', { locks: fakeLocks() });
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    await Promise.all([openTab(api, storage).refresh(), openTab(api, storage).refresh()]);
    expect(refreshesOf(api)).toBe(2);
    expect(storage.state.kept?.refreshToken).toBe('refresh-2');
  });

  it('use a token once when they wake up together, also when one of them knows an older one', async () => {
    vi.stubGlobal('navigator', { locks: fakeLocks() });
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    let clock = NOW;
    const open = () => createTokenSession(createClient({ fetch: api.fetch }), { storage, now: () => clock });
    const [stale, fresh] = [open(), open()];
    await stale.isSignedIn();
    await fresh.refresh();
    clock += 20 * minute;
    const tokens = await Promise.all([stale.accessToken(), fresh.accessToken()]);
    expect(tokens).toEqual(['access-2', 'access-2']);
    expect(refreshesOf(api)).toBe(2);
  });

  it('do not bring an older session back with what another answer says', async () => {
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    const [stale, fresh] = [openTab(api, storage), openTab(api, storage)];
    await stale.isSignedIn();
    await fresh.refresh();
    await stale.call('POST /v1/contexts', { body: { identifier: 'anna@example.com' } });
    expect(storage.state.kept).toMatchObject({ refreshToken: 'refresh-1', deviceToken: 'device-1' });
  });

  it('go on where a frame may not lock', async () => {
    const request = () => Promise.reject(new DOMException('sandboxed', 'SecurityError'));
    vi.stubGlobal('navigator', { locks: { request } });
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    expect(await openTab(api, storage).accessToken()).toBe('access-1');
  });

  it('know of a sign-in and of a sign-out elsewhere', async () => {
    const [api, storage] = [strictApi(), sharedStorage()];
    const [one, other] = [openTab(api, storage), openTab(api, storage)];
    expect(await one.isSignedIn()).toBe(false);
    storage.state.kept = { ...spent, goodUntil: NOW + 5 * minute };
    expect(await one.isSignedIn()).toBe(true);
    await other.signOut();
    expect(await one.isSignedIn()).toBe(false);
    await expect(one.refresh()).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(refreshesOf(api)).toBe(0);
  });

  it('leave a new sign-in of another tab alone when the old session is refused', async () => {
    const storage = sharedStorage({ ...spent, refreshToken: 'ended' });
    const anew = { ...spent, refreshToken: 'refresh-new' };
    const api = strictApi(({ route }) => {
      if (route === refreshRoute) storage.state.kept = anew;
    });
    await expect(openTab(api, storage).refresh()).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(storage.state.kept).toEqual(anew);
  });
});

describe('a storage that fails', () => {
  it('is asked again after it could not be read', async () => {
    const [api, storage] = [strictApi(), sharedStorage({ ...spent, goodUntil: NOW + 5 * minute })];
    storage.state.isBroken = true;
    const session = openTab(api, storage);
    await expect(session.accessToken()).rejects.toThrow('locked');
    storage.state.isBroken = false;
    expect(await session.accessToken()).toBe('access-0');
  });

  it('does not bring a used refresh token back when it could not keep the new one', async () => {
    const [api, storage] = [strictApi(), sharedStorage(spent)];
    const session = openTab(api, storage);
    await session.isSignedIn();
    const { load } = storage;
    storage.load = async () => storage.state.kept;
    storage.state.isBroken = true;
    await expect(session.refresh()).rejects.toThrow('full');
    Object.assign(storage.state, { isBroken: false });
    storage.load = load;
    await session.refresh();
    expect(storage.state.kept?.refreshToken).toBe('refresh-2');
  });
});
