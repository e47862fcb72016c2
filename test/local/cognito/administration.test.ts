import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  CreateResourceServerCommand,
  CreateUserPoolReplicaCommand,
  DeleteGroupCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListTagsForResourceCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  TagResourceCommand,
  UpdateGroupCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coverage, coverageTable } from '../../../local/cognito/index.ts';
import { anEmail, aPool, aUser, claimsOf, errorOf, signIn, type TestPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
});
afterAll(() => cognito.close());

describe('groups', () => {
  it('are made, changed, joined, shown in tokens by precedence, left and deleted', async () => {
    const { poolId: UserPoolId } = pool;
    const RoleArn = 'arn:aws:iam::111122223333:role/gold';
    await cognito.client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'silver', Precedence: 2 }));
    await cognito.client.send(
      new CreateGroupCommand({ UserPoolId, GroupName: 'gold', Precedence: 9, RoleArn }),
    );
    await cognito.client.send(new UpdateGroupCommand({ UserPoolId, GroupName: 'gold', Precedence: 1 }));
    expect(
      (await errorOf(cognito.client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'gold' })))).name,
    ).toBe('GroupExistsException');
    const { Group } = await cognito.client.send(new GetGroupCommand({ UserPoolId, GroupName: 'gold' }));
    expect(Group).toMatchObject({ Precedence: 1, RoleArn });
    const email = anEmail();
    await aUser(cognito, pool, email);
    for (const GroupName of ['silver', 'gold']) {
      await cognito.client.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username: email }));
    }
    const { idToken } = await signIn(cognito, pool, email);
    expect(claimsOf(idToken)).toMatchObject({
      'cognito:groups': ['gold', 'silver'],
      'cognito:roles': [RoleArn],
      'cognito:preferred_role': RoleArn,
    });
    const members = await cognito.client.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: 'gold' }));
    expect(members.Users).toHaveLength(1);
    await cognito.client.send(
      new AdminRemoveUserFromGroupCommand({ UserPoolId, GroupName: 'gold', Username: email }),
    );
    await cognito.client.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'silver' }));
    const left = await cognito.client.send(
      new AdminListGroupsForUserCommand({ UserPoolId, Username: email }),
    );
    expect(left.Groups).toEqual([]);
    expect((await cognito.client.send(new ListGroupsCommand({ UserPoolId }))).Groups).toHaveLength(1);
    expect(
      (await errorOf(cognito.client.send(new GetGroupCommand({ UserPoolId, GroupName: 'silver' })))).name,
    ).toBe('ResourceNotFoundException');
  });
});

describe('ListUsers', () => {
  let listed: TestPool;
  beforeAll(async () => {
    listed = await aPool(cognito, { UsernameAttributes: [], AutoVerifiedAttributes: [] });
    for (const [name, given] of [
      ['ada', 'Ada'],
      ['alan', 'Alan'],
      ['grace', 'Grace "Amazing"'],
    ] as const) {
      await cognito.client.send(
        new AdminCreateUserCommand({
          UserPoolId: listed.poolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'name', Value: given },
            { Name: 'email', Value: `${name}@example.com` },
          ],
        }),
      );
    }
    await cognito.client.send(new AdminDisableUserCommand({ UserPoolId: listed.poolId, Username: 'alan' }));
  });
  const list = (input: Partial<ConstructorParameters<typeof ListUsersCommand>[0]>) =>
    cognito.client.send(new ListUsersCommand({ UserPoolId: listed.poolId, ...input }));
  const names = async (Filter: string) => (await list({ Filter })).Users?.map(({ Username }) => Username);

  it.each([
    { filter: 'username = "ada"', found: ['ada'] },
    { filter: 'username ^= "a"', found: ['ada', 'alan'] },
    { filter: '"email" = "grace@example.com"', found: ['grace'] },
    { filter: 'name = "Grace \\"Amazing\\""', found: ['grace'] },
    { filter: 'name = "ada"', found: [] },
    { filter: 'cognito:user_status = "force_change_password"', found: ['ada', 'alan', 'grace'] },
    { filter: 'status = "Disabled"', found: ['alan'] },
    { filter: '', found: ['ada', 'alan', 'grace'] },
  ])('finds $found for $filter', async ({ filter, found }) => expect(await names(filter)).toEqual(found));

  it.each(['name', 'name = Ada', 'name != "Ada"', 'shoe = "43"', 'name = "a" and name = "b"'])(
    'refuses the filter %s',
    async (filter) => expect((await errorOf(names(filter))).name).toBe('InvalidParameterException'),
  );

  it('pages, and gives only the attributes asked for', async () => {
    const first = await list({ Limit: 2, AttributesToGet: ['email'] });
    expect(first.Users?.[0]?.Attributes).toEqual([{ Name: 'email', Value: 'ada@example.com' }]);
    const second = await list({ Limit: 2, PaginationToken: first.PaginationToken });
    expect(second.Users?.map(({ Username }) => Username)).toEqual(['grace']);
    expect(second.PaginationToken).toBeUndefined();
    expect((await errorOf(list({ PaginationToken: 'forged' }))).name).toBe('InvalidParameterException');
    expect((await errorOf(list({ Limit: 61 }))).message).toContain('less than or equal to 60');
  });
});

