import { describe, expect, it } from 'vitest';
import { dispatch, type FaultLine } from '../../../lambdas/api/dispatch.ts';
import { routesOf } from '../../../lambdas/api/routes.ts';
import type { Handlers } from '../../../lambdas/api/types.ts';
import { answerTime } from '../../../lambdas/api/uniform.ts';
import { CiamError, type CiamErrorCode } from '../../../lambdas/core/errors.ts';
import { proxyEvent } from '../../support/registration.ts';

const confirm = { email: 'ada@harbour.example', registration: 'a'.repeat(22), code: '123456' };
const origin = 'https://app.harbour.example';

/** Dispatch over handlers that do what a test says, with a clock that only waiting moves. */
function anApi(behaviour: (request: unknown) => Promise<unknown> = async () => ({ status: 200, body: {} })) {
  const faults: FaultLine[] = [];
  const seen: unknown[] = [];
  const waits: number[] = [];
  const clock = { time: 1_000_000, now: () => clock.time };
  const options = {
    clock,
    origins: [origin],
    uniformAnswerMs: 600,
    wait: async (milliseconds: number) => {
      waits.push(milliseconds);
      clock.time += milliseconds;
    },
    log: (fault: FaultLine) => faults.push(fault),
  };
  const handle = async (request: unknown) => {
    seen.push(request);
    return behaviour(request);
  };
  const all = (name: 'auth-api' | 'account-api') =>
    Object.fromEntries(routesOf(name).map(({ id }) => [id, handle])) as unknown;
  const auth = dispatch('auth-api', all('auth-api') as Handlers<'auth-api'>, options);
  const account = dispatch('account-api', all('account-api') as Handlers<'account-api'>, options);
  return { auth, account, faults, seen, waits, clock };
}

const problem = (answer: { body: string }) =>
  JSON.parse(answer.body) as { code: string; fields?: { pointer: string; detail: string }[] };

