import {
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TriggerEvent } from '../../../local/cognito/triggers/invoke.ts';
import { anEmail, aPool, aUser, claimsOf, errorOf, password, type TestPool } from './builders.ts';
import { failed, startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

interface Round {
  readonly challengeName: string;
  readonly challengeResult: boolean;
}

/** Password if it was sent, then one question with three tries. */
const define = (event: TriggerEvent) => {
  const session = event.request.session as Round[];
  const last = session.at(-1);
  const tries = session.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE').length;
  if (last?.challengeName === 'SRP_A') return answer(event, { challengeName: 'PASSWORD_VERIFIER' });
  if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult)
    return answer(event, { issueTokens: true });
  if (tries === 3) return answer(event, { failAuthentication: true });
  return answer(event, { challengeName: 'CUSTOM_CHALLENGE' });
};
const create = (event: TriggerEvent) =>
  answer(event, {
    publicChallengeParameters: { question: 'colour?' },
    privateChallengeParameters: { expected: 'green' },
    challengeMetadata: `round-${(event.request.session as Round[]).length}`,
  });
const verify = (event: TriggerEvent) =>
  answer(event, {
    answerCorrect:
      (event.request.privateChallengeParameters as Record<string, string>).expected ===
      event.request.challengeAnswer,
  });
const answer = (event: TriggerEvent, response: object) => ({ ...event, response });

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito, {
    LambdaConfig: {
      PreAuthentication: cognito.trigger('pre-authentication', (event) => event),
      DefineAuthChallenge: cognito.trigger('define', define),
      CreateAuthChallenge: cognito.trigger('create', create),
      VerifyAuthChallengeResponse: cognito.trigger('verify', verify),
      PostAuthentication: cognito.trigger('post-authentication', (event) => event),
      PreTokenGenerationConfig: {
        LambdaArn: cognito.trigger('tokens', (event) => event),
        LambdaVersion: 'V2_0',
      },
    },
  });
});
beforeEach(() => {
  cognito.events.length = 0;
});
afterAll(() => cognito.close());

const start = (email: string) =>
  cognito.anonymous.send(
    new InitiateAuthCommand({
      AuthFlow: 'CUSTOM_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: email },
      ClientMetadata: { ignored: 'yes' },
    }),
  );
const respond = (Session: string | undefined, USERNAME: string, ANSWER: string) =>
  cognito.anonymous.send(
    new RespondToAuthChallengeCommand({
      ClientId: pool.clientId,
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session,
      ChallengeResponses: { USERNAME, ANSWER },
      ClientMetadata: { vestibule_context: 'signed' },
    }),
  );
const sources = () => cognito.events.map(({ event }) => event.triggerSource.split('_')[0]);

