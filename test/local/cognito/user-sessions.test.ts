import { createHmac } from 'node:crypto';
import {
  AddUserPoolClientSecretCommand,
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  CreateResourceServerCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeRiskConfigurationCommand,
  GetClientTokenCommand,
  GetLogDeliveryConfigurationCommand,
  GetTokensFromRefreshTokenCommand,
  GetUICustomizationCommand,
  GetUserCommand,
  GetUserPoolClientSessionConfigurationCommand,
  GetUserPoolSessionConfigurationCommand,
  InitiateAuthCommand,
  ListUserPoolClientSecretsCommand,
  ListUserSessionsCommand,
  RevokeUserSessionCommand,
  SetLogDeliveryConfigurationCommand,
  SetRiskConfigurationCommand,
  SetUICustomizationCommand,
  SetUserPoolClientSessionConfigurationCommand,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
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

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
  await track(20);
});
afterAll(() => cognito.close());

const track = (
  MaxPerUser: number,
  UserSessionTracking: 'ENABLED' | 'DISABLED' = 'ENABLED',
  poolId = pool.poolId,
) =>
  cognito.client.send(
    new SetUserPoolSessionConfigurationCommand({
      UserPoolId: poolId,
      UserSessionTracking,
      TokenSession: { MaxPerUser },
    }),
  );

const sessionsOf = async (accessToken: string) =>
  (await cognito.anonymous.send(new ListUserSessionsCommand({ AccessToken: accessToken }))).Sessions ?? [];

describe('sessions of a user', () => {
  it('are listed newest first, and end one by one', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const first = await signIn(cognito, pool, email);
    cognito.clock.advance(1_000);
    const second = await signIn(cognito, pool, email);
    const [current, other, ...rest] = await sessionsOf(second.accessToken);
    expect(rest).toEqual([]);
    expect(current).toMatchObject({
      SessionId: expect.stringMatching(/^tkn[0-9a-z]{25}$/),
      SessionType: 'TOKEN',
      ClientId: pool.clientId,
      LastIPAddress: '127.0.0.1',
      IsCurrentSession: true,
    });
    expect(other?.IsCurrentSession).toBe(false);
    const revoke = (SessionId: string | undefined) =>
      cognito.anonymous.send(new RevokeUserSessionCommand({ AccessToken: second.accessToken, SessionId }));
    expect((await errorOf(revoke(current?.SessionId))).name).toBe('InvalidParameterException');
    await revoke(other?.SessionId);
    expect((await errorOf(revoke(other?.SessionId))).name).toBe('ResourceNotFoundException');
    const asked = cognito.anonymous.send(new GetUserCommand({ AccessToken: first.accessToken }));
    expect((await errorOf(asked)).message).toBe('Access Token has been revoked');
    expect(await sessionsOf(second.accessToken)).toHaveLength(1);
  });

  it('move up with a refresh, and administrators end any', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const { clientId } = await aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
    const rotating = await signIn(cognito, { ...pool, clientId }, email);
    cognito.clock.advance(1_000);
    await signIn(cognito, pool, email);
    cognito.clock.advance(1_000);
    await cognito.anonymous.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken: rotating.refreshToken }),
    );
    const who = { UserPoolId: pool.poolId, Username: email };
    const { Sessions = [] } = await cognito.client.send(new AdminListUserSessionsCommand(who));
    expect(Sessions.map(({ ClientId }) => ClientId)).toEqual([clientId, pool.clientId]);
    for (const { SessionId } of Sessions) {
      await cognito.client.send(new AdminRevokeUserSessionCommand({ ...who, SessionId }));
    }
    expect((await cognito.client.send(new AdminListUserSessionsCommand(who))).Sessions).toEqual([]);
  });

  it('give way to new ones at the pool’s limit, the idlest first', async () => {
    const small = await aPool(cognito);
    await track(2, 'ENABLED', small.poolId);
    const email = anEmail();
    await aUser(cognito, small, email);
    const oldest = await signIn(cognito, small, email);
    cognito.clock.advance(1_000);
    await signIn(cognito, small, email);
    cognito.clock.advance(1_000);
    const newest = await signIn(cognito, small, email);
    expect(await sessionsOf(newest.accessToken)).toHaveLength(2);
    const evicted = cognito.anonymous.send(new GetUserCommand({ AccessToken: oldest.accessToken }));
    expect((await errorOf(evicted)).message).toBe('Access Token has been revoked');
  });

  it('are tracked where the pool says so, in a plan that has it', async () => {
    const untracked = await aPool(cognito);
    const email = anEmail();
    await aUser(cognito, untracked, email);
    const { accessToken } = await signIn(cognito, untracked, email);
    expect((await errorOf(sessionsOf(accessToken))).name).toBe('InvalidParameterException');
    const configuration = await cognito.client.send(
      new GetUserPoolSessionConfigurationCommand({ UserPoolId: untracked.poolId }),
    );
    expect(configuration).toMatchObject({
      UserSessionTracking: 'DISABLED',
      TokenSession: { MaxPerUser: 20 },
    });
    const lite = await aPool(cognito, { UserPoolTier: 'LITE' });
    expect((await errorOf(track(2, 'ENABLED', lite.poolId))).name).toBe('FeatureUnavailableInTierException');
  });

  it('have a length per client on the pages', async () => {
    const which = { UserPoolId: pool.poolId, ClientId: pool.clientId };
    const read = async () =>
      (await cognito.client.send(new GetUserPoolClientSessionConfigurationCommand(which))).SSOSession;
    expect(await read()).toEqual({ MaxValidityMinutes: 60 });
    await cognito.client.send(
      new SetUserPoolClientSessionConfigurationCommand({ ...which, SSOSession: { MaxValidityMinutes: 5 } }),
    );
    expect(await read()).toEqual({ MaxValidityMinutes: 5 });
  });
});

