import {
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aClient, anEmail, aPool, errorOf, mailedCode, password, signIn, type TestPool } from './builders.ts';
import { startCognito, type TestCognito } from './harness.ts';

let cognito: TestCognito;
let pool: TestPool;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPool(cognito);
});
afterAll(() => cognito.close());

const signUp = (email: string, extra: Partial<ConstructorParameters<typeof SignUpCommand>[0]> = {}) =>
  cognito.anonymous.send(
    new SignUpCommand({ ClientId: pool.clientId, Username: email, Password: password, ...extra }),
  );
const confirm = (email: string, code: string) =>
  cognito.anonymous.send(
    new ConfirmSignUpCommand({ ClientId: pool.clientId, Username: email, ConfirmationCode: code }),
  );
const status = async (email: string) =>
  (await cognito.client.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: email })))
    .UserStatus;

describe('SignUp', () => {
  it('creates an unconfirmed user named by a UUID and mails a code', async () => {
    const email = anEmail();
    const answer = await signUp(email);
    expect(answer).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'p***@e***' },
    });
    const user = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    expect(user).toMatchObject({ Username: answer.UserSub, UserStatus: 'UNCONFIRMED', Enabled: true });
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'false' });
    expect(cognito.mails.at(-1)).toMatchObject({ from: 'hello@example.com', to: email });
  });

  it('refuses a taken address in any case', async () => {
    const email = anEmail();
    await signUp(email);
    expect(await errorOf(signUp(email.toUpperCase()))).toEqual({
      name: 'UsernameExistsException',
      message: 'An account with the given email already exists.',
    });
  });

  it('lets one of many parallel sign-ups win', async () => {
    const email = anEmail();
    const results = await Promise.all(Array.from({ length: 10 }, () => errorOf(signUp(email))));
    expect(results.filter(({ name }) => name === 'none')).toHaveLength(1);
  });

  it.each([
    {
      given: 'no address',
      input: { Username: 'someone' },
      name: 'InvalidParameterException',
      message: 'Username should be an email.',
    },
    {
      given: 'a weak password',
      input: { Password: 'short' },
      name: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password not long enough',
    },
    {
      given: 'no upper case',
      input: { Password: 'correct-horse-7' },
      name: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password must have uppercase characters',
    },
    {
      given: 'an unknown attribute',
      input: { UserAttributes: [{ Name: 'shoe', Value: '43' }] },
      name: 'InvalidParameterException',
      message: 'Attributes did not conform to the schema: shoe: Attribute does not exist in the schema.',
    },
    {
      given: 'a verified flag',
      input: { UserAttributes: [{ Name: 'email_verified', Value: 'true' }] },
      name: 'NotAuthorizedException',
      message: 'A client attempted to write unauthorized attribute',
    },
    {
      given: 'an unknown client',
      input: { ClientId: 'unknown' },
      name: 'ResourceNotFoundException',
      message: 'User pool client unknown does not exist.',
    },
    {
      given: 'an empty username',
      input: { Username: '' },
      name: 'InvalidParameterException',
      message:
        "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
    },
  ])('refuses $given', async ({ input, name, message }) => {
    expect(await errorOf(signUp(anEmail(), input))).toEqual({ name, message });
  });

  it('is closed where only administrators create users', async () => {
    const closed = await aPool(cognito, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    expect(await errorOf(signUp(anEmail(), { ClientId: closed.clientId }))).toEqual({
      name: 'NotAuthorizedException',
      message: 'SignUp is not permitted for this user pool',
    });
  });

  it('refuses attributes the client may not write', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, { WriteAttributes: ['email'] });
    const input = { ClientId: clientId, UserAttributes: [{ Name: 'name', Value: 'Ada' }] };
    expect((await errorOf(signUp(anEmail(), input))).name).toBe('NotAuthorizedException');
  });
});

describe('ConfirmSignUp', () => {
  it('confirms with the mailed code and verifies the address', async () => {
    const email = anEmail();
    await signUp(email);
    await confirm(email, mailedCode(cognito, email));
    const user = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    expect(user.UserStatus).toBe('CONFIRMED');
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' });
    expect((await signIn(cognito, pool, email)).accessToken).not.toBe('');
  });

  it('answers a wrong code, a used one and an unknown user as AWS does', async () => {
    const email = anEmail();
    await signUp(email);
    const code = mailedCode(cognito, email);
    const mismatch = {
      name: 'CodeMismatchException',
      message: 'Invalid verification code provided, please try again.',
    };
    expect(await errorOf(confirm(email, code === '000000' ? '000001' : '000000'))).toEqual(mismatch);
    expect(await errorOf(confirm(anEmail(), '000000'))).toEqual(mismatch);
    await confirm(email, code);
    expect(await errorOf(confirm(email, code))).toEqual({
      name: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    });
  });

  it('ends a code after 24 hours and the previous one at a resend', async () => {
    const email = anEmail();
    await signUp(email);
    const first = mailedCode(cognito, email);
    await cognito.anonymous.send(
      new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: email }),
    );
    const second = mailedCode(cognito, email);
    if (first !== second) expect((await errorOf(confirm(email, first))).name).toBe('CodeMismatchException');
    cognito.clock.advance(24 * 3_600_000);
    expect(await errorOf(confirm(email, second))).toEqual({
      name: 'ExpiredCodeException',
      message: 'Invalid code provided, please request a code again.',
    });
  });

  it('evaluates at most 15 of 100 parallel guesses', async () => {
    const email = anEmail();
    await signUp(email);
    const code = mailedCode(cognito, email);
    const wrong = Array.from({ length: 99 }, (_, index) =>
      String((Number(code) + index + 1) % 1_000_000).padStart(6, '0'),
    );
    const results = await Promise.all([...wrong, code].map((guess) => errorOf(confirm(email, guess))));
    const count = (name: string) => results.filter((result) => result.name === name).length;
    expect(count('CodeMismatchException') + count('none')).toBe(15);
    expect(count('LimitExceededException')).toBe(85);
    expect(await status(email)).toBe(count('none') === 1 ? 'CONFIRMED' : 'UNCONFIRMED');
    cognito.clock.advance(3_600_001);
    if (count('none') === 0) await confirm(email, code);
    expect(await status(email)).toBe('CONFIRMED');
  });
});