describe('users by an administrator', () => {
  it('are confirmed, disabled, enabled and deleted', async () => {
    const email = anEmail();
    await aUser(cognito, pool, email);
    const target = { UserPoolId: pool.poolId, Username: email };
    expect((await errorOf(cognito.client.send(new AdminConfirmSignUpCommand(target)))).message).toBe(
      'User cannot be confirmed. Current status is CONFIRMED',
    );
    await cognito.client.send(new AdminDisableUserCommand(target));
    expect((await cognito.client.send(new AdminGetUserCommand(target))).Enabled).toBe(false);
    await cognito.client.send(new AdminEnableUserCommand(target));
    expect((await signIn(cognito, pool, email)).accessToken).not.toBe('');
    await cognito.client.send(new AdminDeleteUserCommand(target));
    expect(await errorOf(cognito.client.send(new AdminGetUserCommand(target)))).toEqual({
      name: 'UserNotFoundException',
      message: 'User does not exist.',
    });
  });

  it('are invited with their username and a temporary password, by trigger or default text', async () => {
    const own = await aPool(cognito, {
      LambdaConfig: {
        PreSignUp: cognito.trigger('pre', (event) => event),
        CustomMessage: cognito.trigger('message', (event) => ({
          ...event,
          response: { emailMessage: 'no code' },
        })),
      },
    });
    cognito.events.length = 0;
    const email = anEmail();
    const create = (MessageAction?: 'RESEND') =>
      cognito.client.send(
        new AdminCreateUserCommand({ UserPoolId: own.poolId, Username: email, MessageAction }),
      );
    expect((await errorOf(create())).name).toBe('InvalidLambdaResponseException');
    expect(cognito.events.map(({ event }) => event.triggerSource)).toEqual([
      'PreSignUp_AdminCreateUser',
      'CustomMessage_AdminCreateUser',
    ]);
    expect(cognito.events[1]?.event).toMatchObject({
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { usernameParameter: '{username}', codeParameter: '{####}' },
    });
    await cognito.client.send(new UpdateUserPoolCommand({ UserPoolId: own.poolId }));
    expect((await errorOf(create())).name).toBe('UsernameExistsException');
    expect((await create('RESEND')).User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect(cognito.mails.at(-1)?.text).toMatch(
      /^Your username is [0-9a-f-]{36} and temporary password is \S+\.$/,
    );
  });
});

describe('pools and clients', () => {
  it('are described, listed, tagged, updated and deleted', async () => {
    const own = await aPool(cognito, { DeletionProtection: 'ACTIVE' }, { GenerateSecret: true });
    const { poolId: UserPoolId, clientId: ClientId } = own;
    const { UserPool } = await cognito.client.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool).toMatchObject({
      Id: expect.stringMatching(/^eu-west-1_[A-Za-z0-9]{9}$/),
      EstimatedNumberOfUsers: 0,
    });
    expect(
      (await cognito.client.send(new ListUserPoolsCommand({ MaxResults: 60 }))).UserPools?.length,
    ).toBeGreaterThan(1);
    const tag = { ResourceArn: UserPool?.Arn ?? '' };
    await cognito.client.send(new TagResourceCommand({ ...tag, Tags: { team: 'identity' } }));
    expect((await cognito.client.send(new ListTagsForResourceCommand(tag))).Tags).toEqual({
      team: 'identity',
    });
    const before = await cognito.client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    await cognito.client.send(
      new UpdateUserPoolClientCommand({
        UserPoolId,
        ClientId,
        AccessTokenValidity: 5,
        TokenValidityUnits: { AccessToken: 'minutes' },
      }),
    );
    const after = await cognito.client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(after.UserPoolClient).toMatchObject({
      AccessTokenValidity: 5,
      ClientSecret: before.UserPoolClient?.ClientSecret,
    });
    expect(after.UserPoolClient?.ExplicitAuthFlows).toBeUndefined();
    const scope = { ScopeName: 'profile.read', ScopeDescription: 'Read the profile' };
    const server = { UserPoolId, Identifier: 'vestibule' };
    await cognito.client.send(new CreateResourceServerCommand({ ...server, Name: 'API', Scopes: [scope] }));
    const described = await cognito.client.send(new DescribeResourceServerCommand(server));
    expect(described.ResourceServer?.Scopes).toEqual([scope]);
    await cognito.client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(
      (await cognito.client.send(new ListUserPoolClientsCommand({ UserPoolId }))).UserPoolClients,
    ).toEqual([]);
    expect((await errorOf(cognito.client.send(new DeleteUserPoolCommand({ UserPoolId })))).message).toContain(
      'deletion protection',
    );
    await cognito.client.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
    await cognito.client.send(new DeleteUserPoolCommand({ UserPoolId }));
    expect((await errorOf(cognito.client.send(new DescribeUserPoolCommand({ UserPoolId })))).message).toBe(
      `User pool ${UserPoolId} does not exist.`,
    );
  });

  it('say which settings the local cloud cannot honour', async () => {
    const byLink = aPool(cognito, {
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' },
    });
    expect(await errorOf(byLink)).toEqual({
      name: 'NotImplementedLocallyException',
      message: 'Verification by link is not implemented by the local cloud.',
    });
  });
});

