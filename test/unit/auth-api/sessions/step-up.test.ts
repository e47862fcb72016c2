import { describe, expect, it } from 'vitest';
import {
  type CognitoSignIn,
  type SignInStep,
  signInError,
} from '../../../../lambdas/adapters/cognito-sign-in.ts';
import { contextTokens } from '../../../../lambdas/adapters/context-tokens.ts';
import type { RiskKey } from '../../../../lambdas/adapters/risk-counters.ts';
import { sealed } from '../../../../lambdas/adapters/sealed.ts';
import { systemRandom } from '../../../../lambdas/adapters/system.ts';
import type { Caller } from '../../../../lambdas/api/types.ts';
import type { SessionServices } from '../../../../lambdas/auth-api/sessions/services.ts';
import { postStepUp, postStepUpAnswer } from '../../../../lambdas/auth-api/sessions/step-up.ts';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import type { AccountKey, Flow } from '../../../../lambdas/core/challenge/flow.ts';
import type { FlowId, Sub } from '../../../../lambdas/core/ids.ts';
import { contextMetadataKey } from '../../../../lambdas/core/risk/context.ts';
import { lifetimes, memoryBrowsers, memoryStates } from '../../../support/sessions.ts';
import { testClock, testKeys, testPseudonyms } from '../../../support/sign-in/services.ts';

const flow = 'F'.repeat(22) as FlowId;
const challenge: SignInStep = {
  kind: 'challenge',
  session: 'cognito-session',
  username: 'sub-1',
  parameters: { step: 'totp', flow, methods: '["totp","passkey"]', codeLength: '6' },
};
const refused = () => Promise.reject(signInError('FLOW_REJECTED'));
const wrong = () => Promise.reject(signInError('SIGN_IN_REJECTED'));

/** Step-ups over a pool that does what a test says, and flows as our triggers would leave them. */
function open(cognito: Partial<CognitoSignIn>, record?: Partial<Flow>) {
  const clock = testClock();
  const states = memoryStates();
  const browsers = memoryBrowsers();
  const revoked: string[] = [];
  const looked: string[] = [];
  const counted: unknown[] = [];
  const services = {
    cognito: { ...cognito, revoke: async (token: string) => void revoked.push(token) } as CognitoSignIn,
    contexts: contextTokens(testKeys, clock),
    stepUps: sealed('step-up', testKeys, clock, 900),
    flowRecords: {
      find: async (id: string) => {
        looked.push(id);
        const own = { id, account: 'sub-1', client: 'server', stepUp: 'session-1', createdAt: clock.now() };
        return record && ({ ...own, ...record } as Flow);
      },
    },
    states,
    browsers,
    counters: {
      count: async ({ subject }: RiskKey, event?: AuditEvent) => {
        counted.push([subject.split('#')[0], event?.type]);
        return counted.length;
      },
    },
    lifetimes,
    pseudonyms: testPseudonyms,
    clock,
    random: systemRandom,
    clientId: 'server',
  } as unknown as SessionServices;
  return {
    start: postStepUp(services),
    answer: postStepUpAnswer(services),
    states,
    browsers,
    revoked,
    looked,
    counted,
    clock,
  };
}

const request = (body: object, caller: Partial<Caller> = {}, over: object = {}) =>
  ({
    body,
    headers: {},
    cookies: {},
    params: {},
    sourceIp: '203.0.113.7',
    userAgent: 'Firefox/140.0',
    caller: {
      sub: 'sub-1' as Sub,
      sessionKey: 'session-1',
      flow: 'session-1',
      methods: ['password'],
      level: 1,
      scopes: [],
      clientId: 'web',
      authenticatedAt: 0,
      ...caller,
    },
    ...over,
  }) as never;

