import { InitiateAuthCommand, UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEmail, aPool, aUser, claimsOf, errorOf, password, signIn, type TestPool } from './builders.ts';
import { failed, startCognito, type TestCognito, type Trigger } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;
let email: string;
let sub: string;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
  email = anEmail();
  sub = await aUser(cognito, pool, email);
});
beforeEach(() => {
  cognito.events.length = 0;
});
afterAll(() => cognito.close());

const configure = (LambdaConfig: object) =>
  cognito.client.send(
    new UpdateUserPoolCommand({ UserPoolId: pool.poolId, AutoVerifiedAttributes: ['email'], LambdaConfig }),
  );
const pass: Trigger = (event) => event;

describe('a trigger that fails', () => {
  beforeAll(() => configure({ PreAuthentication: cognito.trigger('pre', pass) }));

  it.each([
    {
      kind: 'threw',
      message: 'LOCKED',
      name: 'UserLambdaValidationException',
      text: 'PreAuthentication failed with error LOCKED.',
    },
    {
      kind: 'crashed',
      message: 'Runtime exited',
      name: 'UserLambdaValidationException',
      text: 'PreAuthentication failed with error Runtime exited.',
    },
    {
      kind: 'denied',
      message: 'no',
      name: 'UnexpectedLambdaException',
      text: 'PreAuthentication invocation failed due to error AccessDeniedException.',
    },
    {
      kind: 'missing',
      message: 'no',
      name: 'UnexpectedLambdaException',
      text: 'PreAuthentication invocation failed due to error ResourceNotFoundException.',
    },
  ] as const)(
    'because it $kind fails the call and is not repeated',
    async ({ kind, message, name, text }) => {
      cognito.failNext(failed(kind, 'Error', message));
      expect(await errorOf(signIn(cognito, pool, email))).toEqual({ name, message: text });
      expect(cognito.events).toHaveLength(1);
    },
  );

  it('is asked three times when it does not answer in five seconds or is throttled', async () => {
    const timeout = failed('timeout', 'TimeoutError', 'timed out', 5_000);
    cognito.failNext(timeout, timeout, timeout);
    expect((await errorOf(signIn(cognito, pool, email))).message).toBe(
      'PreAuthentication invocation failed due to error Socket timeout while invoking Lambda function.',
    );
    expect(cognito.events).toHaveLength(3);
    cognito.failNext(failed('throttled', 'TooManyRequestsException', 'Rate exceeded'), timeout);
    expect((await signIn(cognito, pool, email)).accessToken).not.toBe('');
  });

  it('by its own shorter timeout has failed and is not asked again', async () => {
    cognito.failNext(failed('timeout', 'Sandbox.Timedout', 'Task timed out after 3.00 seconds', 3_000));
    expect((await errorOf(signIn(cognito, pool, email))).name).toBe('UserLambdaValidationException');
    expect(cognito.events).toHaveLength(1);
  });

  it.each([undefined, null, 'text', {}, { response: 'text' }])(
    'by answering %j is unusable',
    async (payload) => {
      await configure({ PreAuthentication: cognito.trigger('garbage', () => payload) });
      expect(await errorOf(signIn(cognito, pool, email))).toEqual({
        name: 'InvalidLambdaResponseException',
        message: 'Unrecognizable lambda output',
      });
    },
  );
});

describe('PreAuthentication', () => {
  it('gets the metadata of the starting call as validation data, also for unknown names', async () => {
    await configure({ PreAuthentication: cognito.trigger('pre', pass) });
    const start = (USERNAME: string) =>
      cognito.anonymous.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: pool.clientId,
          AuthParameters: { USERNAME, PASSWORD: password },
          ClientMetadata: { ticket: '1' },
        }),
      );
    await start(email);
    const unknown = anEmail();
    await errorOf(start(unknown));
    expect(cognito.events.map(({ event }) => [event.userName, event.triggerSource, event.request])).toEqual([
      [
        sub,
        'PreAuthentication_Authentication',
        {
          userAttributes: { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
          validationData: { ticket: '1' },
          userNotFound: false,
        },
      ],
      [
        unknown,
        'PreAuthentication_Authentication',
        { userAttributes: {}, validationData: { ticket: '1' }, userNotFound: true },
      ],
    ]);
  });
});

