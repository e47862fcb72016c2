import {
  type AwsJsonOptions,
  type AwsJsonService,
  awsJsonClient,
  environmentOptions,
} from '../aws-json/client.ts';
import type { CognitoCommand } from './commands.ts';

/** What adapters use of a user pool. */
export interface CognitoClient {
  /** @throws AwsRefusal for what Cognito refuses; NoAnswer when it cannot be reached in time */
  send<Input extends object, Output>(command: CognitoCommand<Input, Output>): Promise<Output>;
}

/** Operations for anybody: they prove the app client by its secret, and a signature would only cost time. */
const publicOperations = [
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'ForgotPassword',
  'GetTokensFromRefreshToken',
  'InitiateAuth',
  'ResendConfirmationCode',
  'RespondToAuthChallenge',
  'RevokeToken',
  'SignUp',
] as const;

export const cognito: AwsJsonService = {
  name: 'cognito-idp',
  environmentId: 'COGNITO_IDENTITY_PROVIDER',
  target: 'AWSCognitoIdentityProviderService',
  version: '1.1',
  unsigned: publicOperations,
  // The API reference promises an empty body for most of them.
  silent: [
    'AdminDisableProviderForUser',
    'AdminLinkProviderForUser',
    'ConfirmForgotPassword',
    'ConfirmSignUp',
    'RevokeToken',
  ],
};

/** Four triggers of up to 5 s may run inside one call. */
const limits = { attempts: 2, connectTimeoutMs: 500, requestTimeoutMs: 20_000 } as const;

/**
 * The user pool for the functions on the way of a sign-in, without the AWS SDK, whose client of this service alone takes half
 * of the Identity API's initialisation (docs/performance.md).
 */
export const cognitoClient = (): CognitoClient => leanCognitoClient(environmentOptions(cognito));

export function leanCognitoClient(options: AwsJsonOptions): CognitoClient {
  const client = awsJsonClient(cognito, { ...limits, ...options });
  return {
    send: async (command) =>
      (await client.call(command.operation, command.input)) as (typeof command)['answer'],
  };
}
