import { createHmac } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aClient,
  anEmail,
  aPool,
  aUser,
  claimsOf,
  errorOf,
  password,
  signIn,
  type TestPool,
} from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';
import { srpClient } from './srp-client.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
});
afterAll(() => cognito.close());

const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
const begin = (username: string, publicValue: string, from = pool) =>
  cognito.anonymous.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: from.clientId,
      AuthParameters: { USERNAME: username, SRP_A: publicValue },
    }),
  );

async function srpSignIn(username: string, secret: string, from = pool) {
  const client = srpClient(from.poolId);
  const challenge = await begin(username, client.publicValue, from);
  const answer = () =>
    cognito.anonymous.send(
      new RespondToAuthChallengeCommand({
        ClientId: from.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: client.answer(challenge.ChallengeParameters ?? {}, secret),
      }),
    );
  return { challenge, answer };
}

describe('USER_SRP_AUTH', () => {
  it('signs in by address in any case, and the tokens verify', async () => {
    const email = anEmail();
    const sub = await aUser(cognito, pool, email);
    const { challenge, answer } = await srpSignIn(email.toUpperCase(), password);
    expect(challenge).toMatchObject({
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: { USERNAME: sub, USER_ID_FOR_SRP: sub },
    });
    const { AuthenticationResult: tokens } = await answer();
    const issuer = `${cognito.url}/${pool.poolId}`;
    const jwks = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as Jwks;
    const verifier = (audience: string | null) => {
      const verifying = JwtVerifier.create({ issuer, audience });
      verifying.cacheJwks(jwks);
      return verifying;
    };
    await verifier(pool.clientId).verify(tokens?.IdToken ?? '');
    await verifier(null).verify(tokens?.AccessToken ?? '');
    expect(claimsOf(tokens?.AccessToken ?? '')).toMatchObject({
      sub,
      iss: issuer,
      client_id: pool.clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: sub,
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      jti: expect.any(String),
    });
    const id = claimsOf(tokens?.IdToken ?? '');
    expect(id).toMatchObject({
      sub,
      aud: pool.clientId,
      token_use: 'id',
      email,
      email_verified: true,
      'cognito:username': sub,
    });
    expect(Number(id.exp) - Number(id.iat)).toBe(3600);
  });

  it('refuses a wrong password, and says the same for a name that does not exist', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const [known, unknown] = [
      await srpSignIn(email, 'Wrong-horse-7'),
      await srpSignIn(anEmail(), 'Wrong-horse-7'),
    ];
    expect(await errorOf(known.answer())).toEqual(wrong);
    expect(await errorOf(unknown.answer())).toEqual(wrong);
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    expect(known.challenge.ChallengeParameters?.USERNAME).toMatch(uuid);
    expect(unknown.challenge.ChallengeParameters?.USERNAME).toMatch(uuid);
    const names = (challenge: typeof known.challenge) => Object.keys(challenge.ChallengeParameters ?? {});
    expect(names(unknown.challenge)).toEqual(names(known.challenge));
  });

  it('keeps salt and user id of an unknown name stable, and B fresh', async () => {
    const name = anEmail();
    const ask = async () => (await begin(name, srpClient(pool.poolId).publicValue)).ChallengeParameters ?? {};
    const [first, second] = [await ask(), await ask()];
    expect(second.SALT).toBe(first.SALT);
    expect(second.USERNAME).toBe(first.USERNAME);
    expect(second.SRP_B).not.toBe(first.SRP_B);
  });

  it('names the missing user where the client does not hide it', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, { PreventUserExistenceErrors: 'LEGACY' });
    const from = { ...pool, clientId };
    expect(await errorOf(begin(anEmail(), srpClient(pool.poolId).publicValue, from))).toEqual({
      name: 'UserNotFoundException',
      message: 'User does not exist.',
    });
  });

  it('hears one of 20 parallel answers to one challenge', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const { answer } = await srpSignIn(email, password);
    const results = await Promise.all(Array.from({ length: 20 }, () => errorOf(answer())));
    expect(results.filter(({ name }) => name === 'none')).toHaveLength(1);
    expect(results.filter(({ message }) => message === 'Invalid session for the user.')).toHaveLength(19);
  });

  it.each(['0', 'not-hex', 'f'.repeat(1537)])('refuses the public value %s', async (value) => {
    expect((await errorOf(begin(anEmail(), value))).name).toBe('InvalidParameterException');
  });

  it('refuses a multiple of the prime, which would make the key known', async () => {
    expect((await errorOf(begin(anEmail(), srpClient(pool.poolId).prime))).name).toBe(
      'InvalidParameterException',
    );
  });

  it('refuses an old or malformed timestamp and a late answer', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const client = srpClient(pool.poolId);
    const respond = async (timestamp?: string) => {
      const { ChallengeParameters } = await begin(email, client.publicValue);
      return new RespondToAuthChallengeCommand({
        ClientId: pool.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: client.answer(ChallengeParameters ?? {}, password, timestamp),
      });
    };
    expect(await errorOf(cognito.anonymous.send(await respond('Tue Nov 3 08:05:02 UTC 2020')))).toEqual(
      wrong,
    );
    expect((await errorOf(cognito.anonymous.send(await respond('now')))).name).toBe(
      'InvalidParameterException',
    );
    const late = await respond();
    cognito.clock.advance(60_000);
    expect((await errorOf(cognito.anonymous.send(late))).message).toBe(
      'Invalid session for the user, session is expired.',
    );
  });
});

