import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CognitoClient } from '../../../lambdas/adapters/cognito/client.ts';
import { cognitoSignIn, RefreshTokenReused } from '../../../lambdas/adapters/cognito-sign-in.ts';
import { testClock } from '../../support/sign-in/services.ts';

type Input = Readonly<Record<string, unknown>>;
const key = 'the secret of the server client, made up';
const tokens = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 600 };
const verifier = {
  ChallengeName: 'PASSWORD_VERIFIER',
  Session: 's1',
  ChallengeParameters: { USER_ID_FOR_SRP: 'sub-1', SALT: 'ab', SRP_B: 'cd12', SECRET_BLOCK: 'YmxvY2s=' },
};
const failing = (name: string) => Object.assign(new Error(`${name} about ada@harbour.example`), { name });
const round = { session: 's2', username: 'sub-1' };

/** A pool that gives these outcomes, one per call, and keeps what it was sent. */
function aPool(...outcomes: readonly object[]) {
  const sent: Input[] = [];
  const send = async ({ input }: { input: Input }) => {
    const outcome = outcomes[sent.length];
    sent.push(input);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const pool = { userPoolId: 'eu-west-1_Pool', clientId: 'server', secretId: 'id' };
  const read = async () => ({ versionId: 'v', key });
  const cognito = cognitoSignIn({ send } as unknown as CognitoClient, pool, read, testClock());
  return { cognito, sent };
}
const signIn = (...outcomes: object[]) =>
  aPool(...outcomes).cognito.startWithPassword('ada@harbour.example', 'p', {});
const answer = (...outcomes: object[]) => aPool(...outcomes).cognito.answer(round, '1', {});
const hashFor = (username: string) => createHmac('sha256', key).update(`${username}server`).digest('base64');

describe('signing in at the user pool', () => {
  it('never sends the password, and proves the client for the name that each call is about', async () => {
    const { cognito, sent } = aPool(verifier, { AuthenticationResult: tokens });
    const step = await cognito.startWithPassword('ada@harbour.example', 'quiet harbour', { a: 'b' });
    expect(step).toMatchObject({ kind: 'tokens', tokens: { accessToken: 'a', expiresInSeconds: 600 } });
    expect(JSON.stringify(sent)).not.toContain('quiet harbour');
    expect(sent[0]).toMatchObject({ AuthParameters: { SECRET_HASH: hashFor('ada@harbour.example') } });
    expect(sent[1]).toMatchObject({
      ChallengeResponses: { USERNAME: 'sub-1', SECRET_HASH: hashFor('sub-1') },
      ClientMetadata: { a: 'b' },
    });
  });

  it.each([
    { name: 'NotAuthorizedException', first: 'SIGN_IN_REJECTED', proven: 'SIGN_IN_REJECTED' },
    { name: 'UserNotFoundException', first: 'SIGN_IN_REJECTED', proven: 'SIGN_IN_REJECTED' },
    { name: 'UserNotConfirmedException', first: 'SIGN_IN_REJECTED', proven: 'ACCOUNT_NOT_CONFIRMED' },
    { name: 'PasswordResetRequiredException', first: 'SIGN_IN_REJECTED', proven: 'PASSWORD_RESET_REQUIRED' },
    { name: 'TooManyRequestsException', first: 'TOO_MANY_ATTEMPTS', proven: 'TOO_MANY_ATTEMPTS' },
    { name: 'UserLambdaValidationException', first: 'UNAVAILABLE', proven: 'UNAVAILABLE' },
    { name: 'InternalErrorException', first: 'UNAVAILABLE', proven: 'UNAVAILABLE' },
  ])('$name is $first before the password, $proven with it', async ({ name, first, proven }) => {
    await expect(signIn(failing(name))).rejects.toMatchObject({ code: first });
    await expect(signIn(verifier, failing(name))).rejects.toMatchObject({ code: proven });
    await expect(signIn(failing(name))).rejects.not.toThrow(/harbour/);
  });

  it.each([
    { what: 'another challenge first', outcomes: [{ ChallengeName: 'NEW_PASSWORD_REQUIRED' }] },
    { what: 'another challenge then', outcomes: [verifier, { ChallengeName: 'SMS_MFA', Session: 's' }] },
    { what: 'half of the tokens', outcomes: [verifier, { AuthenticationResult: { AccessToken: 'a' } }] },
    { what: 'nothing', outcomes: [{}] },
  ])('$what is no sign-in', async ({ outcomes }) => {
    await expect(signIn(...outcomes)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('hands our challenge on, and refuses an answer to one that is over', async () => {
    const challenge = {
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session: 's3',
      ChallengeParameters: { step: 'x' },
    };
    expect(await answer(challenge)).toEqual({
      kind: 'challenge',
      session: 's3',
      username: 'sub-1',
      parameters: { step: 'x' },
    });
    for (const name of ['CodeMismatchException', 'NotAuthorizedException'])
      await expect(answer(failing(name))).rejects.toMatchObject({ code: 'FLOW_REJECTED' });
  });
});

describe('a refresh token at the user pool', () => {
  it('gives tokens, also without a new refresh token', async () => {
    const { RefreshToken: _, ...kept } = tokens;
    const { cognito } = aPool({ AuthenticationResult: kept });
    expect(await cognito.refresh('r', {})).not.toHaveProperty('refreshToken');
  });

  it('is told apart when it was used before', async () => {
    const reused = aPool(failing('RefreshTokenReuseException')).cognito.refresh('r', {});
    await expect(reused).rejects.toBeInstanceOf(RefreshTokenReused);
    const over = aPool(failing('NotAuthorizedException')).cognito.refresh('r', {});
    await expect(over).rejects.toMatchObject({ code: 'SESSION_REJECTED' });
  });

  it('is revoked once and for all: one that is over already is fine, a fault is not', async () => {
    await expect(aPool(failing('NotAuthorizedException')).cognito.revoke('r')).resolves.toBeUndefined();
    const fault = aPool(failing('InternalErrorException')).cognito.revoke('r');
    await expect(fault).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
