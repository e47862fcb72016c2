import {
  AdminCreateUserCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEmail, aPool, aUser, errorOf, password, signIn, type TestPool, textedCode } from './builders.ts';
import { aPhone, sms } from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;

beforeAll(async () => {
  cognito = await startCognito();
});
afterAll(() => cognito.close());

const aPhonePool = (settings: object = {}) =>
  aPool(cognito, {
    UsernameAttributes: ['phone_number'],
    AutoVerifiedAttributes: ['phone_number'],
    SmsConfiguration: sms,
    ...settings,
  });

const signUp = ({ clientId }: TestPool, Username: string) =>
  cognito.anonymous.send(new SignUpCommand({ ClientId: clientId, Username, Password: password }));

describe('a phone number as sign-in name', () => {
  it('is confirmed by a code, signs in and recovers the password', async () => {
    const pool = await aPhonePool();
    const phone = aPhone();
    const { CodeDeliveryDetails } = await signUp(pool, phone);
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: `+*******${phone.slice(-4)}`,
    });
    const first = textedCode(cognito, phone);
    await cognito.anonymous.send(
      new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: phone }),
    );
    expect(first).toMatch(/^\d{6}$/);
    await cognito.anonymous.send(
      new ConfirmSignUpCommand({
        ClientId: pool.clientId,
        Username: phone,
        ConfirmationCode: textedCode(cognito, phone),
      }),
    );
    const { accessToken } = await signIn(cognito, pool, phone);
    const { UserAttributes } = await cognito.anonymous.send(new GetUserCommand({ AccessToken: accessToken }));
    expect(UserAttributes).toContainEqual({ Name: 'phone_number_verified', Value: 'true' });
    await cognito.anonymous.send(new ForgotPasswordCommand({ ClientId: pool.clientId, Username: phone }));
    await cognito.anonymous.send(
      new ConfirmForgotPasswordCommand({
        ClientId: pool.clientId,
        Username: phone,
        ConfirmationCode: textedCode(cognito, phone),
        Password: 'Another-horse-8',
      }),
    );
    expect((await signIn(cognito, pool, phone, 'Another-horse-8')).accessToken).toBeTruthy();
  });

  it('is worded by the pool, and invited by an administrator', async () => {
    const pool = await aPhonePool({
      VerificationMessageTemplate: { SmsMessage: 'Welcome {####}' },
      AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: '{username} enters with {####}' } },
    });
    const [phone, invited] = [aPhone(), aPhone()];
    await signUp(pool, phone);
    expect(cognito.texts.at(-1)).toMatchObject({ to: phone, text: expect.stringMatching(/^Welcome \d{6}$/) });
    const { User } = await cognito.client.send(
      new AdminCreateUserCommand({ UserPoolId: pool.poolId, Username: invited, TemporaryPassword: password }),
    );
    expect(cognito.texts.at(-1)?.text).toBe(`${User?.Username} enters with ${password}`);
  });

  it('needs a pool that sends SMS', async () => {
    const pool = await aPhonePool({ SmsConfiguration: undefined });
    expect((await errorOf(signUp(pool, aPhone()))).name).toBe('InvalidSmsRoleAccessPolicyException');
    const both = aPhonePool({ SmsConfiguration: { ...sms, EumsSms: { CallerArn: sms.SnsCallerArn } } });
    expect((await errorOf(both)).name).toBe('InvalidParameterException');
  });
});

describe('a phone number beside', () => {
  it('is verified by its own code, through End User Messaging as well', async () => {
    const pool = await aPool(cognito, {
      AutoVerifiedAttributes: ['email', 'phone_number'],
      SmsConfiguration: { EumsSms: { CallerArn: sms.SnsCallerArn } } as never,
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['phone_number'] },
    });
    const email = anEmail();
    await aUser(cognito, pool, email);
    const { accessToken } = await signIn(cognito, pool, email);
    const phone = aPhone();
    const attribute = async () => {
      const { UserAttributes } = await cognito.anonymous.send(
        new GetUserCommand({ AccessToken: accessToken }),
      );
      return UserAttributes?.find(({ Name }) => Name === 'phone_number')?.Value;
    };
    await cognito.anonymous.send(
      new UpdateUserAttributesCommand({
        AccessToken: accessToken,
        UserAttributes: [{ Name: 'phone_number', Value: phone }],
      }),
    );
    expect(await attribute()).toBeUndefined();
    await cognito.anonymous.send(
      new VerifyUserAttributeCommand({
        AccessToken: accessToken,
        AttributeName: 'phone_number',
        Code: textedCode(cognito, phone),
      }),
    );
    expect(await attribute()).toBe(phone);
  });
});
