import { describe, expect, it } from 'vitest';
import { emptyHistory } from '../../../lambdas/core/risk/history.ts';
import { codePolicy, readSignInEnv, riskPolicy } from '../../../lambdas/sign-in/env.ts';
import type { SignInServices } from '../../../lambdas/sign-in/services.ts';
import { signInTrigger, triggers } from '../../../lambdas/sign-in/triggers.ts';
import { testDynamo } from '../../support/dynamo-client.ts';
import { testEnv, testSignIn } from '../../support/sign-in/services.ts';

/** Ports in memory: these tests are about events and answers, not about storage. */
function memory(over: Partial<SignInServices> = {}): SignInServices {
  const { services } = testSignIn(testDynamo('http://127.0.0.1:9'));
  return {
    ...services,
    flows: {
      ...services.flows,
      find: async () => undefined,
      open: async () => true,
    },
    histories: { find: async () => emptyHistory, touch: async () => false, replace: async () => true },
    counters: { count: async () => 1, read: async () => 0 },
    consents: async () => new Map(),
    isLocked: async () => false,
    outbox: { put: async () => {} },
    ...over,
  };
}

const anEvent = (triggerSource: string, request: Record<string, unknown> = {}) => ({
  version: '1',
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_Test',
  userName: 'sub-1',
  triggerSource,
  callerContext: { awsSdkVersion: 'x', clientId: 'web' },
  request: {
    userAttributes: { sub: 'sub-1', email: 'mia@example.com', email_verified: 'true' },
    aFieldThatAwsAddsTomorrow: { nested: [1, 2] },
    ...request,
  },
  response: {},
});
const passed = (challengeName: string) => ({ challengeName, challengeResult: true, challengeMetadata: null });
const run = (event: object, services = memory()) => signInTrigger(services, () => {})(event);