describe('passwords in clear', () => {
  it('sign in, and fail alike for wrong passwords and unknown names', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    expect((await signIn(cognito, pool, email)).idToken).not.toBe('');
    expect(await errorOf(signIn(cognito, pool, email, 'Wrong-horse-7'))).toEqual(wrong);
    expect(await errorOf(signIn(cognito, pool, anEmail(), 'Wrong-horse-7'))).toEqual(wrong);
  });

  it('lock a name after five failures, for twice as long each time, known or not', async () => {
    const known = anEmail();
    await aUser(cognito, pool, known);
    for (const email of [known, anEmail()]) {
      for (let attempt = 0; attempt < 5; attempt++)
        await errorOf(signIn(cognito, pool, email, 'Wrong-horse-7'));
      const locked = { name: 'NotAuthorizedException', message: 'Password attempts exceeded' };
      expect(await errorOf(signIn(cognito, pool, email))).toEqual(locked);
      cognito.clock.advance(1_000);
      expect(await errorOf(signIn(cognito, pool, email, 'Wrong-horse-7'))).toEqual(wrong);
      cognito.clock.advance(1_000);
      expect(await errorOf(signIn(cognito, pool, email))).toEqual(locked);
      cognito.clock.advance(1_000);
    }
    expect((await signIn(cognito, pool, known)).accessToken).not.toBe('');
  });

  it('evaluate at most five of 50 parallel guesses', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const began = performance.now();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => errorOf(signIn(cognito, pool, email, 'Wrong-horse-7'))),
    );
    const heard = results.filter(({ message }) => message === wrong.message).length;
    // On a busy machine the burst outlasts the first lock of one second, and the next of two: one more each.
    const locksOutlasted = Math.floor(Math.log2((performance.now() - began) / 1000 + 1));
    expect(heard).toBeGreaterThanOrEqual(5);
    expect(heard).toBeLessThanOrEqual(5 + locksOutlasted);
  });

  it('work for administrators, and only with their operation', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const AuthParameters = { USERNAME: email, PASSWORD: password };
    const admin = { AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', ClientId: pool.clientId, AuthParameters } as const;
    const answer = await cognito.client.send(
      new AdminInitiateAuthCommand({ UserPoolId: pool.poolId, ...admin }),
    );
    expect(answer.AuthenticationResult?.TokenType).toBe('Bearer');
    expect((await errorOf(cognito.anonymous.send(new InitiateAuthCommand(admin)))).name).toBe(
      'InvalidParameterException',
    );
  });

  it('need a flow the client allows', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
    expect(await errorOf(signIn(cognito, { ...pool, clientId }, anEmail()))).toEqual({
      name: 'InvalidParameterException',
      message: 'USER_PASSWORD_AUTH flow not enabled for this client',
    });
  });
});

describe('accounts that may not sign in', () => {
  it('are told so after the right password only', async () => {
    const [unconfirmed, disabled, reset] = [anEmail(), anEmail(), anEmail()];
    await cognito.anonymous.send(
      new SignUpCommand({ ClientId: pool.clientId, Username: unconfirmed, Password: password }),
    );
    await aUser(cognito, pool, disabled);
    await cognito.client.send(new AdminDisableUserCommand({ UserPoolId: pool.poolId, Username: disabled }));
    await aUser(cognito, pool, reset);
    await cognito.client.send(
      new AdminResetUserPasswordCommand({ UserPoolId: pool.poolId, Username: reset }),
    );
    expect(await errorOf(signIn(cognito, pool, unconfirmed, 'Wrong-horse-7'))).toEqual(wrong);
    expect((await errorOf(signIn(cognito, pool, unconfirmed))).name).toBe('UserNotConfirmedException');
    expect(await errorOf(signIn(cognito, pool, disabled))).toEqual({
      name: 'NotAuthorizedException',
      message: 'User is disabled.',
    });
    expect((await errorOf(signIn(cognito, pool, reset))).name).toBe('PasswordResetRequiredException');
  });
});

