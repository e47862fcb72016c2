import { describe, expect, it } from 'vitest';
import {
  type CognitoSignIn,
  RefreshTokenReused,
  type SignInStep,
  signInError,
} from '../../../../lambdas/adapters/cognito-sign-in.ts';
import { contextTokens } from '../../../../lambdas/adapters/context-tokens.ts';
import { sealed } from '../../../../lambdas/adapters/sealed.ts';
import { sessionTokens } from '../../../../lambdas/adapters/session-tokens.ts';
import { systemRandom } from '../../../../lambdas/adapters/system.ts';
import type { RouteRequest } from '../../../../lambdas/api/types.ts';
import { sessionRoutes } from '../../../../lambdas/auth-api/sessions/routes.ts';
import type { SessionServices } from '../../../../lambdas/auth-api/sessions/services.ts';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import { testClock, testKeys, testPseudonyms } from '../../../support/sign-in/services.ts';

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
const accessToken = jwt({
  sub: 'sub-1',
  origin_jti: 'origin-1',
  auth_time: 1_000,
  'vestibule:flow': 'flow-1',
  'vestibule:methods': ['password', 'email-code'],
});
const tokens: SignInStep = {
  kind: 'tokens',
  tokens: { accessToken, idToken: jwt({}), refreshToken: 'cognito-refresh', expiresInSeconds: 900 },
};
const flow = 'F'.repeat(22);
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
  const ended: { jti: string; event: AuditEvent }[] = [];
  const clock = testClock();
  const spy =
    <A extends unknown[], R>(name: string, act: (...given: A) => R) =>
    (...given: A) => {
      calls.push([name, ...given]);
      return act(...given);
    };
  const fake: CognitoSignIn = {
    startWithPassword: spy('start', cognito.startWithPassword ?? (async () => tokens)),
    answer: spy('answer', cognito.answer ?? (async () => tokens)),
    refresh: spy(
      'refresh',
      cognito.refresh ?? ((async () => tokens.kind === 'tokens' && tokens.tokens) as never),
    ),
    revoke: spy('revoke', cognito.revoke ?? (async () => {})),
  };
  const services: SessionServices = {
    cognito: fake,
    contexts: contextTokens(testKeys, clock),
    sessions: sessionTokens(testKeys, clock),
    flows: sealed('flow', testKeys, clock, 900),
    refreshTokens: sealed('refresh', testKeys, clock, 3_600),
    counters: {
      count: async ({ subject, kind }, event) => {
        counts.push({ key: `${subject.split('#')[0]}/${kind}`, ...(event && { event }) });
        return counts.length;
      },
    },
    ended: { end: async (jti, event) => void ended.push({ jti, event }) },
    isEnded: async () => false,
    endedUntil: async () => undefined,
    pseudonyms: testPseudonyms,
    clock,
    random: systemRandom,
    clientId: 'server',
    ...over,
  };
  return { routes: sessionRoutes(services), services, calls, counts, ended, clock };
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
    const { routes } = open();
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
    expect(JSON.parse(String(answer))).toMatchObject({ method: 'email-code', context: expect.any(String) });
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

describe('POST /v1/sessions/challenge', () => {
  async function challenged(answer: CognitoSignIn['answer'], over: Partial<RouteRequest> = {}) {
    const opened = open({ startWithPassword: async () => codeStep, answer });
    const { body } = await opened.routes['POST /v1/sessions'](request(credentials, over));
    return { ...opened, handle: body.state === 'challenge' ? body.flow : '', device: body.deviceToken };
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
    const refresh = await services.refreshTokens.seal({ token: 't', sub: 's', originJti: 'o', startedAt: 1 });
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
    return { ...opened, refreshToken: body.state === 'signed-in' ? body.refreshToken : '' };
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

  it('end the whole family when a replaced token comes back, with an event', async () => {
    const { routes, ended, calls, refreshToken } = await signedIn({
      refresh: async () => Promise.reject(new RefreshTokenReused()),
    });
    await expect(routes['POST /v1/sessions/refresh'](request({ refreshToken }))).rejects.toMatchObject({
      code: 'SESSION_REJECTED',
    });
    expect(ended).toMatchObject([
      { jti: 'origin-1', event: { type: 'session.ended', reasons: ['REFRESH_TOKEN_REUSED'] } },
    ]);
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it.each([
    { startedAt: 'before', endedUntil: 1_000, refused: true },
    { startedAt: 'after', endedUntil: 999, refused: false },
  ])('a session from $startedAt a password reset: refused $refused', async ({ endedUntil, refused }) => {
    const asked: string[] = [];
    const cutoff = async (sub: string) => {
      asked.push(sub);
      return endedUntil;
    };
    const { routes, ended, calls, refreshToken } = await signedIn({}, { endedUntil: cutoff });
    const answer = routes['POST /v1/sessions/refresh'](request({ refreshToken }));
    if (!refused) return expect((await answer).status).toBe(200);
    await expect(answer).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    expect(asked).toEqual(['sub-1']);
    expect(calls.map(([name]) => name)).not.toContain('refresh');
    expect(ended).toMatchObject([
      { jti: 'origin-1', event: { type: 'session.ended', reasons: ['PASSWORD_RESET'], actor: 'system' } },
    ]);
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it('refuse a session that has ended, whatever Cognito made of its revocation', async () => {
    const { routes, calls, refreshToken } = await signedIn(
      {},
      { isEnded: async (jti) => jti === 'origin-1' },
    );
    await expect(routes['POST /v1/sessions/refresh'](request({ refreshToken }))).rejects.toMatchObject({
      code: 'SESSION_REJECTED',
    });
    expect(calls.map(([name]) => name)).not.toContain('refresh');
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it('sign out: access tokens first, then the refresh tokens', async () => {
    const { routes, ended, calls, refreshToken } = await signedIn();
    expect(await routes['POST /v1/sessions/sign-out'](request({ refreshToken }))).toEqual({ status: 204 });
    expect(ended).toMatchObject([{ jti: 'origin-1', event: { actor: 'self', subject: { sub: 'sub-1' } } }]);
    expect(calls.at(-1)).toEqual(['revoke', 'cognito-refresh']);
  });

  it('sign out of nothing with a token that is none of ours', async () => {
    const { routes, ended } = open();
    const body = { refreshToken: 'forged', accessToken };
    expect(await routes['POST /v1/sessions/sign-out'](request(body))).toEqual({ status: 204 });
    expect(ended).toEqual([]);
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
