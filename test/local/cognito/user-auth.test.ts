import {
  AdminCreateUserCommand,
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  GetUserAuthFactorsCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import {
  aClient,
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
  aPasswordlessPool,
  aReachableUser,
  configureMfa,
  initiate,
  page,
  prefer,
  respond,
  withPasskey,
} from './factors.ts';
import { startCognito, type TestCognito } from './harness.ts';
import { srpClient } from './srp-client.ts';

let cognito: TestCognito;
let pool: TestPool;
let user: Awaited<ReturnType<typeof aReachableUser>>;

beforeAll(async () => {
  cognito = await startCognito();
  pool = await aPasswordlessPool(cognito);
  user = await aReachableUser(cognito, pool);
});
afterAll(() => cognito.close());

const start = (parameters: Record<string, string>, from = pool) =>
  initiate(cognito, from, 'USER_AUTH', parameters);
const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

describe('choosing the first factor', () => {
  it('lists what the user has, and takes a choice with its parameter', async () => {
    const challenge = await start({ USERNAME: user.email });
    expect(challenge).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP'],
    });
    const { AuthenticationResult: tokens } = await respond(
      cognito,
      pool,
      'SELECT_CHALLENGE',
      challenge.Session,
      {
        USERNAME: user.email,
        ANSWER: 'PASSWORD',
        PASSWORD: password,
      },
    );
    expect(claimsOf(tokens?.AccessToken ?? '')).toMatchObject({ sub: user.sub, token_use: 'access' });
  });

  it('goes straight to the preferred one, and asks for the choice when it is not available', async () => {
    expect((await start({ USERNAME: user.email, PREFERRED_CHALLENGE: 'PASSWORD' })).ChallengeName).toBe(
      'PASSWORD',
    );
    expect((await start({ USERNAME: user.email, PREFERRED_CHALLENGE: 'WEB_AUTHN' })).ChallengeName).toBe(
      'SELECT_CHALLENGE',
    );
    const direct = await start({ USERNAME: user.email, PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password });
    expect(direct.AuthenticationResult?.AccessToken).toBeDefined();
    const invented = start({ USERNAME: user.email, PREFERRED_CHALLENGE: 'TAROT' });
    expect((await errorOf(invented)).name).toBe('InvalidParameterException');
  });

  it('takes no choice that was not offered', async () => {
    const { Session } = await start({ USERNAME: user.email });
    const chosen = respond(cognito, pool, 'SELECT_CHALLENGE', Session, {
      USERNAME: user.email,
      ANSWER: 'WEB_AUTHN',
    });
    expect((await errorOf(chosen)).name).toBe('InvalidParameterException');
  });

  it('needs the flow in the client and the plan in the pool', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, {});
    const elsewhere = start({ USERNAME: user.email }, { ...pool, clientId });
    expect(await errorOf(elsewhere)).toEqual({
      name: 'InvalidParameterException',
      message: 'USER_AUTH flow not enabled for this client',
    });
    const lite = aPool(cognito, { UserPoolTier: 'LITE' }, { ExplicitAuthFlows: [...allFlows] });
    expect((await errorOf(lite)).name).toBe('FeatureUnavailableInTierException');
    const codes = aPool(cognito, {
      UserPoolTier: 'LITE',
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    });
    expect((await errorOf(codes)).name).toBe('FeatureUnavailableInTierException');
    const lowered = await aPool(cognito, {}, { ExplicitAuthFlows: [...allFlows] });
    await cognito.client.send(
      new UpdateUserPoolCommand({ UserPoolId: lowered.poolId, UserPoolTier: 'LITE' }),
    );
    expect((await errorOf(start({ USERNAME: 'x' }, lowered))).name).toBe('FeatureUnavailableInTierException');
  });

  it('answers a session for its own challenge only, once, and while it lasts', async () => {
    const { Session } = await start({ USERNAME: user.email, PREFERRED_CHALLENGE: 'PASSWORD' });
    const answer = (name: 'PASSWORD' | 'EMAIL_OTP') =>
      respond(cognito, pool, name, Session, {
        USERNAME: user.email,
        PASSWORD: 'Wrong-horse-7',
        EMAIL_OTP_CODE: '1',
      });
    const unusable = { name: 'NotAuthorizedException', message: 'Invalid session for the user.' };
    expect(await errorOf(answer('EMAIL_OTP'))).toEqual(unusable);
    expect(await errorOf(answer('PASSWORD'))).toEqual(wrong);
    expect(await errorOf(answer('PASSWORD'))).toEqual(unusable);
  });

  it('proves a password by SRP', async () => {
    const client = srpClient(pool.poolId);
    const challenge = await start({
      USERNAME: user.email,
      PREFERRED_CHALLENGE: 'PASSWORD_SRP',
      SRP_A: client.publicValue,
    });
    expect(challenge.ChallengeName).toBe('PASSWORD_VERIFIER');
    const { AuthenticationResult } = await respond(
      cognito,
      pool,
      'PASSWORD_VERIFIER',
      challenge.Session,
      client.answer(challenge.ChallengeParameters ?? {}, password),
    );
    expect(AuthenticationResult?.IdToken).toBeDefined();
  });
});