describe('accepted trigger sources', () => {
  it('are exactly these', () =>
    expect(Object.keys(triggers)).toEqual([
      'DefineAuthChallenge_Authentication',
      'CreateAuthChallenge_Authentication',
      'VerifyAuthChallengeResponse_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
      'TokenGeneration_HostedAuth',
      'TokenGeneration_NewPasswordChallenge',
      'TokenGeneration_AuthenticateDevice',
      'TokenGeneration_RefreshTokens',
    ]));

  it.each([
    {
      source: 'DefineAuthChallenge_Authentication',
      request: { session: [passed('SRP_A')] },
      response: { challengeName: 'PASSWORD_VERIFIER', issueTokens: false, failAuthentication: false },
    },
    {
      source: 'CreateAuthChallenge_Authentication',
      request: { challengeName: 'CUSTOM_CHALLENGE', session: [passed('SRP_A'), passed('PASSWORD_VERIFIER')] },
      response: { publicChallengeParameters: { step: 'begin' } },
    },
    {
      source: 'VerifyAuthChallengeResponse_Authentication',
      request: {
        privateChallengeParameters: { step: 'email-code', flow: 'f'.repeat(22), round: '3' },
        challengeAnswer: '12345678',
      },
      response: { answerCorrect: false },
    },
    { source: 'PostAuthentication_Authentication', request: {}, response: {} },
  ])('$source answers with the whole event', async ({ source, request, response }) => {
    const event = anEvent(source, request);
    const answered = await run(event);
    expect(answered).toMatchObject({ ...event, response });
  });

  const pages = async () => ({ name: 'shop', door: 'managed-login' });
  it.each([
    { source: 'TokenGeneration_Authentication', over: {} },
    { source: 'TokenGeneration_HostedAuth', over: { clientOf: pages } },
    { source: 'TokenGeneration_RefreshTokens', over: {} },
  ])(
    '$source keeps the groups but that of operators, and adds tier and purposes',
    async ({ source, over }) => {
      const groupConfiguration = {
        groupsToOverride: ['tier-plus', 'operators'],
        iamRolesToOverride: ['arn:aws:iam::1:role/x'],
        preferredRole: 'arn:aws:iam::1:role/x',
      };
      const { response } = await run(anEvent(source, { groupConfiguration }), memory(over));
      expect(response).toMatchObject({
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: {
            claimsToAddOrOverride: { 'vestibule:tier': 'plus', 'vestibule:purposes': [] },
          },
          groupOverrideDetails: { ...groupConfiguration, groupsToOverride: ['tier-plus'] },
        },
      });
      expect(JSON.stringify(response)).not.toMatch(/vestibule:aal|operators/);
    },
  );

  const session = { vestibule_session: 'made-up' };
  const flow = { vestibule_flow: 'f'.repeat(22) };
  it.each([
    { way: 'the pages, for a client of the API', source: 'TokenGeneration_HostedAuth', door: 'api' },
    { way: 'the pages, for a client of an SDK', source: 'TokenGeneration_HostedAuth', door: 'sdk' },
    { way: 'the pages, for an unknown client', source: 'TokenGeneration_HostedAuth', door: undefined },
    { way: 'a temporary password', source: 'TokenGeneration_NewPasswordChallenge', door: 'sdk' },
    { way: 'a remembered device', source: 'TokenGeneration_AuthenticateDevice', door: 'sdk' },
    { way: 'no flow, at the API', source: 'TokenGeneration_Authentication', door: 'api' },
    { way: 'no flow, past the pages', source: 'TokenGeneration_Authentication', door: 'managed-login' },
    { way: 'no flow, for a machine', source: 'TokenGeneration_Authentication', door: 'machine' },
    { way: 'a flow that is none', source: 'TokenGeneration_Authentication', door: 'sdk', named: flow },
    { way: 'a made-up session', source: 'TokenGeneration_Authentication', door: 'sdk', named: session },
    {
      way: 'a made-up session, past the pages',
      source: 'TokenGeneration_Authentication',
      door: 'managed-login',
      named: session,
    },
  ])('there are no tokens by $way', async ({ source, door, named }) => {
    const clientOf = async () => (door === undefined ? undefined : { name: 'x', door });
    const event = anEvent(source, { clientMetadata: named ?? {} });
    await expect(run(event, memory({ clientOf }))).rejects.toThrow('UNAVAILABLE');
  });

  it('there are no tokens past the flow while nobody can say whose client it is', async () => {
    const clientOf = () => Promise.reject(new Error('throttled'));
    await expect(run(anEvent('TokenGeneration_Authentication'), memory({ clientOf }))).rejects.toThrow(
      'UNAVAILABLE',
    );
  });

  it.each([
    { source: 'TokenGeneration_HostedAuth', door: 'managed-login' },
    { source: 'TokenGeneration_RefreshTokens', door: 'managed-login' },
    { source: 'TokenGeneration_RefreshTokens', door: 'sdk' },
    { source: 'TokenGeneration_Authentication', door: 'sdk' },
  ])(
    '$source gives a locked account nothing at the door $door, and says so once',
    async ({ source, door }) => {
      const events = new Map<string, unknown>();
      const services = memory({
        clientOf: async () => ({ name: 'x', door }),
        isLocked: async (sub) => sub === 'sub-1',
        outbox: { put: async (event) => void events.set(event.id, event) },
      });
      await expect(run(anEvent(source), services)).rejects.toThrow('UNAVAILABLE');
      await expect(run(anEvent(source), services)).rejects.toThrow('UNAVAILABLE');
      expect([...events.values()]).toMatchObject([
        {
          type: 'sign-in.refused',
          outcome: 'refused',
          reasons: ['ACCOUNT_LOCKED'],
          subject: { sub: 'sub-1' },
        },
      ]);
    },
  );

  it.each(['TokenGeneration_HostedAuth', 'TokenGeneration_RefreshTokens'])(
    '%s gives nothing while nobody can say whether the account is locked',
    async (source) => {
      const isLocked = () => Promise.reject(new Error('throttled'));
      const clientOf = async () => ({ name: 'shop', door: 'managed-login' });
      await expect(run(anEvent(source), memory({ isLocked, clientOf }))).rejects.toThrow('UNAVAILABLE');
    },
  );

  it.each(['', 'PreSignUp_SignUp', 'TokenGeneration_ClientCredentials', 'toString', '__proto__', undefined])(
    '%s is none',
    async (source) => {
      await expect(run({ ...anEvent('x'), triggerSource: source })).rejects.toThrow('TRIGGER_UNKNOWN');
    },
  );
});