describe('what a request must be', () => {
  const path = '/v1/registrations/confirm';
  const tooLong = 'x'.repeat(16_400);
  it.each([
    {
      why: 'no content type',
      options: { rawBody: '{}', headers: { 'Content-Type': '' } },
      code: 'CONTENT_TYPE_UNSUPPORTED',
    },
    {
      why: 'a form',
      options: { rawBody: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      code: 'CONTENT_TYPE_UNSUPPORTED',
    },
    {
      why: 'another charset',
      options: { rawBody: '{}', headers: { 'Content-Type': 'application/json; charset=utf-16' } },
      code: 'CONTENT_TYPE_UNSUPPORTED',
    },
    { why: 'more than 16 kB', options: { body: { ...confirm, email: tooLong } }, code: 'BODY_TOO_LARGE' },
    {
      why: 'more than 16 kB in base64',
      options: { rawBody: Buffer.from(tooLong).toString('base64'), base64: true },
      code: 'BODY_TOO_LARGE',
    },
    {
      why: 'broken JSON',
      options: { rawBody: '{"email": "secret@' },
      code: 'REQUEST_INVALID',
      pointers: [''],
    },
    {
      why: 'broken UTF-8',
      options: { rawBody: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), base64: true },
      code: 'REQUEST_INVALID',
      pointers: [''],
    },
    { why: 'an array', options: { body: [] }, code: 'REQUEST_INVALID', pointers: [''] },
    { why: 'null', options: { rawBody: 'null' }, code: 'REQUEST_INVALID', pointers: [''] },
    {
      why: 'nothing',
      options: { headers: { 'Content-Type': 'application/json' } },
      code: 'REQUEST_INVALID',
      pointers: [''],
    },
    {
      why: 'an unknown field',
      options: { body: { ...confirm, isAdmin: true } },
      code: 'REQUEST_INVALID',
      pointers: ['/isAdmin'],
    },
    {
      why: 'a field from the prototype',
      options: { rawBody: JSON.stringify(confirm).replace('{', '{"__proto__":{"a":1},') },
      code: 'REQUEST_INVALID',
      pointers: ['/__proto__'],
    },
    {
      why: 'a missing and a wrong field',
      options: { body: { ...confirm, code: undefined, email: 7 } },
      code: 'REQUEST_INVALID',
      pointers: ['/email', '/code'],
    },
    {
      why: 'a name with signs of its own',
      options: { body: { ...confirm, 'a/b~c': 1 } },
      code: 'REQUEST_INVALID',
      pointers: ['/a~1b~0c'],
    },
    {
      why: 'an unknown query value',
      options: { body: confirm, query: { debug: ['1'] } },
      code: 'REQUEST_INVALID',
      pointers: ['/query/debug'],
    },
  ] as { why: string; options: Parameters<typeof proxyEvent>[2]; code: string; pointers?: string[] }[])(
    'refuses $why by name, without quoting it',
    async ({ options, code, pointers }) => {
      const { auth, seen } = anApi();
      const answer = await auth(proxyEvent('POST', path, options));
      expect(problem(answer).code).toBe(code);
      expect(problem(answer).fields?.map(({ pointer }) => pointer)).toEqual(pointers);
      expect(answer.body).not.toMatch(/secret@|"7"|true/);
      expect(answer.headers?.['Content-Type']).toBe('application/problem+json');
      expect(seen).toEqual([]);
    },
  );

  it('refuses a repeated query value and a malformed one, and converts a good one', async () => {
    const { account, seen } = anApi();
    const authorizer = {
      sub: 'me',
      scopes: 'vestibule/activity.read',
      sessionKey: 'o',
      clientId: 'c',
      level: '2',
      methods: 'password totp unheard-of',
      authenticatedAt: '1000',
    };
    const ask = (query: Record<string, string[]>) =>
      account(proxyEvent('GET', '/v1/me/activity', { authorizer, query }));
    expect(problem(await ask({ limit: ['1', '2'] })).fields?.[0]?.pointer).toBe('/query/limit');
    expect(problem(await ask({ limit: ['101'] })).fields?.[0]?.pointer).toBe('/query/limit');
    await ask({ limit: ['20'] });
    const caller = {
      sub: 'me',
      level: 2,
      sessionKey: 'o',
      methods: ['password', 'totp'],
      authenticatedAt: 1_000,
    };
    expect(seen).toMatchObject([{ query: { limit: 20 }, caller }]);
  });

  it('knows no other path, method or path value', async () => {
    const { auth, account } = anApi();
    const authorizer = { sub: 'me', scopes: 'vestibule/profile.write' };
    const strange = proxyEvent('PUT', '/v1/me/prompts/{field}', {
      body: { skip: true },
      params: { field: '../x' },
      authorizer,
    });
    const answers = await Promise.all([
      auth(proxyEvent('GET', '/v1/nothing')),
      auth(proxyEvent('DELETE', '/v1/sessions')),
      auth(proxyEvent('GET', '/v1/me/profile', { authorizer })),
      auth(proxyEvent('GET', 'constructor')),
      account(strange),
    ]);
    expect(answers.map((answer) => problem(answer).code)).toEqual(Array(5).fill('ROUTE_NOT_FOUND'));
  });

  it('asks for a required header before the handler runs', async () => {
    const { account, seen } = anApi();
    const authorizer = { sub: 'me', scopes: 'vestibule/profile.write' };
    const answer = await account(proxyEvent('PATCH', '/v1/me/profile', { body: {}, authorizer }));
    expect([answer.statusCode, problem(answer).code, seen]).toEqual([428, 'PRECONDITION_REQUIRED', []]);
  });

  it('hands over what API Gateway saw, not what the caller says', async () => {
    const { auth, seen } = anApi();
    const headers = { 'X-Forwarded-For': '1.2.3.4', 'User-Agent': 'curl/8', Cookie: 'a=1; b="2=3"; a=9' };
    await auth(proxyEvent('POST', path, { body: confirm, headers, sourceIp: '203.0.113.9' }));
    expect(seen).toMatchObject([
      { sourceIp: '203.0.113.9', cookies: { a: '1', b: '"2=3"' }, requestId: 'JKJaXmPLvHcESHA=' },
    ]);
  });
});

