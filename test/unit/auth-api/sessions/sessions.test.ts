import { describe, expect, it } from 'vitest';
import {
  type CognitoSignIn,
  RefreshTokenReused,
  type SignInStep,
  signInError,
} from '../../../../lambdas/adapters/cognito-sign-in.ts';
import { contextTokens } from '../../../../lambdas/adapters/context-tokens.ts';
import { passkeyChallenges } from '../../../../lambdas/adapters/passkey-challenges.ts';
import { sealed } from '../../../../lambdas/adapters/sealed.ts';
import { sessionTokens } from '../../../../lambdas/adapters/session-tokens.ts';
import { systemRandom } from '../../../../lambdas/adapters/system.ts';
import type { RouteRequest } from '../../../../lambdas/api/types.ts';
import { sessionRoutes } from '../../../../lambdas/auth-api/sessions/routes.ts';
import type { RefreshHandle, SessionServices } from '../../../../lambdas/auth-api/sessions/services.ts';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import { passwordRefused } from '../../../../lambdas/core/registration/password.ts';
import { lifetimes, memoryBrowsers, memoryStates } from '../../../support/sessions.ts';
import { testClock, testKeys, testPseudonyms } from '../../../support/sign-in/services.ts';

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
/** Epoch seconds. */
const began = Math.floor(testClock().now() / 1000);
const claims = {
  sub: 'sub-1',
  origin_jti: 'origin-1',
  auth_time: began,
  client_id: 'server',
  scope: 'aws.cognito.signin.user.admin vestibule/profile.read',
  'vestibule:flow': 'flow-1',
  'vestibule:aal': 1,
  'vestibule:methods': ['password', 'email-code'],
};
const accessToken = jwt(claims);
const tokens = {
  kind: 'tokens',
  tokens: { accessToken, idToken: jwt({}), refreshToken: 'cognito-refresh', expiresInSeconds: 900 },
} as const satisfies SignInStep;
const flow = 'F'.repeat(22);
const origin = 'https://shop.example';
const asked = (parameters: Record<string, string>): SignInStep => ({
  kind: 'challenge',
  session: 'cognito-session',
  username: 'sub-1',
  parameters,
});
const codeStep = asked({
  step: 'email-code',
  flow,
  destination: 'm***@e***.com',
  codeLength: '8',
  expiresInSeconds: '300',
  resendsLeft: '2',
});

function open(cognito: Partial<CognitoSignIn> = {}, over: Partial<SessionServices> = {}) {
  const calls: unknown[][] = [];
  const counts: { key: string; event?: AuditEvent }[] = [];
  const states = memoryStates();
  const browsers = memoryBrowsers();
  const told: AuditEvent[] = [];
  const clock = testClock();
  const spy =
    <A extends unknown[], R>(name: string, act: (...given: A) => R) =>
    (...given: A) => {
      calls.push([name, ...given]);
      return act(...given);
    };
  const fake: CognitoSignIn = {
    startWithPassword: spy('start', cognito.startWithPassword ?? (async () => tokens)),
    startWithoutPassword: spy(
      'start-without',
      cognito.startWithoutPassword ?? (async () => asked({ step: 'begin', flow })),
    ),
    setPassword: spy('set-password', cognito.setPassword ?? (async () => tokens)),
    answer: spy('answer', cognito.answer ?? (async () => tokens)),
    refresh: spy(
      'refresh',
      cognito.refresh ?? ((async () => tokens.kind === 'tokens' && tokens.tokens) as never),
    ),
    revoke: spy('revoke', cognito.revoke ?? (async () => {})),
  };
  const services: SessionServices = {
    cognito: fake,
    requireGoodPassword: async (password) => {
      if (password === 'listed') throw passwordRefused('common', 15);
    },
    contexts: contextTokens(testKeys, clock),
    sessions: sessionTokens(testKeys, clock),
    flows: sealed('flow', testKeys, clock, 900),
    refreshTokens: sealed('refresh', testKeys, clock, 3_600),
    stepUps: sealed('step-up', testKeys, clock, 900),
    flowRecords: { find: async () => undefined },
    counters: {
      count: async ({ subject, kind }, event) => {
        counts.push({ key: `${subject.split('#')[0]}/${kind}`, ...(event && { event }) });
        return counts.length;
      },
    },
    passkeyChallenges: passkeyChallenges(testKeys, clock),
    relyingPartyId: 'shop.example',
    states,
    browsers,
    lifetimes,
    origins: [origin],
    outbox: { put: async (event) => void told.push(event) },
    cutoff: async () => undefined,
    pseudonyms: testPseudonyms,
    clock,
    random: systemRandom,
    clientId: 'server',
    ...over,
  };
  return { routes: sessionRoutes(services), services, calls, counts, states, browsers, told, clock };
}

