import {
  AdminCreateUserCommand,
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  AssociateSoftwareTokenCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anEmail,
  aPool,
  claimsOf,
  errorOf,
  mailedCode,
  password,
  signIn,
  type TestPool,
  textedCode,
} from './builders.ts';
import {
  allFlows,
  aPhone,
  appOf,
  aReachableUser,
  configureMfa,
  initiate,
  prefer,
  respond,
  sms,
  withApp,
} from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';
import { srpClient } from './srp-client.ts';

let cognito: TestCognito;
let pool: TestPool;

const every = {
  SmsMfaConfiguration: {},
  SoftwareTokenMfaConfiguration: { Enabled: true },
  EmailMfaConfiguration: {},
};
const aMfaPool = async (mode: 'OPTIONAL' | 'ON', methods: object = every, settings: object = {}) => {
  const made = await aPool(
    cognito,
    { SmsConfiguration: sms, ...settings },
    { ExplicitAuthFlows: [...allFlows] },
  );
  await configureMfa(cognito, made, { MfaConfiguration: mode, ...methods });
  return made;
};

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aMfaPool('OPTIONAL');
});
afterAll(() => cognito.close());

const knock = (email: string, from = pool) =>
  initiate(cognito, from, 'USER_PASSWORD_AUTH', { USERNAME: email, PASSWORD: password });

describe('an authenticator app', () => {
  it('is asked after the password, by its name, and each code works once', async () => {
    const { email, sub } = await aReachableUser(cognito, pool);
    const app = await withApp(cognito, pool, email);
    const challenge = await knock(email);
    expect(challenge).toMatchObject({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeParameters: { FRIENDLY_DEVICE_NAME: 'phone', USER_ID_FOR_SRP: sub },
    });
    const code = app.code();
    const answer = (session: string | undefined, given: string) =>
      respond(cognito, pool, 'SOFTWARE_TOKEN_MFA', session, {
        USERNAME: email,
        SOFTWARE_TOKEN_MFA_CODE: given,
      });
    expect(await errorOf(answer(challenge.Session, '000000'))).toEqual({
      name: 'CodeMismatchException',
      message: 'Invalid code received for user',
    });
    const { AuthenticationResult } = await answer(challenge.Session, code);
    expect(claimsOf(AuthenticationResult?.IdToken ?? '').sub).toBe(sub);
    expect(await errorOf(answer((await knock(email)).Session, code))).toEqual({
      name: 'ExpiredCodeException',
      message: 'Your software token has already been used once.',
    });
    expect((await answer((await knock(email)).Session, app.code(1))).AuthenticationResult).toBeDefined();
  });

  it('tolerates half a minute and no more', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const app = await withApp(cognito, pool, email);
    const { Session } = await knock(email);
    const answer = (code: string) =>
      respond(cognito, pool, 'SOFTWARE_TOKEN_MFA', Session, {
        USERNAME: email,
        SOFTWARE_TOKEN_MFA_CODE: code,
      });
    expect((await errorOf(answer(app.code(5)))).name).toBe('CodeMismatchException');
    expect((await answer(app.code(1))).AuthenticationResult).toBeDefined();
  });

  it('locks after five wrong codes, through every session', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const app = await withApp(cognito, pool, email);
    const guess = async (code: string) => {
      const { Session } = await knock(email);
      return respond(cognito, pool, 'SOFTWARE_TOKEN_MFA', Session, {
        USERNAME: email,
        SOFTWARE_TOKEN_MFA_CODE: code,
      });
    };
    for (let attempt = 0; attempt < 5; attempt++) await errorOf(guess('000000'));
    expect((await errorOf(guess(app.code()))).message).toBe('Password attempts exceeded');
  });

  it('is proven before it counts, and gone when an administrator deletes it', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const { accessToken } = await signIn(cognito, pool, email);
    const settings = { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } };
    const wish = () =>
      cognito.anonymous.send(new SetUserMFAPreferenceCommand({ AccessToken: accessToken, ...settings }));
    await cognito.anonymous.send(new AssociateSoftwareTokenCommand({ AccessToken: accessToken }));
    expect(await errorOf(wish())).toEqual({
      name: 'InvalidParameterException',
      message: 'User has not verified software token mfa',
    });
    const wrong = cognito.anonymous.send(
      new VerifySoftwareTokenCommand({ AccessToken: accessToken, UserCode: '000000' }),
    );
    expect(await errorOf(wrong)).toEqual({
      name: 'EnableSoftwareTokenMFAException',
      message: 'Code mismatch and fail enable Software Token MFA',
    });
    await withApp(cognito, pool, email);
    expect(await cognito.anonymous.send(new GetUserCommand({ AccessToken: accessToken }))).toMatchObject({
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    });
    await cognito.client.send(
      new AdminDeleteSoftwareTokenCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    expect((await knock(email)).AuthenticationResult).toBeDefined();
  });

  it('is not for a pool without it', async () => {
    const plain = await aPool(cognito);
    const { email } = await aReachableUser(cognito, plain);
    const { accessToken } = await signIn(cognito, plain, email);
    const asked = cognito.anonymous.send(new AssociateSoftwareTokenCommand({ AccessToken: accessToken }));
    expect((await errorOf(asked)).name).toBe('SoftwareTokenMFANotFoundException');
  });
});