describe('a step-up', () => {
  it('by password: refused by the pool, proven by the flow', async () => {
    const { start, states, clock } = open(
      { startWithPassword: wrong },
      { state: 'proven', proven: ['password'] },
    );
    const { body } = await start(request({ password: 'right' }));
    expect(body).toEqual({ state: 'done', level: 1, methods: ['password'] });
    expect(await states.find('session-1')).toMatchObject({
      assurance: { level: 1, authenticatedAt: Math.floor(clock.now() / 1000) },
    });
    expect(states.events).toMatchObject([
      { type: 'session.stepped-up', flow: 'session-1', data: { level: 1 } },
    ]);
  });

  it.each([
    { why: 'there is no flow', record: undefined },
    { why: 'it was not proven', record: { state: 'challenged', proven: ['password'] } },
    { why: 'it was denied', record: { state: 'denied', proven: [] } },
    { why: 'nothing was proven', record: { state: 'proven', proven: [] } },
    {
      why: "it is somebody else's",
      record: { state: 'proven', proven: ['totp'], account: 'sub-2' as AccountKey },
    },
    { why: 'it is for another session', record: { state: 'proven', proven: ['totp'], stepUp: 'session-2' } },
    { why: 'it was a sign-in', record: { state: 'proven', proven: ['totp'], stepUp: undefined } },
    { why: 'it is of another client', record: { state: 'proven', proven: ['totp'], client: 'web' } },
  ] as { why: string; record: Partial<Flow> | undefined }[])(
    'raises nothing when $why',
    async ({ record }) => {
      const { start, states, counted } = open({ startWithPassword: wrong }, record);
      await expect(start(request({ password: 'x' }))).rejects.toMatchObject({ code: 'SIGN_IN_REJECTED' });
      expect(await states.find('session-1')).toBeUndefined();
      expect(counted).toEqual([
        ['IDENTIFIER', 'sign-in.refused'],
        ['ADDRESS', undefined],
      ]);
    },
  );

  it('by a code: a challenge, then level 2 together with the password of the sign-in', async () => {
    const record: Partial<Flow> = { state: 'challenged', proven: [] };
    const { start, answer, states, looked, counted } = open(
      { startWithoutPassword: async () => challenge, answer: refused },
      record,
    );
    const { body } = await start(request({ method: 'totp' }));
    if (body.state !== 'challenge') throw new Error('expected a challenge');
    expect(body.challenge).toEqual({ method: 'totp', methods: ['totp', 'passkey'], codeLength: 6 });
    Object.assign(record, { state: 'proven', proven: ['totp'] });
    const done = await answer(request({ flow: body.flow, answer: '123456' }));
    expect(done.body).toEqual({ state: 'done', level: 2, methods: ['password', 'totp'] });
    expect(looked).toEqual([flow]);
    expect(counted).toEqual([]);
    // The same proof a second time raises nothing: the flow is spent.
    await expect(answer(request({ flow: body.flow, answer: '123456' }))).rejects.toMatchObject({
      code: 'SESSION_REJECTED',
    });
    expect(states.events).toHaveLength(1);
  });

  it.each([
    { had: ['password', 'totp'], level: 1, left: ['password'], becomes: 1 },
    { had: ['passkey'], level: 1, left: ['password'], becomes: 1 },
    { had: ['password', 'email-code'], level: 1, left: ['password', 'email-code'], becomes: 1 },
    { had: ['password', 'totp'], level: 2, left: ['password', 'totp'], becomes: 2 },
  ] as const)('by password brings no level 2 back that is over: $had at level $level', async (given) => {
    const { start, states } = open({ startWithPassword: wrong }, { state: 'proven', proven: ['password'] });
    const { body } = await start(request({ password: 'x' }, { methods: given.had, level: given.level }));
    expect(body).toEqual({ state: 'done', level: given.becomes, methods: given.left });
    expect((await states.find('session-1'))?.assurance).toMatchObject({ level: given.becomes });
  });

  it('speaks for the page that asks, in its language', async () => {
    let said: string | undefined;
    const { start, clock } = open({
      startWithPassword: (_user, _password, metadata) => {
        said = metadata[contextMetadataKey];
        return wrong();
      },
    });
    const headers = { 'x-vestibule-brand': 'hearth', 'x-vestibule-language': 'fr' };
    await expect(start(request({ password: 'x' }, {}, { headers }))).rejects.toThrow();
    const reading = await contextTokens(testKeys, clock).read(said, 'step-up');
    expect(reading).toMatchObject({ status: 'genuine', context: { brand: 'hearth', language: 'fr' } });
  });

  it("is no use to another person, another session, or a sign-in's challenge", async () => {
    const { start, answer } = open({
      startWithoutPassword: async () => challenge,
      answer: async () => challenge,
    });
    const { body } = await start(request({ method: 'totp' }));
    if (body.state !== 'challenge') throw new Error('expected a challenge');
    const given = { flow: body.flow, answer: '123456' };
    for (const caller of [{ sub: 'sub-2' as Sub }, { sessionKey: 'session-2' }]) {
      await expect(answer(request(given, caller))).rejects.toMatchObject({ code: 'FLOW_REJECTED' });
    }
    const foreign = await sealed('flow', testKeys, testClock(), 900).seal({
      sub: 'sub-1',
      sessionKey: 'session-1',
    });
    await expect(answer(request({ ...given, flow: foreign }))).rejects.toMatchObject({
      code: 'FLOW_REJECTED',
    });
    expect((await answer(request(given))).body).toMatchObject({ state: 'challenge' });
  });

  it('takes tokens back that the pool should never have issued', async () => {
    const issued: SignInStep = {
      kind: 'tokens',
      tokens: { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresInSeconds: 600 },
    };
    const { start, states, revoked } = open(
      { startWithPassword: async () => issued },
      { state: 'proven', proven: ['password'] },
    );
    await expect(start(request({ password: 'x' }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(revoked).toEqual(['r']);
    expect(states.events).toEqual([]);
  });

  it('raises no session that has ended, and none while the flow cannot be read', async () => {
    const proven: Partial<Flow> = { state: 'proven', proven: ['password'] };
    const ended = open({ startWithPassword: wrong }, proven);
    await ended.states.end('session-1', {} as AuditEvent);
    await expect(ended.start(request({ password: 'x' }))).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
    const down = open({ startWithPassword: () => Promise.reject(signInError('UNAVAILABLE')) }, proven);
    await expect(down.start(request({ password: 'x' }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(down.looked).toEqual([]);
  });

  it.each([{}, { password: 'x', method: 'totp' }])('wants a password or a method', async (body) => {
    const { start } = open({ startWithPassword: wrong });
    await expect(start(request(body))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('gives a browser another identifier', async () => {
    const { start, browsers } = open({ startWithPassword: wrong }, { state: 'proven', proven: ['password'] });
    const cookie = await browsers.create({ csrf: 'c' } as never, 'sealed');
    const over = { cookies: { '__Host-vestibule-session': cookie } };
    const { cookies = [] } = await start(request({ password: 'x' }, {}, over));
    const next = /=([^;]+)/.exec(cookies[0] ?? '')?.[1] ?? '';
    expect(next).not.toBe(cookie);
    expect(await browsers.find(next)).toMatchObject({ csrf: 'c' });
    expect(await browsers.find(cookie)).toMatchObject({ replacedAt: expect.any(Number) });
  });
});
