import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { base64url, CompactSign, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessTokenReader, jwksFetcher } from '../../lambdas/authorizer/access-tokens.ts';
import { type AuthorizerPorts, authorize } from '../../lambdas/authorizer/authorize.ts';
import { readAuthorizerEnv } from '../../lambdas/authorizer/env.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import type { BrowserSession } from '../../lambdas/core/session/browser-session.ts';
import { lifetimes, memoryBrowsers, memoryStates } from '../support/sessions.ts';

// security.md, "JWT confusion": a table of forged tokens, all refused, none logged.

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pool = rsa();
const stranger = rsa();
const kid = 'pool-key';
const second = Math.floor(Date.now() / 1000);

let server: Server;
let issuer = '';
let isDown = false;
const fetched: string[] = [];

beforeAll(async () => {
  const jwk = { ...(await exportJWK(pool.publicKey)), kid, alg: 'RS256', use: 'sig' };
  server = createServer((request, response) => {
    fetched.push(request.url ?? '');
    response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/eu-west-1_pool`;
});
afterAll(() => server.close());

const claims = (changes: Record<string, unknown> = {}) => ({
  sub: '4c9b1f0e-0000-4000-8000-000000000001',
  iss: issuer,
  client_id: 'web',
  token_use: 'access',
  scope: 'aws.cognito.signin.user.admin vestibule/profile.read',
  origin_jti: 'a1b2c3d4-0000-4000-8000-000000000002',
  jti: 'a1b2c3d4-0000-4000-8000-000000000003',
  'vestibule:aal': 1,
  'vestibule:methods': ['password', 'unheard-of'],
  iat: second - 10,
  auth_time: second - 600,
  exp: second + 300,
  ...changes,
});
const without = (name: string) => {
  const { [name]: _, ...rest } = claims() as Record<string, unknown>;
  return rest;
};

type Header = { alg: string; kid?: string; [name: string]: unknown };
const sign = (
  payload: Record<string, unknown>,
  header: Header = { alg: 'RS256', kid },
  key: KeyObject | Uint8Array = pool.privateKey,
) => new SignJWT(payload).setProtectedHeader(header).sign(key);
const unsigned = (header: unknown, payload: unknown, signature = '') =>
  `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(payload))}.${signature}`;
const parts = async () => (await sign(claims())).split('.') as [string, string, string];

const publicPem = () =>
  new TextEncoder().encode(pool.publicKey.export({ type: 'spki', format: 'pem' }) as string);
const publicDer = () => new Uint8Array(pool.publicKey.export({ type: 'spki', format: 'der' }) as Buffer);
const strangerJwk = () => exportJWK(stranger.publicKey);
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const forged: Record<string, () => Promise<string> | string> = {
  'alg none': () => unsigned({ alg: 'none', kid }, claims()),
  'alg none with a signature': async () => unsigned({ alg: 'none', kid }, claims(), (await parts())[2]),
  'alg None': () => unsigned({ alg: 'None', kid }, claims(), 'AA'),
  'alg NONE': () => unsigned({ alg: 'NONE', kid }, claims(), 'AA'),
  'no alg': () => unsigned({ kid }, claims(), 'AA'),
  'alg as a list': () => unsigned({ alg: ['RS256'], kid }, claims(), 'AA'),
  'HS256 with the public key as PEM': () => sign(claims(), { alg: 'HS256', kid }, publicPem()),
  'HS256 with the public key as DER': () => sign(claims(), { alg: 'HS256', kid }, publicDer()),
  'HS384 with the public key': () => sign(claims(), { alg: 'HS384', kid }, publicPem()),
  'HS512 with the public key': () => sign(claims(), { alg: 'HS512', kid }, publicPem()),
  'HS256 with the key id': () =>
    sign(claims(), { alg: 'HS256', kid }, new TextEncoder().encode(kid.padEnd(32, '0'))),
  'RS384 with the right key': () => sign(claims(), { alg: 'RS384', kid }),
  'RS512 with the right key': () => sign(claims(), { alg: 'RS512', kid }),
  'PS256 with the right key': () => sign(claims(), { alg: 'PS256', kid }),
  'ES256 under our key id': () => sign(claims(), { alg: 'ES256', kid }, ecKey),
  'a stranger’s key under our key id': () => sign(claims(), { alg: 'RS256', kid }, stranger.privateKey),
  'an unknown key id': () => sign(claims(), { alg: 'RS256', kid: 'other' }, stranger.privateKey),
  'no key id': () => sign(claims(), { alg: 'RS256' }),
  'a path as key id': () => sign(claims(), { alg: 'RS256', kid: '../../../dev/null' }, stranger.privateKey),
  'SQL as key id': () =>
    sign(claims(), { alg: 'RS256', kid: "' UNION SELECT 'key' --" }, stranger.privateKey),
  'a URL as key id': () =>
    sign(claims(), { alg: 'RS256', kid: 'https://evil.example/jwks.json' }, stranger.privateKey),
  'a prototype as key id': () => sign(claims(), { alg: 'RS256', kid: '__proto__' }, stranger.privateKey),
  jku: () =>
    sign(claims(), { alg: 'RS256', kid, jku: `${new URL(issuer).origin}/evil` }, stranger.privateKey),
  'jku with the right key': () => sign(claims(), { alg: 'RS256', kid, jku: 'https://evil.example' }),
  x5u: () =>
    sign(claims(), { alg: 'RS256', kid, x5u: `${new URL(issuer).origin}/evil` }, stranger.privateKey),
  'x5u with the right key': () => sign(claims(), { alg: 'RS256', kid, x5u: 'https://evil.example' }),
  'x5c with the right key': () => sign(claims(), { alg: 'RS256', kid, x5c: ['MIIB'] }),
  'an embedded jwk': async () =>
    sign(claims(), { alg: 'RS256', kid, jwk: await strangerJwk() }, stranger.privateKey),
  'an embedded jwk without key id': async () =>
    sign(claims(), { alg: 'RS256', jwk: await strangerJwk() }, stranger.privateKey),
  'a critical header': async () => {
    const signer = new CompactSign(new TextEncoder().encode(JSON.stringify(claims())));
    return signer.setProtectedHeader({ alg: 'RS256', kid, crit: ['b64'], b64: true }).sign(pool.privateKey);
  },
  'compressed (zip)': () => sign(claims(), { alg: 'RS256', kid, zip: 'DEF' }),
  'an ID token': () => sign({ ...without('client_id'), token_use: 'id', aud: 'web' }),
  'an ID token that names a client': () => sign(claims({ token_use: 'id', aud: 'web' })),
  'a refresh token': () => sign(claims({ token_use: 'refresh' })),
  'no token use': () => sign(without('token_use')),
  'another pool of ours': () => sign(claims({ iss: issuer.replace('pool', 'other') })),
  'another issuer': () => sign(claims({ iss: 'https://evil.example/eu-west-1_pool' })),
  'our issuer with a slash': () => sign(claims({ iss: `${issuer}/` })),
  'no issuer': () => sign(without('iss')),
  'another client': () => sign(claims({ client_id: 'other' })),
  'a client that only begins like ours': () => sign(claims({ client_id: 'web,server' })),
  'a list of clients': () => sign(claims({ client_id: ['web'] })),
  'no client': () => sign(without('client_id')),
  'expired a second ago': () => sign(claims({ exp: second - 1 })),
  'expired long ago': () => sign(claims({ iat: second - 900, exp: second - 600 })),
  'no expiry': () => sign(without('exp')),
  'expiry as text': () => sign(claims({ exp: '9999999999' })),
  'expiry before issue': () => sign(claims({ iat: second + 400 })),
  'not yet valid': () => sign(claims({ nbf: second + 120 })),
  'no time of issue': () => sign(without('iat')),
  'no subject': () => sign(without('sub')),
  'an empty subject': () => sign(claims({ sub: '' })),
  'a subject that is no text': () => sign(claims({ sub: { $ne: null } })),
  'no session': () => sign(without('origin_jti')),
  'claims edited': async () => {
    const [header, , signature] = await parts();
    return `${header}.${base64url.encode(JSON.stringify(claims({ sub: 'admin' })))}.${signature}`;
  },
  'signature cut': async () => (await sign(claims())).slice(0, -4),
  'signature of another token': async () => {
    const [header, body] = await parts();
    return `${header}.${body}.${(await sign(claims({ sub: 'x' }))).split('.')[2]}`;
  },
  'no signature': async () => (await parts()).slice(0, 2).join('.'),
  'empty signature': async () => `${(await parts()).slice(0, 2).join('.')}.`,
  'five parts': async () => `${await sign(claims())}.AA.BB`,
  'padding and spaces': async () => `${await sign(claims())} `,
  'two tokens': async () => `${await sign(claims())},${await sign(claims())}`,
  'not JSON': () => 'AAAA.BBBB.CCCC',
  'arrays for header and claims': () => unsigned([], [], 'AA'),
  'a very long token': () => `${'A'.repeat(3_000)}.${'B'.repeat(20_000)}.CC`,
  nothing: () => '',
};

const aReader = () => accessTokenReader({ issuer, clientIds: ['web', 'server'] });
const states = memoryStates();
const browsers = memoryBrowsers();
const endedUntil = new Map<string, number>();
const origin = 'https://shop.example';
const thePorts = (over: Partial<AuthorizerPorts> = {}): AuthorizerPorts => ({
  readAccessToken: aReader(),
  states,
  browsers,
  cutoff: async (sub) => {
    const until = endedUntil.get(sub);
    return until === undefined ? undefined : { until };
  },
  lifetimes,
  origins: [origin],
  serverClientId: 'server',
  clock: { now: () => Date.now() },
  ...over,
});
const arn = 'arn:aws:execute-api:eu-west-1:111122223333:api/dev/PATCH/v1/me/profile';
const eventOf = (headers: Record<string, string | string[]>, method = 'PATCH') =>
  ({
    type: 'REQUEST',
    methodArn: arn.replace('PATCH', method),
    httpMethod: method,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
    ),
  }) as unknown as APIGatewayRequestAuthorizerEvent;
const ask = (authorization: string, reader = aReader()) =>
  authorize(thePorts({ readAccessToken: reader }), eventOf({ Authorization: authorization }));
const effectOf = async (token: string, reader = aReader()) =>
  (await ask(`Bearer ${token}`, reader)).policyDocument.Statement.map(({ Effect }) => Effect).join();

describe('an access token', () => {
  it('opens the called method to its subject, with flat facts', async () => {
    expect(await ask(`Bearer ${await sign(claims())}`)).toEqual({
      principalId: claims().sub,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: 'arn:aws:execute-api:eu-west-1:111122223333:api/dev/PATCH/*',
          },
        ],
      },
      context: {
        sub: claims().sub,
        scopes: claims().scope,
        clientId: 'web',
        sessionKey: claims().origin_jti,
        level: 1,
        methods: 'password',
        authenticatedAt: claims().auth_time,
      },
    });
  });

  it('has at least 40 forged relatives here', () =>
    expect(Object.keys(forged).length).toBeGreaterThanOrEqual(40));

  it.each(Object.entries(forged))('is refused when it is forged: %s', async (_, forge) => {
    const written = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level),
    );
    const token = await forge();
    expect(await effectOf(token)).toBe('Deny');
    for (const spy of written) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('is refused in any other scheme', async () => {
    const token = await sign(claims());
    for (const header of [
      token,
      `Basic ${token}`,
      `Bearer  ${token}`,
      `Bearer ${token}\r\nX: y`,
      'Bearer',
      '',
    ]) {
      expect((await ask(header)).policyDocument.Statement[0]?.Effect).toBe('Deny');
    }
  });

  it.each([
    { began: 'before', auth_time: second - 101, effect: 'Deny' },
    { began: 'in the very second of', auth_time: second - 100, effect: 'Deny' },
    { began: 'after', auth_time: second - 99, effect: 'Allow' },
  ])('gets $effect when its session began $began a password reset', async ({ auth_time, effect }) => {
    const sub = 'who-reset-their-password';
    endedUntil.set(sub, second - 100);
    expect(await effectOf(await sign(claims({ sub, auth_time, iat: second - 1 })))).toBe(effect);
    expect(await effectOf(await sign(claims({ auth_time })))).toBe('Allow'); // somebody else's
  });

  it('is refused once its session has ended', async () => {
    const token = await sign(claims({ origin_jti: 'ended-session' }));
    expect(await effectOf(token)).toBe('Allow');
    await states.end('ended-session', {} as AuditEvent);
    expect(await effectOf(token)).toBe('Deny');
  });

  it('fetches keys from the issuer only, and not again for every forged token', async () => {
    fetched.length = 0;
    const reader = aReader();
    for (let index = 0; index < 20; index += 1) {
      await effectOf(
        await sign(claims(), { alg: 'RS256', kid: `forged-${index}` }, stranger.privateKey),
        reader,
      );
    }
    expect(new Set(fetched)).toEqual(new Set(['/eu-west-1_pool/.well-known/jwks.json']));
    expect(fetched.length).toBeLessThanOrEqual(2);
    expect(await effectOf(await sign(claims()), reader)).toBe('Allow');
  });

  it('is neither allowed nor denied while keys or sessions cannot be read', async () => {
    const token = await sign(claims());
    isDown = true;
    await expect(ask(`Bearer ${token}`)).rejects.toThrow();
    isDown = false;
    const throttled = () => Promise.reject(new Error('throttled'));
    const faults: Partial<AuthorizerPorts>[] = [
      { states: { ...states, find: throttled } },
      { cutoff: throttled },
      { browsers: { ...browsers, find: throttled } },
    ];
    for (const [index, fault] of faults.entries()) {
      const headers: Record<string, string> =
        index < 2 ? { Authorization: `Bearer ${token}` } : { Cookie: cookieOf('c'.repeat(43)) };
      await expect(authorize(thePorts(fault), eventOf(headers))).rejects.toThrow('throttled');
    }
  });
});

const cookieOf = (token: string) => `__Host-vestibule-session=${token}`;
const aSession = (changes: Partial<BrowserSession> = {}): BrowserSession => ({
  sub: 'ada' as Sub,
  sessionKey: 'flow-of-ada',
  flow: 'flow-of-ada',
  clientId: 'server',
  scopes: ['vestibule/profile.read'],
  level: 2,
  methods: ['passkey'],
  startedAt: second - 600,
  seenAt: second - 30,
  scopesAt: second,
  csrf: 's'.repeat(43),
  ...changes,
});

describe("a browser's cookie", () => {
  const acting = { Origin: origin, 'X-Vestibule-Csrf': 's'.repeat(43) };
  const effect = async (headers: Record<string, string | string[]>, method = 'PATCH') =>
    (await authorize(thePorts(), eventOf(headers, method))).policyDocument.Statement[0]?.Effect;

  it('opens the called method to its subject, as a token does', async () => {
    const token = await browsers.create(aSession(), 'sealed');
    const { principalId, context } = await authorize(
      thePorts(),
      eventOf({ Cookie: `a=1; ${cookieOf(token)}`, ...acting }),
    );
    expect([principalId, context]).toEqual([
      'ada',
      {
        sub: 'ada',
        scopes: 'vestibule/profile.read',
        clientId: 'server',
        sessionKey: 'flow-of-ada',
        flow: 'flow-of-ada',
        level: 2,
        methods: 'passkey',
        authenticatedAt: second - 600,
      },
    ]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'get', 'ANYTHING'])(
    '%s needs the origin and the csrf value of the session',
    async (method) => {
      const token = await browsers.create(aSession(), 'sealed');
      const Cookie = cookieOf(token);
      expect(await effect({ Cookie, ...acting }, method)).toBe('Allow');
      const refused: Record<string, string | string[]>[] = [
        { Cookie },
        { Cookie, Origin: origin },
        { Cookie, 'X-Vestibule-Csrf': acting['X-Vestibule-Csrf'] },
        { Cookie, ...acting, Origin: 'https://evil.example' },
        { Cookie, ...acting, Origin: `${origin}.evil.example` },
        { Cookie, ...acting, Origin: 'null' },
        { Cookie, ...acting, Origin: '' },
        { Cookie, ...acting, Origin: [origin, 'https://evil.example'] },
        { Cookie, ...acting, 'X-Vestibule-Csrf': '' },
        { Cookie, ...acting, 'X-Vestibule-Csrf': 's'.repeat(42) },
        { Cookie, ...acting, 'X-Vestibule-Csrf': 's'.repeat(44) },
        { Cookie, ...acting, 'X-Vestibule-Csrf': 't'.repeat(43) },
        { Cookie, ...acting, 'X-Vestibule-Csrf': token },
        { Cookie, ...acting, 'X-Vestibule-Csrf': ['t'.repeat(43), acting['X-Vestibule-Csrf']] },
      ];
      for (const headers of refused) expect(await effect(headers, method)).toBe('Deny');
    },
  );

  it('reads for a page of ours and for nobody else', async () => {
    const Cookie = cookieOf(await browsers.create(aSession(), 'sealed'));
    expect(await effect({ Cookie }, 'GET')).toBe('Allow'); // same origin: browsers then send none
    expect(await effect({ Cookie, Origin: origin }, 'GET')).toBe('Allow');
    expect(await effect({ Cookie, Origin: 'https://evil.example' }, 'GET')).toBe('Deny');
  });

  const forgedCookies: Record<string, (token: string) => string> = {
    nothing: () => '',
    'an empty value': () => cookieOf(''),
    'random bits': () => cookieOf('r'.repeat(43)),
    'the right one, cut': (token) => cookieOf(token.slice(0, -1)),
    'the right one, longer': (token) => cookieOf(`${token}A`),
    'the right one in quotes': (token) => cookieOf(`"${token}"`),
    'the right one in upper case': (token) => cookieOf(token.toUpperCase()),
    'another name': (token) => `vestibule-session=${token}`,
    'another prefix': (token) => `__Secure-vestibule-session=${token}`,
    'a key of the table': () => cookieOf('BROWSER#flow-of-ada'),
    'the session key': () => cookieOf('flow-of-ada'),
    'behind a planted one': (token) => `${cookieOf('p'.repeat(43))}; ${cookieOf(token)}`,
    'a prototype': () => cookieOf('__proto__'),
  };
  it.each(Object.entries(forgedCookies))('is refused when it is forged: %s', async (_, forge) => {
    const token = await browsers.create(aSession(), 'sealed');
    expect(await effect({ Cookie: forge(token), ...acting })).toBe('Deny');
  });

  it('does not make a bad token good, nor does a second token', async () => {
    const Cookie = cookieOf(await browsers.create(aSession(), 'sealed'));
    const good = `Bearer ${await sign(claims())}`;
    expect(await effect({ Cookie, ...acting, Authorization: 'Bearer a.b.c' })).toBe('Deny');
    expect(await effect({ Cookie, ...acting, Authorization: '' })).toBe('Deny');
    expect(await effect({ Authorization: [good, good] })).toBe('Deny');
  });

  it.each([
    {
      why: 'unused for too long',
      changes: { seenAt: second - 15 * 86_400, startedAt: second - 20 * 86_400 },
    },
    { why: 'past its absolute end', changes: { startedAt: second - 31 * 86_400 } },
    { why: 'of the future', changes: { startedAt: second + 3_600 } },
    { why: 'replaced long ago', changes: { replacedAt: second - 60 } },
    { why: 'ended', changes: { sessionKey: 'an-ended-one' } },
    { why: 'from before a cutoff', changes: { sub: 'who-reset' as Sub } },
  ])('is refused for a session $why', async ({ changes }) => {
    await states.end('an-ended-one', {} as AuditEvent);
    endedUntil.set('who-reset', second);
    const Cookie = cookieOf(await browsers.create(aSession(changes), 'sealed'));
    expect(await effect({ Cookie, ...acting })).toBe('Deny');
    expect(await effect({ Cookie }, 'GET')).toBe('Deny');
  });

  it.each([
    { why: 'a day', changes: { startedAt: second - 90_000 }, level: 1 },
    { why: 'an hour without use', changes: { startedAt: second - 7_200, seenAt: second - 3_700 }, level: 1 },
    { why: 'less', changes: { startedAt: second - 7_200, seenAt: second - 3_500 }, level: 2 },
  ])('is at level $level after $why', async ({ changes, level }) => {
    const Cookie = cookieOf(await browsers.create(aSession(changes), 'sealed'));
    const { context } = await authorize(thePorts(), eventOf({ Cookie }, 'GET'));
    expect(context?.level).toBe(level);
  });

  it.each([
    { age: 590, left: 'vestibule/profile.read vestibule/operators.read vestibule/operators.write' },
    { age: 660, left: 'vestibule/profile.read' },
    { age: -3_600, left: 'vestibule/profile.read' },
  ])("has an operator's scopes as long as a token would: $age s after a refresh", async ({ age, left }) => {
    const scopes = ['vestibule/profile.read', 'vestibule/operators.read', 'vestibule/operators.write'];
    const Cookie = cookieOf(await browsers.create(aSession({ scopes, scopesAt: second - age }), 'sealed'));
    expect((await authorize(thePorts(), eventOf({ Cookie }, 'GET'))).context?.scopes).toBe(left);
  });

  it('is seen now and then, not at every request', async () => {
    const touched: number[] = [];
    const touch = async (_: string, at: number) => void touched.push(at);
    const ports = thePorts({ browsers: { find: browsers.find, touch } });
    for (const seenAt of [second - 10, second - 200, second - 400]) {
      const Cookie = cookieOf(await browsers.create(aSession({ seenAt }), 'sealed'));
      await authorize(ports, eventOf({ Cookie }, 'GET'));
    }
    expect(touched).toHaveLength(1);
  });
});

describe('a session of an SDK', () => {
  it('keeps its name, its level and its end when Cognito refreshes tokens without our claims', async () => {
    const [flow, origin_jti] = ['sdk-flow', 'sdk-origin'];
    const named = await sign(claims({ origin_jti, 'vestibule:flow': flow }));
    const bare = await sign(
      claims({ origin_jti, 'vestibule:aal': undefined, 'vestibule:methods': undefined }),
    );
    expect((await ask(`Bearer ${bare}`)).context).toMatchObject({ sessionKey: origin_jti, level: 0 });
    await ask(`Bearer ${named}`);
    expect((await ask(`Bearer ${bare}`)).context).toMatchObject({ sessionKey: flow, flow, level: 1 });
    await states.end(flow, {} as AuditEvent);
    expect(await effectOf(bare)).toBe('Deny');
    expect(await effectOf(named)).toBe('Deny');
  });

  it('is raised by a step-up until that is old', async () => {
    const flow = 'raised-flow';
    const token = await sign(claims({ origin_jti: 'raised-origin', 'vestibule:flow': flow }));
    const raise = (authenticatedAt: number) =>
      states.raise(
        flow,
        {
          flow: `step-up-${authenticatedAt}`,
          begunAt: authenticatedAt * 1000,
          level: 2,
          methods: ['password', 'totp'],
          authenticatedAt,
        },
        {} as AuditEvent,
      );
    await raise(second - 90_000);
    expect((await ask(`Bearer ${token}`)).context).toMatchObject({ level: 1, authenticatedAt: second - 600 });
    await raise(second - 60);
    expect((await ask(`Bearer ${token}`)).context).toMatchObject({
      level: 2,
      methods: 'password totp',
      authenticatedAt: second - 60,
    });
  });
});

describe('the issuer', () => {
  it.each([
    'http://example.com/pool',
    'http://127.0.0.1.evil.example/pool',
    'http://10.0.0.1/pool',
    'ftp://localhost/pool',
  ])('%s is refused at the start', (url) => expect(() => jwksFetcher(url)).toThrow(/ISSUER/));
  it.each(['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool', 'http://localhost:4400/pool'])(
    '%s is fine',
    (url) => expect(jwksFetcher(url)).toBeDefined(),
  );

  it('is asked by an agent with a name', () =>
    expect(jwksFetcher('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example')).toMatchObject({
      defaultRequestOptions: { headers: { 'user-agent': 'vestibule' } },
    }));
  it('and the clients come from the environment', () =>
    expect(
      readAuthorizerEnv({
        ISSUER: issuer,
        CLIENT_IDS: 'web, server',
        SERVER_CLIENT_ID: 'server',
        RISK_TABLE: 'risk',
      }).CLIENT_IDS,
    ).toEqual(['web', 'server']));
});