describe('codes as second factor', () => {
  it.each([
    { name: 'SMS_MFA', settings: { SMSMfaSettings: { Enabled: true } }, read: textedCode, by: 'phone' },
    { name: 'EMAIL_OTP', settings: { EmailMfaSettings: { Enabled: true } }, read: mailedCode, by: 'email' },
  ] as const)('$name has six digits and follows SRP too', async ({ name, settings, read, by }) => {
    const user = await aReachableUser(cognito, pool);
    await prefer(cognito, pool, user.email, settings);
    const client = srpClient(pool.poolId);
    const begun = await initiate(cognito, pool, 'USER_SRP_AUTH', {
      USERNAME: user.email,
      SRP_A: client.publicValue,
    });
    const proof = client.answer(begun.ChallengeParameters ?? {}, password);
    const challenge = await respond(cognito, pool, 'PASSWORD_VERIFIER', begun.Session, proof);
    expect(challenge.ChallengeName).toBe(name);
    const code = read(cognito, user[by]);
    expect(code).toMatch(/^\d{6}$/);
    const responses = { USERNAME: user.email, [`${name}_CODE`]: code };
    expect(
      (await respond(cognito, pool, name, challenge.Session, responses)).AuthenticationResult,
    ).toBeDefined();
  });

  it('verify the address they went to', async () => {
    const { email, phone } = await aReachableUser(cognito, pool);
    await cognito.client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: pool.poolId,
        Username: email,
        UserAttributes: [{ Name: 'phone_number_verified', Value: 'false' }],
      }),
    );
    await prefer(cognito, pool, email, { SMSMfaSettings: { Enabled: true } });
    const { Session } = await knock(email);
    await respond(cognito, pool, 'SMS_MFA', Session, {
      USERNAME: email,
      SMS_MFA_CODE: textedCode(cognito, phone),
    });
    const { UserAttributes } = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    expect(UserAttributes).toContainEqual({ Name: 'phone_number_verified', Value: 'true' });
  });

  it('can be switched on by the old settings', async () => {
    const { email } = await aReachableUser(cognito, pool);
    const MFAOptions = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] as const;
    await cognito.client.send(
      new AdminSetUserSettingsCommand({
        UserPoolId: pool.poolId,
        Username: email,
        MFAOptions: [...MFAOptions],
      }),
    );
    expect((await knock(email)).ChallengeName).toBe('SMS_MFA');
  });

  it('take their channel away from recovery', async () => {
    const byMail = await aMfaPool('OPTIONAL', every, {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: 'verified_email', Priority: 1 },
          { Name: 'verified_phone_number', Priority: 2 },
        ],
      },
    });
    const { email } = await aReachableUser(cognito, byMail);
    const forget = async () =>
      (
        await cognito.anonymous.send(
          new ForgotPasswordCommand({ ClientId: byMail.clientId, Username: email }),
        )
      ).CodeDeliveryDetails?.DeliveryMedium;
    expect(await forget()).toBe('EMAIL');
    await prefer(cognito, byMail, email, { EmailMfaSettings: { Enabled: true } });
    expect(await forget()).toBe('SMS');
  });
});