describe('the API as a whole', () => {
  it('knows every operation of the SDK, and nothing else', async () => {
    const main = createRequire(import.meta.url).resolve(
      '@aws-sdk/client-cognito-identity-provider/package.json',
    );
    const files = await readdir(join(main, '..', 'dist-types', 'commands'));
    const all = files
      .filter((file) => file.endsWith('Command.d.ts'))
      .map((file) => file.replace('Command.d.ts', ''));
    expect(coverage.map(({ operation }) => operation).sort()).toEqual(all.sort());
  });

  it('is documented as it is', async () => {
    const documented = await readFile(
      new URL('../../../docs/local-cloud-cognito.md', import.meta.url),
      'utf8',
    );
    expect(documented).toContain(coverageTable());
  });

  it('says which operation is not implemented, and refuses administration without a signature', async () => {
    const replica = cognito.client.send(
      new CreateUserPoolReplicaCommand({ UserPoolId: pool.poolId, RegionName: 'eu-west-2' }),
    );
    expect(await errorOf(replica)).toEqual({
      name: 'NotImplementedLocallyException',
      message: 'CreateUserPoolReplica is not implemented by the local cloud.',
    });
    const listing = cognito.anonymous.send(new ListUsersCommand({ UserPoolId: pool.poolId }));
    expect((await errorOf(listing)).name).toBe('MissingAuthenticationTokenException');
  });

  it('needs a permission on the pool for administration and none for the rest', () => {
    const request = (operation: string, input: object) =>
      ({ operation, body: Buffer.from(JSON.stringify(input)) }) as never;
    const needs = cognito.service.api?.needs;
    expect(needs?.(request('AdminGetUser', { UserPoolId: pool.poolId, Username: 'x' }))).toEqual([
      {
        action: 'cognito-idp:AdminGetUser',
        resource: `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${pool.poolId}`,
      },
    ]);
    expect(needs?.(request('ListUserPools', {}))).toEqual([
      { action: 'cognito-idp:ListUserPools', resource: '*' },
    ]);
    for (const operation of ['InitiateAuth', 'GetUser', 'SignUp'])
      expect(needs?.(request(operation, {}))).toEqual([]);
  });

  it('asks the firewall before public operations only', async () => {
    const guarded = await startCognito();
    const own = await aPool(guarded);
    const asked: unknown[] = [];
    const evaluate = (arn: string, request: { headers: Record<string, string> }) => {
      asked.push([
        arn.split('/')[1],
        request.headers['x-amzn-cognito-operation-name'],
        request.headers['x-amzn-cognito-client-id'],
      ]);
      return { action: 'BLOCK', insertHeaders: {}, labels: [] };
    };
    guarded.services.set('waf', { evaluate });
    expect((await errorOf(signIn(guarded, own, anEmail()))).name).toBe('ForbiddenException');
    await guarded.client.send(new ListUsersCommand({ UserPoolId: own.poolId }));
    expect(asked).toEqual([[own.poolId, 'InitiateAuth', own.clientId]]);
    await guarded.close();
  });
});
