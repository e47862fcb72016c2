import {
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aClient, anEmail, aPool, aUser, claimsOf, errorOf, signIn, type TestPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;
let rotating: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
  rotating = {
    poolId: pool.poolId,
    ...(await aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
    })),
  };
});
afterAll(() => cognito.close());

async function session(from = pool) {
  const email = anEmail();
  await aUser(cognito, pool, email);
  return { email, ...(await signIn(cognito, from, email)) };
}
const refresh = async (REFRESH_TOKEN: string, from = pool) =>
  (
    await cognito.anonymous.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: from.clientId,
        AuthParameters: { REFRESH_TOKEN },
      }),
    )
  ).AuthenticationResult;
const rotate = async (RefreshToken: string, from = rotating) =>
  (
    await cognito.anonymous.send(
      new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: from.clientId }),
    )
  ).AuthenticationResult;
const getUser = (AccessToken: string) => cognito.anonymous.send(new GetUserCommand({ AccessToken }));

describe('refresh', () => {
  it('mints tokens of the same sign-in and no new refresh token', async () => {
    const { refreshToken, accessToken } = await session();
    cognito.clock.advance(10_000);
    const result = await refresh(refreshToken);
    expect(result?.RefreshToken).toBeUndefined();
    const [before, after] = [claimsOf(accessToken), claimsOf(result?.AccessToken ?? '')];
    expect(after).toMatchObject({ origin_jti: before.origin_jti, auth_time: before.auth_time });
    expect(after.jti).not.toBe(before.jti);
    expect(Number(after.iat)).toBeGreaterThanOrEqual(Number(before.iat) + 10);
    expect(await rotate(refreshToken, pool)).not.toHaveProperty('RefreshToken');
  });

  it.each([
    { given: 'garbage', token: async () => 'garbage', message: 'Invalid Refresh Token' },
    {
      given: 'an edited token',
      token: async () => `${(await session()).refreshToken}x`,
      message: 'Invalid Refresh Token',
    },
    {
      given: "another client's token",
      token: async () => (await session(rotating)).refreshToken,
      message: 'Invalid Refresh Token',
    },
  ])('refuses $given', async ({ token, message }) => {
    expect(await errorOf(refresh(await token()))).toEqual({ name: 'NotAuthorizedException', message });
  });

  it('ends with the lifetime of the first token and with the user', async () => {
    const { refreshToken } = await session();
    cognito.clock.advance(30 * 86_400_000);
    expect((await errorOf(refresh(refreshToken))).message).toBe('Refresh Token has expired');
    const second = await session();
    await cognito.client.send(
      new AdminDisableUserCommand({ UserPoolId: pool.poolId, Username: second.email }),
    );
    expect((await errorOf(refresh(second.refreshToken))).name).toBe('NotAuthorizedException');
  });
});

describe('rotation', () => {
  it('trades a token in and keeps it good for retries in the grace period', async () => {
    const { refreshToken } = await session(rotating);
    const second = (await rotate(refreshToken))?.RefreshToken ?? '';
    expect(second).not.toBe(refreshToken);
    const retried = (await rotate(refreshToken))?.RefreshToken ?? '';
    expect((await rotate(second))?.AccessToken).toBeDefined();
    expect((await rotate(retried))?.AccessToken).toBeDefined();
  });

  it('notices the reuse of a token spent before', async () => {
    const { refreshToken } = await session(rotating);
    const second = (await rotate(refreshToken))?.RefreshToken ?? '';
    cognito.clock.advance(10_000);
    expect((await errorOf(rotate(refreshToken))).name).toBe('RefreshTokenReuseException');
    const third = (await rotate(second))?.RefreshToken ?? '';
    cognito.clock.advance(10_000);
    await rotate(third);
    for (const spent of [refreshToken, second]) {
      expect((await errorOf(rotate(spent))).name).toBe('RefreshTokenReuseException');
    }
  });

  it('lets one of many parallel uses win without a grace period', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
    const strict = { ...pool, clientId };
    const { refreshToken } = await session(strict);
    const results = await Promise.all(
      Array.from({ length: 10 }, () => errorOf(rotate(refreshToken, strict))),
    );
    expect(results.filter(({ name }) => name === 'none')).toHaveLength(1);
    expect(results.filter(({ name }) => name === 'RefreshTokenReuseException')).toHaveLength(9);
  });

  it('cannot be had together with the flow that does not rotate', async () => {
    const both = aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED' },
    });
    expect((await errorOf(both)).name).toBe('InvalidParameterException');
  });
});

describe('an access token', () => {
  it('speaks for its user until it expires', async () => {
    const { accessToken, email, idToken, refreshToken } = await session();
    const user = await getUser(accessToken);
    expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: email });
    for (const other of [idToken, refreshToken, 'a.b.c', `${accessToken}x`]) {
      expect(await errorOf(getUser(other))).toEqual({
        name: 'NotAuthorizedException',
        message: 'Invalid Access Token',
      });
    }
    cognito.clock.advance(3_600_000);
    expect((await errorOf(getUser(accessToken))).message).toBe('Access Token has expired');
  });

  it('dies with its revoked refresh token, and no other does', async () => {
    const first = await session();
    const second = await signIn(cognito, pool, first.email);
    const revoke = new RevokeTokenCommand({ Token: first.refreshToken, ClientId: pool.clientId });
    await cognito.anonymous.send(revoke);
    await cognito.anonymous.send(revoke);
    expect((await errorOf(getUser(first.accessToken))).message).toBe('Access Token has been revoked');
    expect((await errorOf(refresh(first.refreshToken))).message).toBe('Refresh Token has been revoked');
    expect((await getUser(second.accessToken)).Username).toBeDefined();
    const jwt = new RevokeTokenCommand({ Token: second.accessToken, ClientId: pool.clientId });
    expect((await errorOf(cognito.anonymous.send(jwt))).name).toBe('UnsupportedTokenTypeException');
  });

  it('dies with all others at a global sign-out', async () => {
    const first = await session();
    const second = await signIn(cognito, pool, first.email);
    await cognito.anonymous.send(new GlobalSignOutCommand({ AccessToken: first.accessToken }));
    for (const { accessToken, refreshToken } of [first, second]) {
      expect((await errorOf(getUser(accessToken))).message).toBe('Access Token has been revoked');
      expect((await errorOf(refresh(refreshToken))).name).toBe('NotAuthorizedException');
    }
    const third = await signIn(cognito, pool, first.email);
    await cognito.client.send(
      new AdminUserGlobalSignOutCommand({ UserPoolId: pool.poolId, Username: first.email }),
    );
    expect((await errorOf(getUser(third.accessToken))).name).toBe('NotAuthorizedException');
  });
});