const request = <Id extends keyof ReturnType<typeof sessionRoutes>>(
  body: RouteRequest<Id>['body'],
  over: Partial<RouteRequest> = {},
) =>
  ({
    body,
    headers: {},
    cookies: {},
    params: {},
    sourceIp: '203.0.113.7',
    userAgent: 'Firefox/140.0 (Windows)',
    requestId: 'r1',
    arrivedAt: 0,
    ...over,
  }) as unknown as RouteRequest<Id>;

const credentials = { identifier: ' Mia@Example.com ', password: 'correct horse' };

describe('POST /v1/sessions', () => {
  it('answers with tokens, a wrapped refresh token and a device for the next time', async () => {
    const { routes, calls } = open();
    const { body, cookies } = await routes['POST /v1/sessions'](request(credentials));
    expect(body).toMatchObject({ state: 'signed-in', tokenType: 'Bearer', deviceToken: expect.any(String) });
    expect(JSON.stringify(body)).not.toContain('cognito-refresh');
    expect(cookies?.[0]).toMatch(/^__Host-vestibule-device=.{43}; .*Secure; HttpOnly; SameSite=Lax$/);
    expect(calls[0]?.slice(0, 3)).toEqual(['start', 'mia@example.com', 'correct horse']);
  });

  it('mints no second device for a known one', async () => {
    const unchallenged = jwt({ ...claims, 'vestibule:methods': ['password'] });
    const { routes } = open({
      startWithPassword: async () => ({ ...tokens, tokens: { ...tokens.tokens, accessToken: unchallenged } }),
    });
    const headers = { 'x-vestibule-device': 'd'.repeat(43) };
    const { body, cookies } = await routes['POST /v1/sessions'](request(credentials, { headers }));
    expect(body).not.toHaveProperty('deviceToken');
    expect(cookies).toEqual([]);
  });

  it('answers begin itself and hands the challenge on', async () => {
    const { routes, calls } = open({
      startWithPassword: async () => asked({ step: 'begin', flow }),
      answer: async () => codeStep,
    });
    const { body } = await routes['POST /v1/sessions'](request(credentials));
    expect(body).toMatchObject({
      state: 'challenge',
      challenge: {
        method: 'email-code',
        destination: 'm***@e***.com',
        codeLength: 8,
        expiresInSeconds: 300,
        resendsLeft: 2,
      },
    });
    const [, , answer, metadata] = calls[1] ?? [];
    expect(JSON.parse(String(answer))).toEqual({ context: expect.any(String) });
    expect(metadata).toMatchObject({ vestibule_flow: flow, vestibule_context: expect.any(String) });
    expect(JSON.stringify(body)).not.toMatch(/cognito-session|mia@/);
  });

  it.each([
    {
      at: 'the password',
      cognito: { startWithPassword: async () => Promise.reject(signInError('SIGN_IN_REJECTED')) },
    },
    {
      at: 'begin',
      cognito: {
        startWithPassword: async () => asked({ step: 'begin', flow }),
        answer: async () => Promise.reject(signInError('FLOW_REJECTED')),
      },
    },
  ] satisfies { at: string; cognito: Partial<CognitoSignIn> }[])(
    'a refusal at $at is one answer, two counts and one event about the typed address',
    async ({ cognito }) => {
      const { routes, counts } = open(cognito);
      await expect(routes['POST /v1/sessions'](request(credentials))).rejects.toMatchObject({
        code: 'SIGN_IN_REJECTED',
      });
      expect(counts.map(({ key }) => key).toSorted()).toEqual(['ADDRESS/FAILURES', 'IDENTIFIER/FAILURES']);
      const event = counts.find(({ key }) => key === 'IDENTIFIER/FAILURES')?.event;
      expect(event).toMatchObject({
        type: 'sign-in.refused',
        outcome: 'refused',
        device: 'Firefox on Windows',
      });
      expect(JSON.stringify(event)).not.toMatch(/example|203\.0/);
    },
  );

  it.each(['ACCOUNT_NOT_CONFIRMED', 'PASSWORD_RESET_REQUIRED'] as const)(
    'a right password that is answered with %s is an event too',
    async (code) => {
      const { routes, counts } = open({
        startWithPassword: async () => Promise.reject(signInError(code)),
      });
      await expect(routes['POST /v1/sessions'](request(credentials))).rejects.toMatchObject({ code });
      expect(counts.find(({ event }) => event)?.event).toMatchObject({
        type: 'sign-in.refused',
        reasons: [code],
      });
    },
  );

  it('gives no answer when the refusal cannot be recorded', async () => {
    const { routes } = open(
      { startWithPassword: async () => Promise.reject(signInError('SIGN_IN_REJECTED')) },
      {
        counters: {
          count: async () => Promise.reject(new Error('throttled')),
        },
      },
    );
    await expect(routes['POST /v1/sessions'](request(credentials))).rejects.toThrow('throttled');
  });

  it('counts nothing when the pool is not available', async () => {
    const { routes, counts } = open({
      startWithPassword: async () => Promise.reject(signInError('UNAVAILABLE')),
    });
    await expect(routes['POST /v1/sessions'](request(credentials))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(counts).toEqual([]);
  });

  it('refuses a list of addresses by field', async () => {
    const { routes } = open();
    const body = { ...credentials, identifier: 'a@example.com,b@example.com' };
    await expect(routes['POST /v1/sessions'](request(body))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      fields: [{ pointer: '/identifier' }],
    });
  });
});