describe('PreTokenGeneration', () => {
  it('V1 changes claims of the ID token and groups, as strings', async () => {
    await configure({
      PreTokenGeneration: cognito.trigger('tokens-v1', (event) => ({
        ...event,
        response: {
          claimsOverrideDetails: {
            claimsToAddOrOverride: { tier: 'gold', sub: 'someone-else' },
            claimsToSuppress: ['email'],
            groupOverrideDetails: { groupsToOverride: ['vip'] },
          },
        },
      })),
    });
    const { idToken, accessToken } = await signIn(cognito, pool, email);
    expect(claimsOf(idToken)).toMatchObject({ sub, tier: 'gold', 'cognito:groups': ['vip'] });
    expect(claimsOf(idToken)).not.toHaveProperty('email');
    expect(claimsOf(accessToken)).not.toHaveProperty('tier');
    expect(cognito.events.at(-1)?.event).toMatchObject({
      version: '1',
      request: { groupConfiguration: { groupsToOverride: [] } },
      response: { claimsOverrideDetails: null },
    });
    expect(cognito.events.at(-1)?.event.request).not.toHaveProperty('scopes');
  });

  it('V2 changes claims and scopes of both tokens, but no protected one', async () => {
    const response = {
      claimsAndScopeOverrideDetails: {
        idTokenGeneration: { claimsToAddOrOverride: { 'vestibule:aal': 1, 'cognito:groups': ['x'] } },
        accessTokenGeneration: {
          claimsToAddOrOverride: { 'vestibule:methods': ['password'], jti: 'mine', aud: 'other', flag: true },
          claimsToSuppress: ['flag', 'iss'],
          scopesToAdd: ['vestibule/profile.read', 'extra'],
          scopesToSuppress: ['extra'],
        },
      },
    };
    await configure({
      PreTokenGenerationConfig: {
        LambdaArn: cognito.trigger('tokens-v2', (event) => ({ ...event, response })),
        LambdaVersion: 'V2_0',
      },
    });
    const { idToken, accessToken } = await signIn(cognito, pool, email);
    expect(claimsOf(idToken)).toMatchObject({ 'vestibule:aal': 1 });
    expect(claimsOf(idToken)).not.toHaveProperty('cognito:groups');
    const access = claimsOf(accessToken);
    expect(access).toMatchObject({
      'vestibule:methods': ['password'],
      scope: 'aws.cognito.signin.user.admin vestibule/profile.read',
      iss: `${cognito.url}/${pool.poolId}`,
      version: 2,
    });
    expect(access.jti).not.toBe('mine');
    expect(access).not.toHaveProperty('aud');
    expect(access).not.toHaveProperty('flag');
  });

  it('that fails leaves no tokens', async () => {
    await configure({
      PreTokenGeneration: cognito.trigger('tokens-broken', () => ({
        response: { claimsOverrideDetails: 'x' },
      })),
    });
    expect((await errorOf(signIn(cognito, pool, email))).name).toBe('InvalidLambdaResponseException');
  });
});

describe('UserMigration', () => {
  it('creates an unknown user from the password they typed', async () => {
    const arriving = anEmail();
    const attributes = { email: arriving, email_verified: 'true', name: 'Ada' };
    await configure({
      UserMigration: cognito.trigger('migration', (event) => ({
        ...event,
        response:
          event.request.password === 'legacy'
            ? { userAttributes: attributes, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
            : {},
      })),
    });
    expect((await errorOf(signIn(cognito, pool, arriving, 'other'))).message).toBe(
      'Incorrect username or password.',
    );
    const { idToken } = await signIn(cognito, pool, arriving, 'legacy');
    expect(claimsOf(idToken)).toMatchObject({ name: 'Ada', email: arriving });
    expect(cognito.events[0]?.event).toMatchObject({
      triggerSource: 'UserMigration_Authentication',
      userName: arriving,
      request: { password: 'other', validationData: null },
      response: { userAttributes: null, finalUserStatus: null, messageAction: null },
    });
    cognito.events.length = 0;
    await signIn(cognito, pool, arriving, 'legacy');
    expect(cognito.events).toHaveLength(0);
  });
});