describe('one-time codes', () => {
  it.each([
    { name: 'EMAIL_OTP', medium: 'EMAIL', read: () => mailedCode(cognito, user.email) },
    { name: 'SMS_OTP', medium: 'SMS', read: () => textedCode(cognito, user.phone) },
  ] as const)(
    '$name signs in with eight digits, which may be corrected and work once',
    async ({ name, medium, read }) => {
      const challenge = await start({ USERNAME: user.email, PREFERRED_CHALLENGE: name });
      expect(challenge).toMatchObject({
        ChallengeName: name,
        ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: medium },
      });
      const code = read();
      expect(code).toMatch(/^\d{8}$/);
      const answer = (given: string) =>
        respond(cognito, pool, name, challenge.Session, { USERNAME: user.email, [`${name}_CODE`]: given });
      expect(await errorOf(answer('00000000'))).toEqual({
        name: 'CodeMismatchException',
        message: 'Invalid code or auth state for the user.',
      });
      const parallel = await Promise.allSettled([answer(code), answer(code)]);
      expect(parallel.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await errorOf(answer(code))).name).toBe('NotAuthorizedException');
    },
  );

  it('end with the session', async () => {
    const own = await startCognito();
    const elsewhere = await aPasswordlessPool(own);
    const { email } = await aReachableUser(own, elsewhere);
    const { Session } = await initiate(own, elsewhere, 'USER_AUTH', {
      USERNAME: email,
      PREFERRED_CHALLENGE: 'EMAIL_OTP',
    });
    own.clock.advance(3 * 60_000);
    const late = respond(own, elsewhere, 'EMAIL_OTP', Session, {
      USERNAME: email,
      EMAIL_OTP_CODE: mailedCode(own, email),
    });
    expect((await errorOf(late)).message).toBe('Invalid session for the user, session is expired.');
    await own.close();
  });

  it('lock after five wrong ones, also the right one', async () => {
    const other = await aReachableUser(cognito, pool);
    const { Session } = await start({ USERNAME: other.email, PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    const answer = (code: string) =>
      respond(cognito, pool, 'EMAIL_OTP', Session, { USERNAME: other.email, EMAIL_OTP_CODE: code });
    for (let attempt = 0; attempt < 5; attempt++) {
      expect((await errorOf(answer('00000000'))).name).toBe('CodeMismatchException');
    }
    const right = () => answer(mailedCode(cognito, other.email));
    expect(await errorOf(right())).toEqual({
      name: 'NotAuthorizedException',
      message: 'Password attempts exceeded',
    });
    cognito.clock.advance(1_000);
    expect((await right()).AuthenticationResult).toBeDefined();
  });

  it('are worded by the trigger, told what they are for', async () => {
    const worded = await aPasswordlessPool(cognito, {
      LambdaConfig: {
        CustomMessage: cognito.trigger('worded', (event) => ({
          ...event,
          response: { emailSubject: 'Ihr Code', emailMessage: 'Code: {####}', smsMessage: 'SMS {####}' },
        })),
      },
    });
    const other = await aReachableUser(cognito, worded);
    await start({ USERNAME: other.email, PREFERRED_CHALLENGE: 'EMAIL_OTP' }, worded);
    await start({ USERNAME: other.email, PREFERRED_CHALLENGE: 'SMS_OTP' }, worded);
    expect(cognito.mails.at(-1)).toMatchObject({
      subject: 'Ihr Code',
      to: other.email,
      kind: 'sign-in-code',
    });
    expect(cognito.texts.at(-1)?.text).toMatch(/^SMS \d{8}$/);
    expect(cognito.events.at(-1)?.event.triggerSource).toBe('CustomMessage_Authentication');
  });
});