describe('CUSTOM_AUTH without a password', () => {
  it('plays the rounds with the events of AWS', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const first = await start(email);
    expect(first).toMatchObject({
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: { USERNAME: sub, question: 'colour?' },
    });
    const second = await respond(first.Session, sub, 'red');
    const third = await respond(second.Session, sub, 'green');
    expect(claimsOf(third.AuthenticationResult?.AccessToken ?? '')).toMatchObject({ sub, version: 2 });
    expect(sources()).toEqual([
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
      'PostAuthentication',
      'TokenGeneration',
    ]);
    const userAttributes = { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' };
    const clientMetadata = { vestibule_context: 'signed' };
    const [defined, created, verified, redefined] = cognito.events.map(({ event }) => event);
    expect(defined).toEqual({
      version: '1',
      triggerSource: 'DefineAuthChallenge_Authentication',
      region: 'eu-west-1',
      userPoolId: pool.poolId,
      userName: sub,
      callerContext: { awsSdkVersion: expect.any(String), clientId: pool.clientId },
      request: { userAttributes, session: [], userNotFound: false },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    });
    expect(created).toMatchObject({
      triggerSource: 'CreateAuthChallenge_Authentication',
      request: { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session: [], userNotFound: false },
      response: {
        publicChallengeParameters: null,
        privateChallengeParameters: null,
        challengeMetadata: null,
      },
    });
    expect(verified).toMatchObject({
      triggerSource: 'VerifyAuthChallengeResponse_Authentication',
      request: {
        userAttributes,
        privateChallengeParameters: { expected: 'green' },
        challengeAnswer: 'red',
        clientMetadata,
        userNotFound: false,
      },
      response: { answerCorrect: null },
    });
    expect(redefined?.request).toEqual({
      userAttributes,
      session: [{ challengeName: 'CUSTOM_CHALLENGE', challengeResult: false, challengeMetadata: 'round-0' }],
      clientMetadata,
      userNotFound: false,
    });
    expect(cognito.events.at(-2)?.event).toMatchObject({
      triggerSource: 'PostAuthentication_Authentication',
      request: { userAttributes, newDeviceUsed: false, clientMetadata },
    });
    expect(cognito.events.at(-1)?.event).toEqual(
      expect.objectContaining({
        version: '2',
        triggerSource: 'TokenGeneration_Authentication',
        request: {
          userAttributes,
          groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
          scopes: ['aws.cognito.signin.user.admin'],
          clientMetadata,
        },
        response: { claimsAndScopeOverrideDetails: null },
      }),
    );
  });

  it('plays the same rounds for a name that does not exist, and fails at the end', async () => {
    const email = anEmail();
    const first = await start(email);
    const name = first.ChallengeParameters?.USERNAME ?? '';
    expect(name).toMatch(/^[0-9a-f-]{36}$/);
    expect(cognito.events[0]?.event).toMatchObject({
      userName: email,
      request: { userAttributes: {}, userNotFound: true },
    });
    expect(await errorOf(respond(first.Session, name, 'green'))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    expect(sources()).toEqual([
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
    ]);
  });

  it('hears one of 20 parallel answers to one session', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const { Session } = await start(email);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => respond(Session, sub, 'red')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(sources().filter((source) => source === 'VerifyAuthChallengeResponse')).toHaveLength(1);
  });

  it('refuses a session that is forged, spent, expired, of another user or for another challenge', async () => {
    const [email, other] = [anEmail(), anEmail()];
    const sub = await aUser(cognito, pool, email);
    await aUser(cognito, pool, other);
    const invalid = { name: 'NotAuthorizedException', message: 'Invalid session for the user.' };
    const { Session = '' } = await start(email);
    const flipped = `${Session.slice(0, 40)}${Session[40] === 'A' ? 'B' : 'A'}${Session.slice(41)}`;
    expect(await errorOf(respond(flipped, sub, 'green'))).toEqual(invalid);
    expect(await errorOf(respond(Session, other, 'green'))).toEqual(invalid);
    expect(await errorOf(respond(Session, sub, 'green'))).toEqual(invalid);
    const answered = new RespondToAuthChallengeCommand({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: (await start(email)).Session,
      ChallengeResponses: { USERNAME: sub, NEW_PASSWORD: password },
    });
    expect(await errorOf(cognito.anonymous.send(answered))).toEqual(invalid);
    const late = await start(email);
    cognito.clock.advance(3 * 60_000);
    expect((await errorOf(respond(late.Session, sub, 'green'))).message).toBe(
      'Invalid session for the user, session is expired.',
    );
  });

  it('ends when Define says so', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    let round: Pick<RespondToAuthChallengeCommandOutput, 'Session'> = await start(email);
    for (const wrong of ['red', 'blue']) round = await respond(round.Session, sub, wrong);
    expect((await errorOf(respond(round.Session, sub, 'pink'))).message).toBe(
      'Incorrect username or password.',
    );
  });

  it('passes on an error of a trigger with its text, and the session is spent', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const { Session } = await start(email);
    cognito.failNext(failed('threw', 'Error', 'CHALLENGE_REFUSED'));
    expect(await errorOf(respond(Session, sub, 'green'))).toEqual({
      name: 'UserLambdaValidationException',
      message: 'VerifyAuthChallengeResponse failed with error CHALLENGE_REFUSED.',
    });
    expect((await errorOf(respond(Session, sub, 'green'))).message).toBe('Invalid session for the user.');
  });
});

describe('amazon-cognito-identity-js, unmodified', () => {
  const userOf = (email: string) => {
    const userPool = new CognitoUserPool({
      UserPoolId: pool.poolId,
      ClientId: pool.clientId,
      endpoint: cognito.endpoint,
    });
    return new CognitoUser({ Username: email, Pool: userPool });
  };
  const details = (email: string, secret: string) =>
    new AuthenticationDetails({ Username: email, Password: secret });

  it('signs in with SRP', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) =>
      userOf(email).authenticateUser(details(email, password), { onSuccess, onFailure }),
    );
    expect(session.getIdToken().payload).toMatchObject({ sub, email });
    expect(sources()).toEqual(['PreAuthentication', 'PostAuthentication', 'TokenGeneration']);
  });

  it('signs in with SRP followed by a custom challenge', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const user = userOf(email);
    user.setAuthenticationFlowType('CUSTOM_AUTH');
    const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) =>
      user.authenticateUser(details(email, password), {
        onSuccess,
        onFailure,
        customChallenge: () => user.sendCustomChallengeAnswer('green', { onSuccess, onFailure }),
      }),
    );
    expect(session.getAccessToken().payload).toMatchObject({ sub });
    expect(sources()).toEqual([
      'PreAuthentication',
      'DefineAuthChallenge',
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
      'PostAuthentication',
      'TokenGeneration',
    ]);
    const rounds = cognito.events
      .filter(({ event }) => event.triggerSource.startsWith('Define'))
      .map(({ event }) => event.request.session);
    const srp = { challengeName: 'SRP_A', challengeResult: true, challengeMetadata: null };
    const proven = { challengeName: 'PASSWORD_VERIFIER', challengeResult: true, challengeMetadata: null };
    const answered = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: true,
      challengeMetadata: 'round-2',
    };
    expect(rounds).toEqual([[srp], [srp, proven], [srp, proven, answered]]);
  });

  it('is refused a wrong password before any question is asked', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const user = userOf(email);
    user.setAuthenticationFlowType('CUSTOM_AUTH');
    const error = await new Promise<Error>((onFailure, onSuccess) =>
      user.authenticateUser(details(email, 'Wrong-horse-7'), {
        onSuccess,
        onFailure,
        customChallenge: onSuccess,
      }),
    );
    expect(error).toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    expect(sources()).not.toContain('CreateAuthChallenge');
  });
});