describe('several second factors', () => {
  it('are chosen from, unless one is preferred', async () => {
    const { email, phone } = await aReachableUser(cognito, pool);
    await prefer(cognito, pool, email, {
      SMSMfaSettings: { Enabled: true },
      EmailMfaSettings: { Enabled: true },
    });
    const choice = await knock(email);
    expect(choice.ChallengeName).toBe('SELECT_MFA_TYPE');
    expect(JSON.parse(choice.ChallengeParameters?.MFAS_CAN_CHOOSE ?? '')).toEqual(['SMS_MFA', 'EMAIL_OTP']);
    const challenge = await respond(cognito, pool, 'SELECT_MFA_TYPE', choice.Session, {
      USERNAME: email,
      ANSWER: 'SMS_MFA',
    });
    const { AuthenticationResult } = await respond(cognito, pool, 'SMS_MFA', challenge.Session, {
      USERNAME: email,
      SMS_MFA_CODE: textedCode(cognito, phone),
    });
    expect(AuthenticationResult).toBeDefined();
    await prefer(cognito, pool, email, { EmailMfaSettings: { Enabled: true, PreferredMfa: true } });
    expect((await knock(email)).ChallengeName).toBe('EMAIL_OTP');
    const both = prefer(cognito, pool, email, {
      SMSMfaSettings: { Enabled: true, PreferredMfa: true },
      EmailMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    expect((await errorOf(both)).name).toBe('InvalidParameterException');
  });

  it('offer nothing that was not on the list', async () => {
    const { email } = await aReachableUser(cognito, pool);
    await prefer(cognito, pool, email, {
      SMSMfaSettings: { Enabled: true },
      EmailMfaSettings: { Enabled: true },
    });
    const { Session } = await knock(email);
    const answer = respond(cognito, pool, 'SELECT_MFA_TYPE', Session, {
      USERNAME: email,
      ANSWER: 'SOFTWARE_TOKEN_MFA',
    });
    expect((await errorOf(answer)).name).toBe('InvalidParameterException');
  });
});

describe('required MFA', () => {
  it('is set up on the way in', async () => {
    const strict = await aMfaPool('ON', { SoftwareTokenMfaConfiguration: { Enabled: true } });
    const { email } = await aReachableUser(cognito, strict);
    const challenge = await knock(email, strict);
    expect(challenge.ChallengeName).toBe('MFA_SETUP');
    expect(challenge.ChallengeParameters?.MFAS_CAN_SETUP).toBe('["SOFTWARE_TOKEN_MFA"]');
    const early = respond(cognito, strict, 'MFA_SETUP', (await knock(email, strict)).Session, {
      USERNAME: email,
    });
    expect((await errorOf(early)).name).toBe('InvalidParameterException');
    const { SecretCode, Session } = await cognito.anonymous.send(
      new AssociateSoftwareTokenCommand({ Session: challenge.Session }),
    );
    const code = appOf(SecretCode ?? '').code();
    const verified = await cognito.anonymous.send(
      new VerifySoftwareTokenCommand({ Session, UserCode: code }),
    );
    expect(verified.Status).toBe('SUCCESS');
    const { AuthenticationResult } = await respond(cognito, strict, 'MFA_SETUP', verified.Session, {
      USERNAME: email,
    });
    expect(AuthenticationResult).toBeDefined();
    const next = await knock(email, strict);
    expect(next.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const replayed = respond(cognito, strict, 'SOFTWARE_TOKEN_MFA', next.Session, {
      USERNAME: email,
      SOFTWARE_TOKEN_MFA_CODE: code,
    });
    expect((await errorOf(replayed)).name).toBe('ExpiredCodeException');
  });

  it('sets up an e-mail address on the way in', async () => {
    const strict = await aMfaPool(
      'ON',
      { EmailMfaConfiguration: {} },
      { UsernameAttributes: ['phone_number'] },
    );
    const phone = aPhone();
    const who = { UserPoolId: strict.poolId, Username: phone };
    await cognito.client.send(new AdminCreateUserCommand({ ...who, MessageAction: 'SUPPRESS' }));
    await cognito.client.send(
      new AdminSetUserPasswordCommand({ ...who, Password: password, Permanent: true }),
    );
    const setup = await knock(phone, strict);
    expect(setup.ChallengeParameters?.MFAS_CAN_SETUP).toBe('["EMAIL_OTP"]');
    const email = anEmail();
    const challenge = await respond(cognito, strict, 'MFA_SETUP', setup.Session, {
      USERNAME: phone,
      EMAIL: email,
    });
    expect(challenge.ChallengeName).toBe('EMAIL_OTP');
    const { AuthenticationResult } = await respond(cognito, strict, 'EMAIL_OTP', challenge.Session, {
      USERNAME: phone,
      EMAIL_OTP_CODE: mailedCode(cognito, email),
    });
    expect(claimsOf(AuthenticationResult?.IdToken ?? '')).toMatchObject({ email, email_verified: true });
  });

  it('goes on after a restart', async () => {
    const strict = await aMfaPool('OPTIONAL');
    const { email } = await aReachableUser(cognito, strict);
    const app = await withApp(cognito, strict, email);
    const { Session } = await knock(email, strict);
    const restarted = await startCognito(cognito.store);
    const { AuthenticationResult } = await respond(restarted, strict, 'SOFTWARE_TOKEN_MFA', Session, {
      USERNAME: email,
      SOFTWARE_TOKEN_MFA_CODE: app.code(),
    });
    expect(AuthenticationResult).toBeDefined();
    await restarted.close();
  });

  it('takes an address that is there', async () => {
    const strict = await aMfaPool('ON', { SmsMfaConfiguration: {} });
    const { email } = await aReachableUser(cognito, strict);
    expect((await knock(email, strict)).ChallengeName).toBe('SMS_MFA');
  });

  it('needs a method', async () => {
    expect((await errorOf(aMfaPool('ON', {}))).name).toBe('InvalidParameterException');
  });

  it('is described as it was set', async () => {
    const strict = await aMfaPool('ON', {
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Code {####}' },
      EmailMfaConfiguration: { Subject: 'Your code', Message: 'It is {####}' },
    });
    expect(
      await cognito.client.send(new GetUserPoolMfaConfigCommand({ UserPoolId: strict.poolId })),
    ).toMatchObject({
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: false },
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Code {####}', SmsConfiguration: sms },
      EmailMfaConfiguration: { Subject: 'Your code', Message: 'It is {####}' },
    });
  });
});

describe('inside a custom flow', () => {
  it('follows the password, and Define sees the round', async () => {
    const rounds: unknown[] = [];
    const define = cognito.trigger('define-mfa', (event) => {
      const session = event.request.session as { challengeName: string }[];
      rounds.push(session.map(({ challengeName }) => challengeName));
      const response =
        session.length === 1 ? { challengeName: 'PASSWORD_VERIFIER' } : { issueTokens: session.length === 3 };
      return { ...event, response };
    });
    const idle = cognito.trigger('idle', (event) => event);
    const custom = await aMfaPool('OPTIONAL', every, {
      LambdaConfig: {
        DefineAuthChallenge: define,
        CreateAuthChallenge: idle,
        VerifyAuthChallengeResponse: idle,
      },
    });
    const { email } = await aReachableUser(cognito, custom);
    const app = await withApp(cognito, custom, email);
    const client = srpClient(custom.poolId);
    const begun = await initiate(cognito, custom, 'CUSTOM_AUTH', {
      USERNAME: email,
      CHALLENGE_NAME: 'SRP_A',
      SRP_A: client.publicValue,
    });
    const proof = client.answer(begun.ChallengeParameters ?? {}, password);
    const challenge = await respond(cognito, custom, 'PASSWORD_VERIFIER', begun.Session, proof);
    expect(challenge.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const { AuthenticationResult } = await respond(cognito, custom, 'SOFTWARE_TOKEN_MFA', challenge.Session, {
      USERNAME: email,
      SOFTWARE_TOKEN_MFA_CODE: app.code(),
    });
    expect(AuthenticationResult).toBeDefined();
    expect(rounds).toEqual([['SRP_A'], ['SRP_A', 'PASSWORD_VERIFIER', 'SOFTWARE_TOKEN_MFA']]);
  });
});
