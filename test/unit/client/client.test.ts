import { describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../client/client.ts';
import { NetworkFailure } from '../../../client/problem.ts';
import { fakeApi, refused } from './fake-api.ts';

const sessions = (csrf: string) => ({ body: { sessions: [], csrf } });
const profileChange = { headers: { 'if-match': '"1"' }, body: { fields: {} } };

describe('a call', () => {
  it('fills in the address, the query, the body and the headers', async () => {
    const api = fakeApi(() => ({ status: 204 }));
    const client = createClient({
      url: 'https://id.example',
      fetch: api.fetch,
      headers: { 'x-vestibule-brand': 'shop' },
    });
    await client.call('GET /v1/me/activity', { query: { limit: '5' } });
    await client.call('DELETE /v1/me/sessions/{id}', {
      params: { id: 'a/b' },
      headers: { authorization: 'Bearer t' },
    });
    expect(api.routes()).toEqual([
      'GET https://id.example/v1/me/activity?limit=5',
      'DELETE https://id.example/v1/me/sessions/a%2Fb',
    ]);
    expect(api.seen[1]?.headers).toEqual({ 'x-vestibule-brand': 'shop', authorization: 'Bearer t' });
  });

  it.each(['', '.', '..'])('goes to no other route than its own for the id "%s"', async (id) => {
    const api = fakeApi(() => ({ status: 204 }));
    const ended = createClient({ fetch: api.fetch }).call('DELETE /v1/me/sessions/{id}', {
      params: { id },
      headers: { authorization: 'Bearer t' },
    });
    await expect(ended).rejects.toThrow(TypeError);
    expect(api.seen).toEqual([]);
  });

  it('follows nobody to another place: tokens would go along', async () => {
    const asked: (string | undefined)[] = [];
    const client = createClient({
      fetch: async (_url, init) => {
        asked.push(init?.redirect);
        return Response.json({});
      },
    });
    await client.call('GET /v1/me/factors');
    expect(asked).toEqual(['error']);
  });

  it('rejects with the problem of the API', async () => {
    const api = fakeApi(() => ({
      status: 401,
      body: { code: 'STEP_UP_REQUIRED', detail: 'Prove it.', stepUp: { level: 2, maxAgeSeconds: 600 } },
    }));
    await expect(createClient({ fetch: api.fetch }).call('GET /v1/me/factors')).rejects.toMatchObject({
      name: 'IdentityProblem',
      code: 'STEP_UP_REQUIRED',
      message: 'Prove it.',
      stepUp: { level: 2 },
    });
  });

  it.each([
    { what: 'a broken connection', answer: { broken: true }, reason: 'unreachable' },
    { what: 'a page of somebody else (a hotel network)', answer: { body: '<html>' }, reason: 'unreadable' },
  ])('rejects with a network failure after $what', async ({ answer, reason }) => {
    const api = fakeApi(() => answer);
    const failed = createClient({ fetch: api.fetch }).call('GET /v1/me/factors');
    await expect(failed).rejects.toThrow(NetworkFailure);
    await expect(failed).rejects.toMatchObject({ reason });
  });

  it('is given up after the time of the client, or after its own', async () => {
    vi.useFakeTimers();
    try {
      const unending: typeof fetch = (_, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
      const client = createClient({ fetch: unending, timeoutMs: 60_000 });
      const [quick, patient] = [
        client.call('GET /v1/me/factors', { timeoutMs: 1_000 }).catch((failure: unknown) => failure),
        client.call('GET /v1/me/factors').catch((failure: unknown) => failure),
      ];
      let isPatientOver = false;
      void patient.then(() => {
        isPatientOver = true;
      });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await quick).toMatchObject({ name: 'NetworkFailure', reason: 'timeout' });
      expect(isPatientOver).toBe(false);
      await vi.advanceTimersByTimeAsync(59_000);
      expect(await patient).toMatchObject({ reason: 'timeout' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes by the status of a refusal that is not the API’s own', async () => {
    const api = fakeApi(() => ({ status: 502, body: '<html>' }));
    const failed = createClient({ fetch: api.fetch }).call('GET /v1/me/factors');
    await expect(failed).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 502 });
  });

  it('ends with the signal of its caller', async () => {
    const api = fakeApi(() => ({}));
    const signal = AbortSignal.abort();
    const failed = createClient({ fetch: api.fetch }).call('GET /v1/me/factors', { signal });
    await expect(failed).rejects.toThrow(NetworkFailure);
    await expect(failed).rejects.toMatchObject({ reason: 'aborted', cause: signal.reason });
  });
});

describe('a repetition', () => {
  const putOff = (seconds: string) => refused(503, 'UNAVAILABLE', { 'retry-after': seconds });

  it('happens for a safe call that was put off for a moment, twice at the most', async () => {
    vi.useFakeTimers();
    try {
      const api = fakeApi((_, before) => (before.length < 2 ? putOff('1') : { body: { devices: [] } }));
      const answer = createClient({ fetch: api.fetch }).call('GET /v1/me/devices');
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await answer).toEqual({ devices: [] });
      const never = fakeApi(() => putOff('1'));
      const refusal = expect(
        createClient({ fetch: never.fetch }).call('GET /v1/me/devices'),
      ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await vi.advanceTimersByTimeAsync(10_000);
      await refusal;
      expect(never.seen).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    { why: 'a POST: whether it took effect is unknown', act: 'POST', seconds: '1' },
    { why: 'a long wait', act: 'GET', seconds: '60' },
  ])('does not happen for $why', async ({ act, seconds }) => {
    const api = fakeApi(() => putOff(seconds));
    const client = createClient({ fetch: api.fetch });
    const call =
      act === 'GET'
        ? client.call('GET /v1/me/devices')
        : client.call('POST /v1/password-resets', { body: { identifier: 'ada@example.com' } });
    await expect(call).rejects.toMatchObject({ retryAfterSeconds: Number(seconds) });
    expect(api.seen).toHaveLength(1);
  });
});

describe('the csrf value of a cookie session', () => {
  it('is kept from the sign-in, and sent with changes only', async () => {
    const api = fakeApi(({ route }) => (route.startsWith('POST') ? { body: { csrf: 'one' } } : { body: {} }));
    const client = createClient({ fetch: api.fetch });
    await client.call('POST /v1/sessions', { body: { identifier: 'ada@example.com', mode: 'cookie' } });
    await client.call('GET /v1/me/profile');
    await client.call('PATCH /v1/me/profile', profileChange);
    expect(api.seen.map(({ headers }) => headers['x-vestibule-csrf'])).toEqual([undefined, undefined, 'one']);
  });

  it('is found again after a reload, once for all changes that wait for it', async () => {
    const api = fakeApi(({ route }) => (route.startsWith('GET') ? sessions('one') : { body: {} }));
    const client = createClient({ fetch: api.fetch });
    const change = () => client.call('PATCH /v1/me/profile', profileChange);
    await Promise.all([change(), change()]);
    expect(api.routes().filter((route) => route === 'GET /v1/me/sessions')).toHaveLength(1);
    expect(api.seen.slice(1).map(({ headers }) => headers['x-vestibule-csrf'])).toEqual(['one', 'one']);
  });

  it('is found anew when another tab signed in again; the refused change is then made', async () => {
    let current = 'one';
    const api = fakeApi(({ route, headers }) => {
      if (route.startsWith('GET')) return sessions(current);
      return headers['x-vestibule-csrf'] === current ? { body: {} } : refused(401, 'TOKEN_REJECTED');
    });
    const client = createClient({ fetch: api.fetch });
    await client.call('PATCH /v1/me/profile', profileChange);
    current = 'two';
    await client.call('PATCH /v1/me/profile', profileChange);
    expect(api.seen.at(-1)?.headers['x-vestibule-csrf']).toBe('two');
  });

  it('is not looked for where nobody is signed in, nor where a token is sent', async () => {
    const api = fakeApi(() => refused(401, 'TOKEN_REJECTED'));
    const client = createClient({ fetch: api.fetch });
    await expect(client.call('PATCH /v1/me/profile', profileChange)).rejects.toMatchObject({
      code: 'TOKEN_REJECTED',
    });
    expect(api.routes()).toEqual(['GET /v1/me/sessions']);
    const withToken = createClient({ fetch: api.fetch, accessToken: () => 't' });
    await expect(withToken.call('PATCH /v1/me/profile', profileChange)).rejects.toThrow();
    expect(api.routes()).toEqual(['GET /v1/me/sessions', 'PATCH /v1/me/profile']);
  });
});
