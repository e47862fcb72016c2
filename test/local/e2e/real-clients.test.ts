import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { claimsOf } from '../../../scripts/journey/journey.ts';
import { signInWithSdk } from '../../../scripts/journey/sdk-door.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { SdkDoor } from '../../support/sdk-door.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
afterAll(() => cloud?.stop());

const client = (accessKeyId: string) =>
  new CognitoIdentityProviderClient({
    region: cloud.outputs.region,
    endpoint: cloud.outputs.endpoints.cognitoIdp,
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  });

/** aws-jwt-verify wants HTTPS for keys; the local cloud is on this machine only. */
const verifier = (audience: string | null) =>
  JwtVerifier.create(
    {
      issuer: cloud.outputs.endpoints.issuer,
      audience,
      jwksUri: `${cloud.outputs.endpoints.issuer}/.well-known/jwks.json`,
    },
    {
      jwksCache: new SimpleJwksCache({
        fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() },
      }),
    },
  );

describe('aws-jwt-verify', () => {
  it('accepts the tokens of both doors by issuer, keys and audience, and no other', async () => {
    const customer = await (await new Customer(cloud.outputs).register()).signIn();
    const context = await new SdkDoor(cloud.outputs).context(customer.email);
    const { session } = await signInWithSdk(cloud.outputs, {
      username: customer.email,
      password: customer.password,
      context,
      code: () => customer.mailbox.nextCode(customer.email),
    });
    const access = await verifier(null).verify(customer.api.accessToken ?? '');
    expect(access).toMatchObject({
      token_use: 'access',
      client_id: cloud.outputs.clients.server.id,
      'vestibule:aal': 1,
    });
    const idToken = session.getIdToken().getJwtToken();
    const { web } = cloud.outputs.clients;
    expect(await verifier(web.id).verify(idToken)).toMatchObject({ sub: access.sub, token_use: 'id' });
    await expect(verifier('another-client').verify(idToken)).rejects.toThrow(/audience/i);
    const [head, body, signature = ''] = idToken.split('.');
    const changed = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await expect(verifier(web.id).verify(`${head}.${body}.${changed}`)).rejects.toThrow(/signature/i);
  });
});

describe('the AWS SDK with the key of the operator', () => {
  const UserPoolId = () => cloud.outputs.userPoolId;

  it('administers people, who then sign in like everybody else', async () => {
    const admin = client(cloud.outputs.credentials.accessKeyId);
    const created = new Customer(cloud.outputs);
    const Username = created.email;
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: UserPoolId(),
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: Username },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    await admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: UserPoolId(),
        Username,
        Password: created.password,
        Permanent: true,
      }),
    );
    for (const GroupName of ['tier-gold', 'operators']) {
      await admin.send(new AdminAddUserToGroupCommand({ UserPoolId: UserPoolId(), Username, GroupName }));
    }
    await created.signIn();
    // Being an operator takes more than the group: nothing was proven here that cannot be phished.
    expect(claimsOf(created.api.accessToken ?? '')['cognito:groups']).toEqual(['tier-gold']);
    const found = await admin.send(
      new ListUsersCommand({ UserPoolId: UserPoolId(), Filter: `email = "${Username}"` }),
    );
    expect(found.Users).toHaveLength(1);

    await admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: UserPoolId(), Username }));
    const refreshed = await created.api.send('POST', '/v1/sessions/refresh', {
      refreshToken: created.refreshToken,
    });
    expect(refreshed.status).toBe(401);
    await admin.send(new AdminDisableUserCommand({ UserPoolId: UserPoolId(), Username }));
    expect(await created.startSignIn()).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REJECTED' } });
  });

  it('is told apart from an unknown key and from none', async () => {
    const command = () => new DescribeUserPoolCommand({ UserPoolId: UserPoolId() });
    await expect(client('AKIDUNKNOWN').send(command())).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    for (const operation of ['AdminGetUser', 'ListUsers', 'AdminSetUserPassword', 'DescribeUserPool']) {
      const answer = await new SdkDoor(cloud.outputs).call(operation, {
        UserPoolId: UserPoolId(),
        Username: 'x',
      });
      expect([operation, answer.status]).toEqual([operation, 403]);
    }
    const missing = new AdminGetUserCommand({ UserPoolId: UserPoolId(), Username: 'nobody@example.com' });
    await expect(client(cloud.outputs.credentials.accessKeyId).send(missing)).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });
});