describe('an unusable event', () => {
  it.each([
    { given: 'no user name', over: { userName: undefined } },
    { given: 'no client', over: { callerContext: {} } },
    { given: 'no attributes for an existing user', over: { request: { session: [], userAttributes: {} } } },
  ])('with $given gives one stable code', async ({ over }) => {
    const entries: unknown[] = [];
    const handler = signInTrigger(memory(), (entry) => entries.push(entry));
    const event = { ...anEvent('PostAuthentication_Authentication'), ...over };
    await expect(handler(event)).rejects.toThrow(/^UNAVAILABLE$/);
    expect(JSON.stringify(entries)).not.toContain('mia@example.com');
  });

  it('never becomes a sign-in: maps with other things than strings are dropped', async () => {
    const event = anEvent('DefineAuthChallenge_Authentication', {
      session: [{ challengeName: 'SRP_A', challengeResult: 'true' }],
      clientMetadata: { vestibule_context: { toString: 'x' } },
    });
    expect((await run(event)).response).toEqual({ issueTokens: false, failAuthentication: true });
  });
});

describe('a refresh', () => {
  const statement = {
    id: 'refresh-1',
    sub: 'sub-1',
    client: 'web',
    flow: 'f',
    level: 1,
    methods: ['password'],
  } as const;

  it.each(['TokenGeneration_RefreshTokens', 'TokenGeneration_Authentication'])(
    'by %s keeps the assurance that the Identity API states, with one event however often it is delivered',
    async (source) => {
      const ids: string[] = [];
      const services = memory({ outbox: { put: async ({ id, type }) => void ids.push(`${type} ${id}`) } });
      const vestibule_session = await services.sessions.mint(statement);
      const event = anEvent(source, { clientMetadata: { vestibule_session } });
      await run(event, services);
      const { response } = await run(event, services);
      expect(JSON.stringify(response)).toContain('"vestibule:methods":["password"]');
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^session\.refreshed [0-9A-Z]{26}$/);
    },
  );

  it.each([
    { given: "another person's", over: { sub: 'sub-2' } },
    { given: "another client's", over: { client: 'other' } },
  ])('gives no assurance with a statement of $given session', async ({ over }) => {
    const services = memory();
    const vestibule_session = await services.sessions.mint({ ...statement, ...over });
    const event = anEvent('TokenGeneration_RefreshTokens', { clientMetadata: { vestibule_session } });
    expect(JSON.stringify((await run(event, services)).response)).not.toContain('vestibule:aal');
  });

  it.each(['api', 'machine', 'migration', undefined])(
    'without a statement goes on for no client of the door %s',
    async (door) => {
      const clientOf = async () => (door === undefined ? undefined : { name: 'x', door });
      const event = anEvent('TokenGeneration_RefreshTokens');
      await expect(run(event, memory({ clientOf }))).rejects.toThrow('UNAVAILABLE');
    },
  );

  it('of the pages adds no scope, whatever the token may do at the pool, and is one of that door', async () => {
    const doors: unknown[] = [];
    const services = memory({
      clientOf: async () => ({ name: 'shop', door: 'managed-login' }),
      outbox: { put: async ({ door }) => void doors.push(door) },
    });
    const scopes = ['openid', 'aws.cognito.signin.user.admin'];
    const { response } = await run(anEvent('TokenGeneration_RefreshTokens', { scopes }), services);
    expect(response).toMatchObject({
      claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToAdd: [] } },
    });
    expect(doors).toEqual(['managed-login']);
  });

  it('gives none with a context in place of a statement, nor with a forged one', async () => {
    const services = memory();
    for (const vestibule_session of ['e30.e30.AAAA', '', 'x'.repeat(5_000)]) {
      const event = anEvent('TokenGeneration_RefreshTokens', { clientMetadata: { vestibule_session } });
      expect(JSON.stringify((await run(event, services)).response)).not.toContain('vestibule:aal');
    }
  });
});

describe('environment', () => {
  it('has the documented defaults', () => {
    const env = readSignInEnv(testEnv);
    expect(riskPolicy(env)).toMatchObject({
      mode: 'enforce',
      challengeAt: 30,
      denyAt: 100,
      dormantDays: 90,
      proofMaxAgeDays: 30,
      accountFailureLimit: 10,
      addressFailureLimit: 30,
      contextMandatory: false,
    });
    expect(codePolicy(env)).toEqual({
      lifetimeSeconds: 300,
      attempts: 3,
      resends: 2,
      accountLimit: 10,
      accountMails: 10,
    });
  });

  it('refuses a denial below the challenge', () =>
    expect(() =>
      riskPolicy(readSignInEnv({ ...testEnv, RISK_CHALLENGE_AT: '50', RISK_DENY_AT: '50' })),
    ).toThrow('RISK_DENY_AT'));
});