describe('a request through the portal', () => {
  const through = { 'X-Vestibule-Edge': 'e'.repeat(64), 'X-Vestibule-Viewer-Address': '198.51.100.9' };
  const send = async (edgeSecret: () => Promise<string>) => {
    const seen: { sourceIp: string; headers: Record<string, string> }[] = [];
    const faults: FaultLine[] = [];
    const handle = async (request: never) => {
      seen.push(request);
      return { status: 200, body: {} };
    };
    const all = Object.fromEntries(routesOf('auth-api').map(({ id }) => [id, handle])) as unknown;
    const api = dispatch('auth-api', all as Handlers<'auth-api'>, {
      clock: { now: () => 1 },
      origins: [],
      edgeSecret,
      log: (fault) => faults.push(fault),
    });
    const answer = await api(
      proxyEvent('POST', '/v1/registrations/confirm', {
        body: confirm,
        headers: through,
        sourceIp: '130.176.0.1',
      }),
    );
    return { answer, request: seen[0], faults };
  };

  it('comes from its viewer, and the secret goes no further', async () => {
    const { request } = await send(async () => 'e'.repeat(64));
    expect(request?.sourceIp).toBe('198.51.100.9');
    expect(request?.headers).not.toHaveProperty('x-vestibule-edge');
  });

  it('is answered while the secret cannot be read, counted by the distribution, and leaves a line', async () => {
    const { answer, request, faults } = await send(() => Promise.reject(new Error('AccessDenied')));
    expect([answer.statusCode, request?.sourceIp]).toEqual([200, '130.176.0.1']);
    expect(faults).toMatchObject([{ event: 'edge-unread', route: 'POST /v1/registrations/confirm' }]);
  });
});

describe('who may call', () => {
  it.each([
    { why: 'nobody', authorizer: undefined, code: 'TOKEN_REJECTED' },
    {
      why: 'an authorizer without subject',
      authorizer: { scopes: 'vestibule/profile.read' },
      code: 'TOKEN_REJECTED',
    },
    {
      why: 'another scope',
      authorizer: { sub: 'me', scopes: 'vestibule/profile.readx vestibule/consents.read' },
      code: 'SCOPE_MISSING',
    },
    {
      why: 'a scope of another server',
      authorizer: { sub: 'me', scopes: 'profile.read' },
      code: 'SCOPE_MISSING',
    },
  ])('refuses $why', async ({ authorizer, code }) => {
    const { account, seen } = anApi();
    expect(problem(await account(proxyEvent('GET', '/v1/me/profile', { authorizer }))).code).toBe(code);
    expect(seen).toEqual([]);
  });
});