describe('NEW_PASSWORD_REQUIRED', () => {
  it('is asked of a user with a temporary password, mailed to them', async () => {
    const email = anEmail();
    await cognito.client.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.poolId,
        Username: email,
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    );
    const temporary = /temporary password is (\S+)\.$/.exec(cognito.mails.at(-1)?.text ?? '')?.[1] ?? '';
    const challenge = await cognito.client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: pool.poolId,
        ClientId: pool.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: email, PASSWORD: temporary },
      }),
    );
    expect(challenge).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: { requiredAttributes: '[]', userAttributes: expect.stringContaining(email) },
    });
    const answer = await cognito.client.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: pool.poolId,
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: email, NEW_PASSWORD: password, 'userAttributes.name': 'Ada' },
      }),
    );
    expect(claimsOf(answer.AuthenticationResult?.IdToken ?? '')).toMatchObject({ name: 'Ada' });
    expect((await signIn(cognito, pool, email)).accessToken).not.toBe('');
  });

  it('asks for required attributes that are missing, and changes none that is there', async () => {
    const strict = await aPool(cognito, {
      Schema: [
        { Name: 'email', Required: true, Mutable: true },
        { Name: 'given_name', Required: true, Mutable: true },
      ],
    });
    const email = anEmail();
    await cognito.client.send(
      new AdminCreateUserCommand({
        UserPoolId: strict.poolId,
        Username: email,
        TemporaryPassword: 'Temporary-horse-7',
        MessageAction: 'SUPPRESS',
      }),
    );
    const answer = async (attributes: Record<string, string>) => {
      const challenge = await cognito.anonymous.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: strict.clientId,
          AuthParameters: { USERNAME: email, PASSWORD: 'Temporary-horse-7' },
        }),
      );
      expect(challenge.ChallengeParameters?.requiredAttributes).toBe('["userAttributes.given_name"]');
      return cognito.anonymous.send(
        new RespondToAuthChallengeCommand({
          ClientId: strict.clientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: challenge.Session,
          ChallengeResponses: { USERNAME: email, NEW_PASSWORD: password, ...attributes },
        }),
      );
    };
    expect((await errorOf(answer({}))).name).toBe('InvalidParameterException');
    const moved = answer({ 'userAttributes.given_name': 'Ada', 'userAttributes.email': anEmail() });
    expect(await errorOf(moved)).toEqual({
      name: 'NotAuthorizedException',
      message: 'Cannot modify an already provided email',
    });
    const { AuthenticationResult } = await answer({ 'userAttributes.given_name': 'Ada' });
    expect(claimsOf(AuthenticationResult?.IdToken ?? '')).toMatchObject({ email, given_name: 'Ada' });
  });

  it('is refused once the temporary password has expired', async () => {
    const email = anEmail();
    await cognito.client.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.poolId,
        Username: email,
        TemporaryPassword: password,
        MessageAction: 'SUPPRESS',
      }),
    );
    cognito.clock.advance(7 * 86_400_000);
    expect((await errorOf(signIn(cognito, pool, email))).message).toBe(
      'Temporary password has expired and must be reset by an administrator.',
    );
  });
});

describe('a confidential client', () => {
  it('needs its secret hash on every call', async () => {
    const { clientId, clientSecret = '' } = await aClient(cognito, pool.poolId, { GenerateSecret: true });
    const email = anEmail();
    await aUser(cognito, pool, email);
    const hash = (name: string) =>
      createHmac('sha256', clientSecret)
        .update(name + clientId)
        .digest('base64');
    const start = (SECRET_HASH?: string) =>
      cognito.anonymous.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: clientId,
          AuthParameters: { USERNAME: email, PASSWORD: password, ...(SECRET_HASH ? { SECRET_HASH } : {}) },
        }),
      );
    expect(await errorOf(start())).toEqual({
      name: 'NotAuthorizedException',
      message: `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
    });
    expect((await errorOf(start(hash('other')))).message).toBe(
      `Unable to verify secret hash for client ${clientId}`,
    );
    expect((await start(hash(email))).AuthenticationResult?.AccessToken).toBeDefined();
  });
});