describe('ResendConfirmationCode', () => {
  it('answers for an unknown user as for an unconfirmed one', async () => {
    const [known, unknown] = [anEmail(), anEmail()];
    await signUp(known);
    const resend = (email: string) =>
      cognito.anonymous.send(new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: email }));
    expect((await resend(unknown)).CodeDeliveryDetails).toEqual((await resend(known)).CodeDeliveryDetails);
  });

  it('stops after five in an hour', async () => {
    const email = anEmail();
    await signUp(email);
    const resend = () =>
      cognito.anonymous.send(new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: email }));
    for (let call = 0; call < 5; call++) await resend();
    expect(await errorOf(resend())).toEqual({
      name: 'LimitExceededException',
      message: 'Attempt limit exceeded, please try after some time.',
    });
  });
});

describe('the triggers of a sign-up', () => {
  it('run in order with the events of AWS', async () => {
    const own = await aPool(cognito);
    const message = (event: { response: object }) => ({
      ...event,
      response: { emailSubject: 'Welcome', emailMessage: '<p>{####}</p>' },
    });
    await cognito.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: own.poolId,
        AutoVerifiedAttributes: ['email'],
        EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', From: 'hello@example.com' },
        LambdaConfig: {
          PreSignUp: cognito.trigger('pre-sign-up', (event) => event),
          CustomMessage: cognito.trigger('message', message),
          PostConfirmation: cognito.trigger('post-confirmation', (event) => event),
        },
      }),
    );
    cognito.events.length = 0;
    const email = anEmail();
    const { UserSub } = await signUp(email, {
      ClientId: own.clientId,
      ClientMetadata: { door: 'sdk' },
      ValidationData: [{ Name: 'ticket', Value: '1' }],
    });
    expect(cognito.mails.at(-1)).toMatchObject({
      subject: 'Welcome',
      html: expect.stringMatching(/^<p>\d{6}<\/p>$/),
    });
    await cognito.anonymous.send(
      new ConfirmSignUpCommand({
        ClientId: own.clientId,
        Username: email,
        ConfirmationCode: mailedCode(cognito, email),
        ClientMetadata: { later: 'yes' },
      }),
    );
    const common = {
      version: '1',
      region: 'eu-west-1',
      userPoolId: own.poolId,
      userName: UserSub,
      callerContext: { awsSdkVersion: expect.stringMatching(/^aws-sdk-js-3\./), clientId: own.clientId },
    };
    const attributes = { sub: UserSub, email, email_verified: 'false', 'cognito:user_status': 'UNCONFIRMED' };
    expect(cognito.events.map(({ event }) => event)).toEqual([
      {
        ...common,
        triggerSource: 'PreSignUp_SignUp',
        request: {
          userAttributes: { email },
          validationData: { ticket: '1' },
          clientMetadata: { door: 'sdk' },
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
      {
        ...common,
        triggerSource: 'CustomMessage_SignUp',
        request: {
          userAttributes: attributes,
          codeParameter: '{####}',
          linkParameter: '{##Click Here##}',
          usernameParameter: null,
          clientMetadata: { door: 'sdk' },
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
      {
        ...common,
        triggerSource: 'PostConfirmation_ConfirmSignUp',
        request: {
          userAttributes: { ...attributes, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
          clientMetadata: { later: 'yes' },
        },
        response: {},
      },
    ]);
    expect(cognito.events[0]?.options).toEqual({
      principal: 'cognito-idp.amazonaws.com',
      sourceArn: `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${own.poolId}`,
      deadlineMs: 5_000,
    });
  });

  it('may confirm and verify at once', async () => {
    const own = await aPool(cognito, {
      LambdaConfig: {
        PreSignUp: cognito.trigger('auto', (event) => ({
          ...event,
          response: { autoConfirmUser: true, autoVerifyEmail: true },
        })),
      },
    });
    const email = anEmail();
    const answer = await signUp(email, { ClientId: own.clientId });
    expect(answer).toMatchObject({ UserConfirmed: true });
    expect(answer.CodeDeliveryDetails).toBeUndefined();
    expect((await signIn(cognito, own, email)).accessToken).not.toBe('');
  });
});