describe('how it answers', () => {
  const profile = (headers: Record<string, string> = {}) =>
    proxyEvent('GET', '/v1/me/profile', {
      headers,
      authorizer: { sub: 'me', scopes: 'vestibule/profile.read' },
    });

  it('is never stored or guessed at, and carries cookies and headers', async () => {
    const { account } = anApi(async () => ({
      status: 200,
      body: { a: 1 },
      headers: { ETag: '"3"' },
      cookies: ['x=1', 'y=2'],
    }));
    const answer = await account(profile());
    expect(answer).toMatchObject({
      statusCode: 200,
      body: '{"a":1}',
      headers: {
        ETag: '"3"',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'X-Request-Id': 'JKJaXmPLvHcESHA=',
      },
      multiValueHeaders: { 'Set-Cookie': ['x=1', 'y=2'] },
    });
  });

  it.each([
    { from: origin, allowed: origin },
    { from: 'https://app.harbour.example.evil.example', allowed: undefined },
    { from: 'http://app.harbour.example', allowed: undefined },
    { from: 'null', allowed: undefined },
  ])('lets pages of $from read it: $allowed', async ({ from, allowed }) => {
    const { account } = anApi();
    const { headers } = await account(profile({ origin: from }));
    expect([headers?.['Access-Control-Allow-Origin'], headers?.Vary]).toEqual([allowed, 'Origin']);
  });

  it.each<{ what: string; edge: Record<string, string> }>([
    { what: 'what the distribution sends', edge: { 'X-Vestibule-Edge': 's'.repeat(64) } },
    { what: 'anything under its name', edge: { 'x-vestibule-edge': '' } },
  ])('lets nobody else read what came through the portal, by $what', async ({ edge }) => {
    const { account } = anApi();
    const { headers, statusCode } = await account(profile({ origin, ...edge }));
    expect([statusCode, headers?.['Access-Control-Allow-Origin'], headers?.Vary]).toEqual([
      200,
      undefined,
      'Origin',
    ]);
  });

  it('says after how long to come back', async () => {
    const error = new CiamError('TOO_MANY_ATTEMPTS', 'Wait.', { retryAfterSeconds: 12.2 });
    const { account } = anApi(() => Promise.reject(error));
    expect((await account(profile())).headers?.['Retry-After']).toBe('13');
  });

  it('leaks nothing of an unexpected fault and logs one line without its text', async () => {
    const { account, faults } = anApi(() =>
      Promise.reject(new TypeError('ada@harbour.example\n{"level":"info"}')),
    );
    const answer = await account(profile());
    expect(problem(answer)).toMatchObject({ code: 'INTERNAL', instance: 'JKJaXmPLvHcESHA=' });
    expect(answer.body + JSON.stringify(faults)).not.toContain('ada@');
    expect(faults).toMatchObject([
      { code: 'INTERNAL', route: 'GET /v1/me/profile', causes: [{ name: 'TypeError' }] },
    ]);
  });
});

describe('uniform answer times', () => {
  it.each([
    [0, 600],
    [599, 600],
    [600, 600],
    [601, 1_200],
    [1_900, 2_400],
  ])('after %d ms of work: at %d ms', (took, due) =>
    expect(answerTime(5_000, 5_000 + took, 600)).toBe(5_000 + due),
  );
  it('holds nothing back with a step of 0', () => expect(answerTime(5_000, 5_123, 0)).toBe(5_123));

  const reset = proxyEvent('POST', '/v1/password-resets', { body: { identifier: 'ada@harbour.example' } });
  it.each(['ok', 'CODE_REJECTED', 'INTERNAL'] as const)('is the same for %s', async (outcome) => {
    const took = { ok: 80, CODE_REJECTED: 250, INTERNAL: 10 }[outcome];
    const api = anApi(async () => {
      api.clock.time += took;
      if (outcome === 'ok') return { status: 202 };
      throw new CiamError(outcome satisfies CiamErrorCode, 'No.');
    });
    await api.auth(reset);
    expect(api.clock.time).toBe(1_000_600);
  });
  it.each([
    { state: 'challenge', due: 600 },
    { state: 'signed-in', due: 80 },
  ])('holds a challenge back, and tokens not: $state', async ({ state, due }) => {
    const api = anApi(async () => {
      api.clock.time += 80;
      return { status: 200, body: { state } };
    });
    const body = { identifier: 'ada@harbour.example', method: 'magic-link' };
    await api.auth(proxyEvent('POST', '/v1/sessions', { body }));
    expect(api.clock.time).toBe(1_000_000 + due);
  });
  it('lets a success of a route that holds refusals go at once', async () => {
    const api = anApi();
    await api.auth(proxyEvent('POST', '/v1/registrations/confirm', { body: confirm }));
    expect(api.waits).toEqual([]);
  });
});
