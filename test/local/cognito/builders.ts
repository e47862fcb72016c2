import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { TestCognito } from './harness.ts';

export const password = 'Correct-horse-7';

export interface TestPool {
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** A pool as our template makes it: e-mail sign-in, case-insensitive, verified by code. */
export async function aPool(
  cognito: TestCognito,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<TestPool> {
  const { UserPool } = await cognito.client.send(
    new CreateUserPoolCommand({
      PoolName: 'customers',
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email'],
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        From: 'hello@example.com',
        SourceArn: 'arn:aws:ses:eu-west-1:111122223333:identity/example.com',
      },
      ...pool,
    }),
  );
  const poolId = UserPool?.Id ?? '';
  return { poolId, ...(await aClient(cognito, poolId, client)) };
}

export async function aClient(
  cognito: TestCognito,
  poolId: string,
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Omit<TestPool, 'poolId'>> {
  const { UserPoolClient } = await cognito.client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'web',
      ExplicitAuthFlows: [
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_CUSTOM_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      PreventUserExistenceErrors: 'ENABLED',
      ...client,
    }),
  );
  return { clientId: UserPoolClient?.ClientId ?? '', clientSecret: UserPoolClient?.ClientSecret };
}

export const anEmail = (): string => `person-${randomUUID().slice(0, 8)}@example.com`;

/** A confirmed user with a verified address. @returns the sub */
export async function aUser(cognito: TestCognito, { poolId }: TestPool, email: string): Promise<string> {
  const { User } = await cognito.client.send(
    new AdminCreateUserCommand({
      UserPoolId: poolId,
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
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
  return User?.Username ?? '';
}

export async function signIn(cognito: TestCognito, { clientId }: TestPool, email: string, secret = password) {
  const answer = await cognito.anonymous.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: email, PASSWORD: secret },
    }),
  );
  return {
    accessToken: answer.AuthenticationResult?.AccessToken ?? '',
    idToken: answer.AuthenticationResult?.IdToken ?? '',
    refreshToken: answer.AuthenticationResult?.RefreshToken ?? '',
  };
}

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

/** The code in the newest mail to this address. */
export function mailedCode(cognito: TestCognito, to: string): string {
  const mail = cognito.mails.findLast((candidate) => candidate.to === to);
  const [code] = /\b\d{6,8}\b/.exec(mail?.html ?? '') ?? [];
  if (!code) throw new Error(`no code was mailed to ${to}`);
  return code;
}

/** The code in the newest SMS to this number. */
export function textedCode(cognito: TestCognito, to: string): string {
  const [code] = /\b\d{6,8}\b/.exec(cognito.texts.findLast((sms) => sms.to === to)?.text ?? '') ?? [];
  if (!code) throw new Error(`no code was texted to ${to}`);
  return code;
}

/** Name and message of the error a call ends with, as an application sees it. */
export const errorOf = async (call: Promise<unknown>): Promise<{ name: string; message: string }> =>
  call.then(
    () => ({ name: 'none', message: 'the call succeeded' }),
    (error: Error) => ({ name: error.name, message: error.message }),
  );
