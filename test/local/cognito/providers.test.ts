import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import type { ProvisionedResource } from '../../../local/platform.ts';
import { openStore } from '../../../local/store.ts';
import { anEmail, aUser, errorOf, signIn } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

const poolProperties = {
  UserPoolName: 'vestibule-dev',
  UsernameAttributes: ['email'],
  UsernameConfiguration: { CaseSensitive: false },
  AutoVerifiedAttributes: ['email'],
  // Values of template parameters arrive as strings.
  Policies: { PasswordPolicy: { MinimumLength: '12', RequireSymbols: 'false' } },
  Schema: [{ Name: 'email', Required: true, Mutable: true }],
};

const clientProperties = {
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  PreventUserExistenceErrors: 'ENABLED',
  GenerateSecret: false,
};

function provision(
  cognito: TestCognito,
  type: string,
  properties: object,
  previous?: ProvisionedResource,
): Promise<ProvisionedResource> {
  const provider = cognito.service.providers.find((candidate) => candidate.type === `AWS::Cognito::${type}`);
  if (!provider) throw new Error(`no provider for ${type}`);
  const request = { logicalId: type, type: provider.type, properties: { ...properties }, suffix: 'a1b2c3' };
  return provider.provision({ ...request, ...(previous ? { previous } : {}) });
}

describe('resources of a template', () => {
  it('get ids that stay, and give the attributes CloudFormation gives', async () => {
    const cognito = await startCognito();
    const pool = await provision(cognito, 'UserPool', poolProperties);
    expect(pool.physicalId).toMatch(/^eu-west-1_[A-Za-z0-9]{9}$/);
    expect(pool.attributes).toEqual({
      Arn: `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${pool.physicalId}`,
      ProviderName: `cognito-idp.eu-west-1.amazonaws.com/${pool.physicalId}`,
      ProviderURL: `${cognito.url}/${pool.physicalId}`,
      UserPoolId: pool.physicalId,
    });
    const discovery = await (
      await fetch(`${pool.attributes.ProviderURL}/.well-known/openid-configuration`)
    ).json();
    expect(discovery).toMatchObject({ issuer: pool.attributes.ProviderURL });
    const UserPoolId = pool.physicalId;
    const secret = await provision(cognito, 'UserPoolClient', {
      ...clientProperties,
      UserPoolId,
      GenerateSecret: 'true',
    });
    expect(secret.attributes.ClientSecret).toMatch(/^[a-z0-9]{51}$/);
    const open = await provision(cognito, 'UserPoolClient', { ...clientProperties, UserPoolId });
    expect(open.physicalId).not.toBe(secret.physicalId);
    expect(open.attributes.ClientSecret).toBe('');
    const group = { UserPoolId, GroupName: 'operators', Precedence: '0' };
    expect((await provision(cognito, 'UserPoolGroup', group)).physicalId).toBe('operators');
    const server = { UserPoolId, Identifier: 'vestibule', Name: 'API' };
    expect((await provision(cognito, 'UserPoolResourceServer', server)).physicalId).toBe('vestibule');
    expect((await provision(cognito, 'UserPoolDomain', { UserPoolId, Domain: 'login' })).physicalId).toBe(
      'login',
    );
    await cognito.close();
  });

  it('take changed settings without losing users, and refuse what AWS refuses', async () => {
    const cognito = await startCognito();
    const pool = await provision(cognito, 'UserPool', poolProperties);
    const client = await provision(cognito, 'UserPoolClient', {
      ...clientProperties,
      UserPoolId: pool.physicalId,
    });
    const from = { poolId: pool.physicalId, clientId: client.physicalId };
    const email = anEmail();
    await aUser(cognito, from, email);
    const trigger = cognito.trigger('pre', (event) => event);
    await provision(
      cognito,
      'UserPool',
      { ...poolProperties, LambdaConfig: { PreAuthentication: trigger } },
      pool,
    );
    await signIn(cognito, from, email);
    expect(cognito.events).toHaveLength(1);
    const { UserPool } = await cognito.client.send(
      new DescribeUserPoolCommand({ UserPoolId: pool.physicalId }),
    );
    expect(UserPool?.Policies?.PasswordPolicy).toEqual({ MinimumLength: 12, RequireSymbols: false });
    const forbidden = provision(
      cognito,
      'UserPool',
      { ...poolProperties, UsernameAttributes: ['phone_number'] },
      pool,
    );
    expect((await errorOf(forbidden)).message).toBe(
      'UsernameAttributes cannot be changed after the user pool was created.',
    );
    await cognito.close();
  });
});

it('a restart keeps pools, secrets, users, sign-ins and their keys', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cognito-'));
  const store = await openStore(directory);
  const before = await startCognito(store);
  const pool = await provision(before, 'UserPool', poolProperties);
  const UserPoolId = pool.physicalId;
  const client = await provision(before, 'UserPoolClient', { ...clientProperties, UserPoolId });
  const server = { ...clientProperties, UserPoolId, GenerateSecret: true };
  const { physicalId: serverId, attributes } = await provision(before, 'UserPoolClient', server);
  const from = { poolId: UserPoolId, clientId: client.physicalId };
  const email = anEmail();
  await aUser(before, from, email);
  const jwks = async (cognito: TestCognito) =>
    (await fetch(`${cognito.url}/${UserPoolId}/.well-known/jwks.json`)).json();
  const keys = await jwks(before);
  await before.close();
  await store.close();

  const reopened = await openStore(directory);
  const after = await startCognito(reopened);
  expect((await provision(after, 'UserPool', poolProperties, pool)).physicalId).toBe(UserPoolId);
  expect((await provision(after, 'UserPoolClient', { ...clientProperties, UserPoolId })).physicalId).toBe(
    client.physicalId,
  );
  expect(await jwks(after)).toEqual(keys);
  const kept = await after.client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId: serverId }));
  expect(kept.UserPoolClient?.ClientSecret).toBe(attributes.ClientSecret);
  const { accessToken } = await signIn(after, from, email);
  expect(
    (await after.anonymous.send(new GetUserCommand({ AccessToken: accessToken }))).Username,
  ).toBeDefined();
  await after.close();
  await reopened.close();
  await rm(directory, { recursive: true });
});