/** In the body where tokens are; a session in a cookie has it in a cookie, too. */
const deviceOf = (body: object): unknown => ('deviceToken' in body ? body.deviceToken : undefined);

describe('POST /v1/sessions/challenge', () => {
  async function challenged(answer: CognitoSignIn['answer'], over: Partial<RouteRequest> = {}) {
    const opened = open({ startWithPassword: async () => codeStep, answer });
    const { body } = await opened.routes['POST /v1/sessions'](request(credentials, over));
    return { ...opened, handle: body.state === 'challenge' ? body.flow : '', device: deviceOf(body) };
  }

  it('hands the answer to the same Cognito session, with context and flow', async () => {
    const { routes, calls, handle, device } = await challenged(async () => tokens);
    const { body } = await routes['POST /v1/sessions/challenge'](
      request({ flow: handle, answer: '12345678' }),
    );
    expect(body).toMatchObject({ state: 'signed-in', deviceToken: device });
    expect(calls[1]).toMatchObject([
      'answer',
      { session: 'cognito-session', username: 'sub-1' },
      '12345678',
      { vestibule_flow: flow },
    ]);
  });

  it('asks for another code', async () => {
    const { routes, calls, handle } = await challenged(async () => codeStep);
    await routes['POST /v1/sessions/challenge'](request({ flow: handle, resend: true }));
    expect(calls[1]?.[2]).toBe('{"resend":true}');
  });

  it('is refused without the device token that it began with, and gives a new one after the challenge', async () => {
    const headers = { 'x-vestibule-device': 'd'.repeat(43) };
    const { routes, handle } = await challenged(async () => tokens, { headers });
    const body = { flow: handle, answer: '12345678' };
    await expect(routes['POST /v1/sessions/challenge'](request(body))).rejects.toMatchObject({
      code: 'FLOW_REJECTED',
    });
    const { body: signedIn, cookies } = await routes['POST /v1/sessions/challenge'](
      request(body, { headers }),
    );
    expect(deviceOf(signedIn)).toMatch(/^[\w-]{43}$/);
    expect(deviceOf(signedIn)).not.toBe('d'.repeat(43));
    expect(cookies?.[0]).toContain(`__Host-vestibule-device=${deviceOf(signedIn)}`);
  });

  it('is refused from another device, and allowed from one that keeps no cookies', async () => {
    const { routes, handle } = await challenged(async () => tokens);
    const headers = { 'x-vestibule-device': 'e'.repeat(43) };
    const body = { flow: handle, answer: '12345678' };
    await expect(routes['POST /v1/sessions/challenge'](request(body, { headers }))).rejects.toMatchObject({
      code: 'FLOW_REJECTED',
    });
    expect(await routes['POST /v1/sessions/challenge'](request(body))).toMatchObject({ status: 200 });
  });

  it('refuses what is not its own: other handles, changed ones, refresh tokens, and after its time', async () => {
    const { routes, handle, clock, services } = await challenged(async () => tokens);
    const refresh = await services.refreshTokens.seal({
      token: 't',
      sub: 's',
      originJti: 'o',
      startedAt: 1,
      seenAt: 1,
    });
    const changed = `${handle.slice(0, -3)}AAA`;
    for (const bad of ['x', changed, refresh, accessToken]) {
      await expect(
        routes['POST /v1/sessions/challenge'](request({ flow: bad, answer: '12345678' })),
      ).rejects.toMatchObject({ code: 'FLOW_REJECTED' });
    }
    clock.advance(901_000);
    await expect(
      routes['POST /v1/sessions/challenge'](request({ flow: handle, answer: '12345678' })),
    ).rejects.toMatchObject({ code: 'FLOW_REJECTED' });
  });

  it.each([{ answer: '12345678', resend: true as const }, {}])(
    'wants exactly one of answer and resend',
    async (given) => {
      const { routes, handle } = await challenged(async () => tokens);
      await expect(
        routes['POST /v1/sessions/challenge'](request({ flow: handle, ...given })),
      ).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    },
  );
});