describe('someone who does not exist', () => {
  it('is offered something plausible, the same every time, and gets in by none of it', async () => {
    const name = anEmail();
    const [first, second] = [await start({ USERNAME: name }), await start({ USERNAME: name })];
    expect(first.ChallengeName).toBe('SELECT_CHALLENGE');
    expect(first.AvailableChallenges).toContain('PASSWORD');
    expect(second.AvailableChallenges).toEqual(first.AvailableChallenges);
    const byPassword = start({ USERNAME: name, PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password });
    expect(await errorOf(byPassword)).toEqual(wrong);
  });

  it('gets the same questions as others for each factor', async () => {
    const offered = async (factor: string) => {
      for (;;) {
        const name = anEmail();
        const answer = await start({ USERNAME: name, PREFERRED_CHALLENGE: factor });
        if (answer.ChallengeName === factor) return { name, answer };
      }
    };
    const mailsBefore = cognito.mails.length;
    const { name, answer } = await offered('EMAIL_OTP');
    expect(answer.ChallengeParameters?.CODE_DELIVERY_DESTINATION).toBe(`${name.charAt(0)}***@e***`);
    expect(cognito.mails).toHaveLength(mailsBefore);
    const guess = respond(cognito, pool, 'EMAIL_OTP', answer.Session, {
      USERNAME: name,
      EMAIL_OTP_CODE: '12345678',
    });
    expect((await errorOf(guess)).name).toBe('CodeMismatchException');
    const passkey = await offered('WEB_AUTHN');
    const options = JSON.parse(passkey.answer.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '{}');
    expect(options.allowCredentials).toHaveLength(1);
  });

  it('is named where the client does not hide it', async () => {
    const { clientId } = await aClient(cognito, pool.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_AUTH'],
      PreventUserExistenceErrors: 'LEGACY',
    });
    const asked = start({ USERNAME: anEmail() }, { ...pool, clientId });
    expect((await errorOf(asked)).name).toBe('UserNotFoundException');
  });
});