describe('secrets of a client', () => {
  const hash = (secret: string, name: string, clientId: string) =>
    createHmac('sha256', secret).update(`${name}${clientId}`).digest('base64');

  it('overlap while one replaces the other', async () => {
    const { clientId, clientSecret = '' } = await aClient(cognito, pool.poolId, { GenerateSecret: true });
    const which = { UserPoolId: pool.poolId, ClientId: clientId };
    const email = anEmail();
    await aUser(cognito, pool, email);
    const knock = (secret: string) =>
      cognito.anonymous.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: clientId,
          AuthParameters: { USERNAME: email, PASSWORD: password, SECRET_HASH: hash(secret, email, clientId) },
        }),
      );
    const remove = (ClientSecretId: string | undefined) =>
      cognito.client.send(new DeleteUserPoolClientSecretCommand({ ...which, ClientSecretId }));
    const list = async () =>
      (await cognito.client.send(new ListUserPoolClientSecretsCommand(which))).ClientSecrets ?? [];
    const [original] = await list();
    expect((await errorOf(remove(original?.ClientSecretId))).name).toBe('InvalidParameterException');
    cognito.clock.advance(1_000);
    const { ClientSecretDescriptor: added } = await cognito.client.send(
      new AddUserPoolClientSecretCommand(which),
    );
    const newSecret = added?.ClientSecretValue ?? '';
    await knock(clientSecret);
    await knock(newSecret);
    const third = cognito.client.send(new AddUserPoolClientSecretCommand(which));
    expect((await errorOf(third)).name).toBe('LimitExceededException');
    await remove(original?.ClientSecretId);
    expect((await errorOf(knock(clientSecret))).message).toBe(
      `Unable to verify secret hash for client ${clientId}`,
    );
    await knock(newSecret);
    expect(await list()).toEqual([
      { ClientSecretId: added?.ClientSecretId, ClientSecretCreateDate: expect.any(Date) },
    ]);
  });

  it('are not shown again when they were chosen, and belong to confidential clients', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, { GenerateSecret: true });
    cognito.clock.advance(1_000);
    const ClientSecret = 'chosenByTheApplicationItself';
    const chosen = await cognito.client.send(
      new AddUserPoolClientSecretCommand({ UserPoolId: pool.poolId, ClientId: clientId, ClientSecret }),
    );
    expect(chosen.ClientSecretDescriptor?.ClientSecretValue).toBeUndefined();
    const open = cognito.client.send(
      new AddUserPoolClientSecretCommand({ UserPoolId: pool.poolId, ClientId: pool.clientId }),
    );
    expect((await errorOf(open)).name).toBe('InvalidParameterException');
  });
});