describe('refresh and sign-out', () => {
  async function signedIn(cognito: Partial<CognitoSignIn> = {}, over: Partial<SessionServices> = {}) {
    const opened = open(cognito, over);
    const { body } = await opened.routes['POST /v1/sessions'](request(credentials));
    return { ...opened, refreshToken: 'refreshToken' in body ? body.refreshToken : '' };
  }

  it('carry the assurance of the session without a look-up', async () => {
    const { routes, calls, refreshToken, services } = await signedIn();
    const { body } = await routes['POST /v1/sessions/refresh'](request({ refreshToken }));
    expect(body).not.toHaveProperty('state');
    const [, token, metadata] = calls[1] as [string, string, Record<string, string>];
    expect(token).toBe('cognito-refresh');
    const reader = sessionTokens(testKeys, services.clock);
    expect(await reader.read(metadata.vestibule_session)).toMatchObject({
      sub: 'sub-1',
      client: 'server',
      flow: 'flow-1',
      methods: ['password', 'email-code'],
    });
  });

  it('end the whole family when a replaced token comes back, with an event of its own', async () => {
    const { routes, states, told, calls, refreshToken } = await signedIn({
      refresh: async () => Promise.reject(new RefreshTokenReused()),
    });
    await expect(routes['POST /v1/sessions/refresh'](request({ refreshToken }))).rejects.toMatchObject({
      code: 'SESSION_REJECTED',
    });
    expect(told).toMatchObject([{ type: 'session.refresh-reused', outcome: 'refused', flow: 'flow-1' }]);
    expect(states.events).toMatchObject([{ type: 'session.ended', reasons: ['REFRESH_TOKEN_REUSED'] }]);
    expect(await states.find('flow-1')).toMatchObject({ isEnded: true });
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it.each([
    { startedAt: 'before', until: began, refused: true },
    { startedAt: 'after', until: began - 1, refused: false },
  ])('a session from $startedAt a password reset: refused $refused', async ({ until, refused }) => {
    const asked: string[] = [];
    const cutoff = async (sub: string) => {
      asked.push(sub);
      return { until };
    };
    const { routes, states, calls, refreshToken } = await signedIn({}, { cutoff });
    const answer = routes['POST /v1/sessions/refresh'](request({ refreshToken }));
    if (!refused) return expect((await answer).status).toBe(200);
    await expect(answer).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(asked).toEqual(['sub-1']);
    expect(calls.map(([name]) => name)).not.toContain('refresh');
    expect(states.events).toMatchObject([
      { type: 'session.ended', reasons: ['PASSWORD_RESET'], actor: 'system' },
    ]);
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it('go on in the one session in which all others were ended', async () => {
    const cutoff = async () => ({ until: began + 10, except: 'flow-1' });
    const { routes, refreshToken } = await signedIn({}, { cutoff });
    expect((await routes['POST /v1/sessions/refresh'](request({ refreshToken }))).status).toBe(200);
  });

  it('refuse a session that has ended, whatever Cognito made of its revocation', async () => {
    const { routes, states, calls, refreshToken } = await signedIn();
    await states.end('flow-1', {} as AuditEvent);
    await expect(routes['POST /v1/sessions/refresh'](request({ refreshToken }))).rejects.toMatchObject({
      code: 'SESSION_REJECTED',
    });
    expect(calls.map(([name]) => name)).not.toContain('refresh');
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it.each([
    { why: 'unused for too long', days: 15, reason: 'IDLE' },
    { why: 'past its absolute end', days: 31, reason: 'EXPIRED' },
  ])('refuse a session $why', async ({ days, reason }) => {
    const { routes, states, clock, refreshToken, services } = await signedIn();
    const handles = sealed<RefreshHandle>('refresh', testKeys, clock, 400 * 86_400);
    const handle = await services.refreshTokens.open(refreshToken);
    if (!handle) throw new Error('expected a handle');
    const kept = { ...services, refreshTokens: handles };
    const token = await handles.seal(handle);
    clock.advance(days * 86_400_000);
    await expect(
      sessionRoutes(kept)['POST /v1/sessions/refresh'](request({ refreshToken: token })),
    ).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(states.events).toMatchObject([{ type: 'session.ended', reasons: [reason] }]);
    expect(routes).toBeDefined();
  });

  it('state the level that is left, and take a raised one back that went unused', async () => {
    const { routes, states, calls, clock, refreshToken, services } = await signedIn();
    const proven = { level: 2, methods: ['password', 'totp'], authenticatedAt: began } as const;
    await states.raise('flow-1', { ...proven, flow: 'f2', begunAt: began * 1000 }, {} as AuditEvent);
    const reader = sessionTokens(testKeys, services.clock);
    const stated = async () => {
      await routes['POST /v1/sessions/refresh'](request({ refreshToken }));
      const [, , metadata] = calls.at(-1) ?? [];
      return reader.read((metadata as Record<string, string> | undefined)?.vestibule_session);
    };
    expect(await stated()).toMatchObject({ level: 2, methods: ['password', 'totp'] });
    clock.advance(3_601_000); // the handle has a lifetime of an hour here, so it is sealed anew
    const handle = {
      token: 'cognito-refresh',
      sub: 'sub-1',
      originJti: 'origin-1',
      startedAt: began,
      seenAt: began,
    };
    const later = await services.refreshTokens.seal({
      ...handle,
      assurance: { flow: 'flow-1', level: 1, methods: ['password'] },
    });
    await routes['POST /v1/sessions/refresh'](request({ refreshToken: later }));
    const metadata = calls.at(-1)?.[2] as Record<string, string>;
    expect(await reader.read(metadata.vestibule_session)).toMatchObject({ level: 1 });
    expect(await states.find('flow-1')).toMatchObject({ assurance: { level: 1 } });
  });

  it('sign out: access tokens first, then the refresh tokens', async () => {
    const { routes, states, calls, refreshToken } = await signedIn();
    expect(await routes['POST /v1/sessions/sign-out'](request({ refreshToken }))).toEqual({ status: 204 });
    expect(states.events).toMatchObject([{ actor: 'self', subject: { sub: 'sub-1' }, flow: 'flow-1' }]);
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it('sign out of nothing with a token that is none of ours', async () => {
    const { routes, states } = open();
    const body = { refreshToken: 'forged', accessToken };
    expect(await routes['POST /v1/sessions/sign-out'](request(body))).toEqual({ status: 204 });
    expect(states.events).toEqual([]);
  });
});

describe('a session in a cookie', () => {
  const page = { headers: { origin } };
  const inCookie = { ...credentials, mode: 'cookie' as const };
  async function browser(cognito: Partial<CognitoSignIn> = {}) {
    const opened = open(cognito);
    const { body, cookies = [] } = await opened.routes['POST /v1/sessions'](request(inCookie, page));
    if (!('csrf' in body)) throw new Error('expected a session in a cookie');
    return { ...opened, body, cookies, cookie: tokenIn(cookies), csrf: body.csrf };
  }
  const tokenIn = (cookies: readonly string[]): string =>
    /^__Host-vestibule-session=([^;]*)/.exec(cookies.find((line) => line.includes('session')) ?? '')?.[1] ??
    '';
  const acting = (cookie: string, csrf: string, headers: Record<string, string> = {}) => ({
    cookies: { '__Host-vestibule-session': cookie },
    headers: { origin, 'x-vestibule-csrf': csrf, ...headers },
  });

  it('gives the browser nothing that it could lose: no token, a cookie that no script can read', async () => {
    const { body, cookies, cookie } = await browser();
    expect(body).toEqual({
      state: 'signed-in',
      mode: 'cookie',
      csrf: expect.stringMatching(/^[\w-]{43}$/),
      level: 1,
      idleSeconds: lifetimes.session.idleSeconds,
    });
    expect(cookies[0]).toBe(
      `__Host-vestibule-session=${cookie}; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax`,
    );
    expect(JSON.stringify([body, cookies])).not.toMatch(/cognito-refresh|e30\./);
  });

  it.each([undefined, 'https://evil.example', 'null', `${origin}.evil.example`])(
    'does not begin on a page of %s',
    async (from) => {
      const { routes, calls } = open();
      const headers: Record<string, string> = from === undefined ? {} : { origin: from };
      await expect(routes['POST /v1/sessions'](request(inCookie, { headers }))).rejects.toMatchObject({
        code: 'ORIGIN_REJECTED',
      });
      expect(calls).toEqual([]);
    },
  );

  it('gets a new identifier at every sign-in, and what the browser had before is dead', async () => {
    const { routes, browsers, states, calls, cookie, csrf } = await browser();
    const again = await routes['POST /v1/sessions'](request(inCookie, acting(cookie, csrf)));
    expect(tokenIn(again.cookies ?? [])).not.toBe(cookie);
    expect(await browsers.find(cookie)).toBeUndefined();
    expect(states.events).toMatchObject([{ type: 'session.ended', reasons: ['NEW_SIGN_IN'] }]);
    expect(calls.some(([name]) => name === 'revoke')).toBe(true);
  });

  it('does not take over an identifier that somebody planted', async () => {
    const planted = 'p'.repeat(43);
    const { routes, browsers } = open();
    const { cookies = [] } = await routes['POST /v1/sessions'](request(inCookie, acting(planted, 'x')));
    expect(tokenIn(cookies)).not.toBe(planted);
    expect(await browsers.find(planted)).toBeUndefined();
  });

  it('is refreshed under another identifier, with the same csrf value, and the answer may be asked for again', async () => {
    const { routes, browsers, cookie, csrf, clock } = await browser();
    clock.advance(600_000);
    const first = await routes['POST /v1/sessions/refresh'](request({}, acting(cookie, csrf)));
    expect(first.body).toMatchObject({ mode: 'cookie', csrf });
    const next = tokenIn(first.cookies ?? []);
    expect(next).not.toBe(cookie);
    clock.advance(9_000);
    const repeated = await routes['POST /v1/sessions/refresh'](request({}, acting(cookie, csrf)));
    expect(await browsers.find(tokenIn(repeated.cookies ?? []))).toBeDefined();
  });

  it('ends as a whole when a replaced identifier comes back later', async () => {
    const { routes, states, told, cookie, csrf, clock, calls } = await browser();
    await routes['POST /v1/sessions/refresh'](request({}, acting(cookie, csrf)));
    clock.advance(11_000);
    await expect(
      routes['POST /v1/sessions/refresh'](request({}, acting(cookie, csrf))),
    ).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(told).toMatchObject([{ type: 'session.refresh-reused' }]);
    expect(await states.find('flow-1')).toMatchObject({ isEnded: true });
    expect(calls.at(-1)?.[0]).toBe('revoke');
  });

  it.each(['POST /v1/sessions/refresh', 'POST /v1/sessions/sign-out'] as const)(
    '%s does nothing for a foreign page',
    async (route) => {
      const { routes, browsers, states, cookie, csrf } = await browser();
      const foreign: Partial<RouteRequest>[] = [
        acting(cookie, csrf, { origin: 'https://evil.example' }),
        acting(cookie, ''),
        acting(cookie, `${csrf}x`),
        acting(cookie, 'A'.repeat(43)),
        { cookies: acting(cookie, csrf).cookies, headers: { 'x-vestibule-csrf': csrf } },
      ];
      for (const from of foreign) {
        await expect(routes[route](request<typeof route>({}, from) as never)).rejects.toMatchObject({
          code: 'ORIGIN_REJECTED',
        });
      }
      expect(await browsers.find(cookie)).toMatchObject({ csrf });
      expect(states.events).toEqual([]);
    },
  );

  it('signs out: record, cookie and refresh tokens are gone', async () => {
    const { routes, browsers, states, cookie, csrf } = await browser();
    const answer = await routes['POST /v1/sessions/sign-out'](request({}, acting(cookie, csrf)));
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    expect(await browsers.find(cookie)).toBeUndefined();
    expect(states.events).toMatchObject([{ type: 'session.ended', actor: 'self' }]);
  });
});

describe('POST /v1/contexts', () => {
  it('mints what the triggers read, bound to identifier, address and device', async () => {
    const { routes, services } = open();
    const { status, body } = await routes['POST /v1/contexts'](request({ identifier: 'mia@example.com' }));
    expect(status).toBe(201);
    const reading = await contextTokens(testKeys, services.clock).read(body.context, 'sign-in');
    expect(reading).toMatchObject({
      status: 'genuine',
      context: {
        identifier: await testPseudonyms.of('identifier', 'mia@example.com'),
        network: await testPseudonyms.of('network', '203.0.113.0/24'),
        device: await testPseudonyms.of('device', body.deviceToken ?? ''),
        door: 'sdk',
      },
    });
  });

  it('mints one for registration that is no use for signing in', async () => {
    const { routes, services } = open();
    const { body } = await routes['POST /v1/contexts'](
      request({ identifier: 'mia@example.com', use: 'registration' }),
    );
    const reader = contextTokens(testKeys, services.clock);
    expect(await reader.read(body.context, 'sign-in')).toEqual({ status: 'invalid' });
    expect(await reader.read(body.context, 'registration')).toMatchObject({ status: 'genuine' });
  });
});
