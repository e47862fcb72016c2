import { randomInt } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CompleteWebAuthnRegistrationCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  StartWebAuthnRegistrationCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import * as OTPAuth from 'otpauth';
import type { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { anEmail, aPool, password, signIn, type TestPool } from './builders.ts';
import type { TestCognito } from './harness.ts';

export const sms = { SnsCallerArn: 'arn:aws:iam::111122223333:role/sms', ExternalId: 'local' };
export const relyingPartyId = 'localhost';
export const page = 'http://localhost:4400';

export const allFlows = [
  'ALLOW_USER_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
] as const;

/** A pool with every first factor, and passkeys of this machine. */
export async function aPasswordlessPool(
  cognito: TestCognito,
  pool: Parameters<typeof aPool>[1] = {},
  client: Parameters<typeof aPool>[2] = {},
): Promise<TestPool> {
  const made = await aPool(
    cognito,
    {
      SmsConfiguration: sms,
      Policies: {
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] },
      },
      ...pool,
    },
    { ExplicitAuthFlows: [...allFlows], ...client },
  );
  await configureMfa(cognito, made, { WebAuthnConfiguration: { RelyingPartyId: relyingPartyId } });
  return made;
}

export const configureMfa = (
  cognito: TestCognito,
  { poolId }: TestPool,
  config: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
) => cognito.client.send(new SetUserPoolMfaConfigCommand({ UserPoolId: poolId, ...config }));

export const aPhone = (): string => `+4915${String(randomInt(1_000_000_000)).padStart(9, '0')}`;

/** A confirmed user with a password and both addresses verified. */
export async function aReachableUser(cognito: TestCognito, { poolId }: TestPool) {
  const [email, phone] = [anEmail(), aPhone()];
  const { User } = await cognito.client.send(
    new AdminCreateUserCommand({
      UserPoolId: poolId,
      Username: email,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: password,
      UserAttributes: [
        { Name: 'email_verified', Value: 'true' },
        { Name: 'phone_number', Value: phone },
        { Name: 'phone_number_verified', Value: 'true' },
      ],
    }),
  );
  await cognito.client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: poolId,
      Username: email,
      Password: password,
      Permanent: true,
    }),
  );
  return { email, phone, sub: User?.Username ?? '' };
}

export const initiate = (
  cognito: TestCognito,
  { clientId }: TestPool,
  flow: 'USER_AUTH' | 'USER_PASSWORD_AUTH' | 'USER_SRP_AUTH' | 'CUSTOM_AUTH',
  parameters: Record<string, string>,
  session?: string,
) =>
  cognito.anonymous.send(
    new InitiateAuthCommand({
      AuthFlow: flow,
      ClientId: clientId,
      AuthParameters: parameters,
      ...(session ? { Session: session } : {}),
    }),
  );

export const respond = (
  cognito: TestCognito,
  { clientId }: TestPool,
  name: ConstructorParameters<typeof RespondToAuthChallengeCommand>[0]['ChallengeName'],
  session: string | undefined,
  responses: Record<string, string>,
) =>
  cognito.anonymous.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: name,
      Session: session,
      ChallengeResponses: responses,
    }),
  );

/** An authenticator app of the user: its codes follow the machine's clock, moved by `steps`. */
export interface App {
  code(steps?: number): string;
}

export const appOf = (secret: string): App => {
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) });
  return { code: (steps = 0) => totp.generate({ timestamp: Date.now() + steps * 30_000 }) };
};

/** Sets up an authenticator app and makes it the preferred second factor. The code of the step before is spent. */
export async function withApp(cognito: TestCognito, pool: TestPool, email: string): Promise<App> {
  const { accessToken } = await signIn(cognito, pool, email);
  const { SecretCode } = await cognito.anonymous.send(
    new AssociateSoftwareTokenCommand({ AccessToken: accessToken }),
  );
  const app = appOf(SecretCode ?? '');
  await cognito.anonymous.send(
    new VerifySoftwareTokenCommand({
      AccessToken: accessToken,
      UserCode: app.code(-1),
      FriendlyDeviceName: 'phone',
    }),
  );
  await cognito.anonymous.send(
    new SetUserMFAPreferenceCommand({
      AccessToken: accessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    }),
  );
  return app;
}

export const prefer = (
  cognito: TestCognito,
  { poolId }: TestPool,
  email: string,
  settings: Omit<
    ConstructorParameters<typeof AdminSetUserMFAPreferenceCommand>[0],
    'UserPoolId' | 'Username'
  >,
) =>
  cognito.client.send(
    new AdminSetUserMFAPreferenceCommand({ UserPoolId: poolId, Username: email, ...settings }),
  );

export const startRegistration = async (cognito: TestCognito, accessToken: string) => {
  const answer = await cognito.anonymous.send(
    new StartWebAuthnRegistrationCommand({ AccessToken: accessToken }),
  );
  return answer.CredentialCreationOptions as unknown as Parameters<SoftwareAuthenticator['create']>[0];
};

export const completeRegistration = (cognito: TestCognito, accessToken: string, credential: object) =>
  cognito.anonymous.send(
    new CompleteWebAuthnRegistrationCommand({ AccessToken: accessToken, Credential: credential as never }),
  );

export async function withPasskey(
  cognito: TestCognito,
  pool: TestPool,
  email: string,
  authenticator: SoftwareAuthenticator,
): Promise<void> {
  const { accessToken } = await signIn(cognito, pool, email);
  const options = await startRegistration(cognito, accessToken);
  await completeRegistration(cognito, accessToken, authenticator.create(options));
}