describe('GetClientToken', () => {
  it('issues a token in the client’s own name, for scopes it has', async () => {
    const scopes = [{ ScopeName: 'read', ScopeDescription: 'Read' }];
    await cognito.client.send(
      new CreateResourceServerCommand({
        UserPoolId: pool.poolId,
        Identifier: 'api',
        Name: 'API',
        Scopes: scopes,
      }),
    );
    const { clientId, clientSecret } = await aClient(cognito, pool.poolId, {
      GenerateSecret: true,
      ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH' as never],
      AllowedOAuthScopes: ['api/read'],
    });
    const ask = (Secret: string | undefined, Scopes?: string[]) =>
      cognito.anonymous.send(new GetClientTokenCommand({ ClientId: clientId, Secret, Scopes }));
    const { ClientAuthenticationResult: result } = await ask(clientSecret);
    expect(result).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    expect(claimsOf(result?.AccessToken ?? '')).toMatchObject({ sub: clientId, scope: 'api/read' });
    expect((await errorOf(ask('wrong'))).name).toBe('NotAuthorizedException');
    expect((await errorOf(ask(clientSecret, ['api/write']))).name).toBe('InvalidParameterException');
    const shared = aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH' as never, 'ALLOW_CUSTOM_AUTH'],
    });
    expect((await errorOf(shared)).name).toBe('InvalidParameterException');
  });
});

describe('settings without a local effect', () => {
  it('are kept and described', async () => {
    const plus = await aPool(cognito, { UserPoolTier: 'PLUS' });
    const UserPoolId = plus.poolId;
    const takeover = { Actions: { HighAction: { Notify: false, EventAction: 'BLOCK' as const } } };
    await cognito.client.send(
      new SetRiskConfigurationCommand({ UserPoolId, AccountTakeoverRiskConfiguration: takeover }),
    );
    const { RiskConfiguration } = await cognito.client.send(
      new DescribeRiskConfigurationCommand({ UserPoolId }),
    );
    expect(RiskConfiguration).toMatchObject({ UserPoolId, AccountTakeoverRiskConfiguration: takeover });
    const essentials = cognito.client.send(new DescribeRiskConfigurationCommand({ UserPoolId: pool.poolId }));
    expect((await errorOf(essentials)).name).toBe('FeatureUnavailableInTierException');
    const LogConfigurations = [
      {
        LogLevel: 'ERROR' as const,
        EventSource: 'userNotification' as const,
        CloudWatchLogsConfiguration: { LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:x' },
      },
    ];
    await cognito.client.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations }));
    const { LogDeliveryConfiguration } = await cognito.client.send(
      new GetLogDeliveryConfigurationCommand({ UserPoolId }),
    );
    expect(LogDeliveryConfiguration).toEqual({ UserPoolId, LogConfigurations });
    await cognito.client.send(new SetUICustomizationCommand({ UserPoolId, CSS: '.banner {}' }));
    const look = await cognito.client.send(
      new GetUICustomizationCommand({ UserPoolId, ClientId: plus.clientId }),
    );
    expect(look.UICustomization).toMatchObject({ ClientId: plus.clientId, CSS: '.banner {}' });
  });
});