describe('sign-up without a password', () => {
  const signUp = (email: string, from = pool) =>
    cognito.anonymous.send(new SignUpCommand({ ClientId: from.clientId, Username: email }));

  it('goes on as a sign-in, once', async () => {
    const email = anEmail();
    const { Session, UserSub } = await signUp(email);
    const confirmed = await cognito.anonymous.send(
      new ConfirmSignUpCommand({
        ClientId: pool.clientId,
        Username: email,
        ConfirmationCode: mailedCode(cognito, email),
        Session,
      }),
    );
    const enter = () => initiate(cognito, pool, 'USER_AUTH', { USERNAME: email }, confirmed.Session);
    const { AuthenticationResult } = await enter();
    expect(claimsOf(AuthenticationResult?.AccessToken ?? '').sub).toBe(UserSub);
    expect((await errorOf(enter())).message).toBe('Invalid session for the user.');
    const later = await start({ USERNAME: email });
    expect(later.AvailableChallenges).toEqual(['EMAIL_OTP']);
  });

  it('is no sign-in before the confirmation, nor with somebody else’s session', async () => {
    const [email, other] = [anEmail(), anEmail()];
    const { Session } = await signUp(email);
    await signUp(other);
    expect((await errorOf(initiate(cognito, pool, 'USER_AUTH', { USERNAME: email }, Session))).name).toBe(
      'NotAuthorizedException',
    );
    const borrowed = cognito.anonymous.send(
      new ConfirmSignUpCommand({
        ClientId: pool.clientId,
        Username: other,
        ConfirmationCode: mailedCode(cognito, other),
        Session,
      }),
    );
    expect((await errorOf(borrowed)).name).toBe('NotAuthorizedException');
  });

  it('needs a pool that sends codes', async () => {
    const withPasswords = await aPool(cognito);
    const attempt = signUp(anEmail(), withPasswords);
    expect((await errorOf(attempt)).name).toBe('InvalidParameterException');
  });

  it('is possible for administrators too', async () => {
    const email = anEmail();
    await cognito.client.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.poolId,
        Username: email,
        UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
      }),
    );
    const created = await cognito.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: email }),
    );
    expect(created.UserStatus).toBe('CONFIRMED');
    expect((await start({ USERNAME: email })).AvailableChallenges).toEqual(['EMAIL_OTP']);
  });
});

describe('first factor and MFA', () => {
  const factorsOf = async (email: string, from: TestPool) =>
    (await start({ USERNAME: email }, from)).AvailableChallenges;

  it('leaves passwords only to who has a second factor, and passkeys that count as both', async () => {
    const optional = await aPasswordlessPool(cognito);
    const { email } = await aReachableUser(cognito, optional);
    await withPasskey(cognito, optional, email, new SoftwareAuthenticator({ origin: page }));
    const mfa = (FactorConfiguration: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION') =>
      configureMfa(cognito, optional, {
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: {},
        WebAuthnConfiguration: { RelyingPartyId: 'localhost', FactorConfiguration },
      });
    await mfa('SINGLE_FACTOR');
    const all = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'];
    expect(await factorsOf(email, optional)).toEqual(all);
    await prefer(cognito, optional, email, { SMSMfaSettings: { Enabled: true } });
    expect(await factorsOf(email, optional)).toEqual(['PASSWORD', 'PASSWORD_SRP']);
    const refused = prefer(cognito, optional, email, { WebAuthnMfaSettings: { Enabled: true } });
    expect((await errorOf(refused)).name).toBe('InvalidParameterException');
    await mfa('MULTI_FACTOR_WITH_USER_VERIFICATION');
    await prefer(cognito, optional, email, { WebAuthnMfaSettings: { Enabled: true } });
    expect(await factorsOf(email, optional)).toEqual(['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN']);
  });

  it('takes no codes as first factor while MFA is required', async () => {
    const strict = await aPasswordlessPool(cognito);
    const required = configureMfa(cognito, strict, { MfaConfiguration: 'ON', SmsMfaConfiguration: {} });
    expect((await errorOf(required)).name).toBe('InvalidParameterException');
  });

  it('shows what a user can sign in with', async () => {
    const { accessToken } = await signIn(cognito, pool, user.email);
    const expected = { Username: user.sub, ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] };
    expect(
      await cognito.anonymous.send(new GetUserAuthFactorsCommand({ AccessToken: accessToken })),
    ).toMatchObject(expected);
    expect(
      await cognito.client.send(
        new AdminGetUserAuthFactorsCommand({ UserPoolId: pool.poolId, Username: user.email }),
      ),
    ).toMatchObject(expected);
  });
});
