import {
  AddCustomAttributesCommand,
  AdminUpdateUserAttributesCommand,
  DeleteUserAttributesCommand,
  DeleteUserCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aClient, anEmail, aPool, aUser, errorOf, mailedCode, signIn, type TestPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito, {
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  });
});
afterAll(() => cognito.close());

async function session(from = pool) {
  const email = anEmail();
  await aUser(cognito, from, email);
  return { email, AccessToken: (await signIn(cognito, from, email)).accessToken };
}
const update = (AccessToken: string, Name: string, Value: string) =>
  cognito.anonymous.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value }] }));
const verify = (AccessToken: string, Code: string) =>
  cognito.anonymous.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));
async function attributesOf(AccessToken: string): Promise<Record<string, string | undefined>> {
  const { UserAttributes = [] } = await cognito.anonymous.send(new GetUserCommand({ AccessToken }));
  return Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]));
}

describe('a new address', () => {
  it('replaces the original only when its code was proven', async () => {
    const { email, AccessToken } = await session();
    const next = anEmail();
    const { CodeDeliveryDetailsList } = await update(AccessToken, 'email', next);
    expect(CodeDeliveryDetailsList).toEqual([
      { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'p***@e***' },
    ]);
    expect(await attributesOf(AccessToken)).toMatchObject({ email, email_verified: 'true' });
    expect((await errorOf(signIn(cognito, pool, next))).name).toBe('NotAuthorizedException');
    const code = mailedCode(cognito, next);
    expect((await errorOf(verify(AccessToken, code === '000000' ? '000001' : '000000'))).name).toBe(
      'CodeMismatchException',
    );
    await verify(AccessToken, code);
    expect(await attributesOf(AccessToken)).toMatchObject({ email: next, email_verified: 'true' });
    expect((await signIn(cognito, pool, next)).accessToken).not.toBe('');
    expect((await errorOf(signIn(cognito, pool, email))).name).toBe('NotAuthorizedException');
  });

  it('that belongs to someone else is refused, also when they were faster', async () => {
    const [first, second] = [await session(), await session()];
    expect((await errorOf(update(first.AccessToken, 'email', second.email))).name).toBe(
      'AliasExistsException',
    );
    const contested = anEmail();
    await update(first.AccessToken, 'email', contested);
    const code = mailedCode(cognito, contested);
    await update(second.AccessToken, 'email', contested);
    await verify(second.AccessToken, mailedCode(cognito, contested));
    expect((await errorOf(verify(first.AccessToken, code))).name).toBe('AliasExistsException');
  });

  it('is written at once and unverified where the pool says so', async () => {
    const loose = await aPool(cognito);
    const { AccessToken } = await session(loose);
    const next = anEmail();
    await update(AccessToken, 'email', next);
    expect(await attributesOf(AccessToken)).toMatchObject({ email: next, email_verified: 'false' });
    const request = { AccessToken, AttributeName: 'email' };
    await cognito.anonymous.send(new GetUserAttributeVerificationCodeCommand(request));
    await verify(AccessToken, mailedCode(cognito, next));
    expect(await attributesOf(AccessToken)).toMatchObject({ email_verified: 'true' });
  });

  it('set by an administrator as verified needs no code', async () => {
    const { email, AccessToken } = await session();
    const next = anEmail();
    await cognito.client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: pool.poolId,
        Username: email,
        UserAttributes: [
          { Name: 'email', Value: next },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    expect(await attributesOf(AccessToken)).toMatchObject({ email: next, email_verified: 'true' });
  });
});

describe('what a client may read and write', () => {
  it('is its lists, and never the verified flags or sub', async () => {
    const limited = {
      ...pool,
      ...(await aClient(cognito, pool.poolId, { ReadAttributes: ['name'], WriteAttributes: ['name'] })),
    };
    const email = anEmail();
    await aUser(cognito, pool, email);
    const { accessToken } = await signIn(cognito, limited, email);
    await update(accessToken, 'name', 'Ada');
    expect(Object.keys(await attributesOf(accessToken)).sort()).toEqual(['name', 'sub']);
    for (const name of ['email', 'email_verified', 'locale', 'sub']) {
      expect((await errorOf(update(accessToken, name, 'true'))).message).toBe(
        'A client attempted to write unauthorized attribute',
      );
    }
  });

  it('covers custom attributes with their constraints', async () => {
    await cognito.client.send(
      new AddCustomAttributesCommand({
        UserPoolId: pool.poolId,
        CustomAttributes: [
          {
            Name: 'nick',
            AttributeDataType: 'String',
            Mutable: true,
            StringAttributeConstraints: { MaxLength: '3' },
          },
          { Name: 'once', AttributeDataType: 'String', Mutable: false },
        ],
      }),
    );
    const { AccessToken } = await session();
    await update(AccessToken, 'custom:nick', 'abc');
    expect((await errorOf(update(AccessToken, 'custom:nick', 'abcd'))).name).toBe(
      'InvalidParameterException',
    );
    expect((await errorOf(update(AccessToken, 'custom:once', 'x'))).message).toBe(
      'user.custom:once: Attribute cannot be updated.',
    );
    const remove = (name: string) =>
      cognito.anonymous.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: [name] }));
    await remove('custom:nick');
    expect(await attributesOf(AccessToken)).not.toHaveProperty('custom:nick');
    expect((await errorOf(remove('email'))).name).toBe('InvalidParameterException');
  });
});

it('DeleteUser removes the person and their tokens', async () => {
  const { email, AccessToken } = await session();
  await cognito.anonymous.send(new DeleteUserCommand({ AccessToken }));
  expect((await errorOf(attributesOf(AccessToken))).name).toBe('NotAuthorizedException');
  expect((await errorOf(signIn(cognito, pool, email))).name).toBe('NotAuthorizedException');
});
