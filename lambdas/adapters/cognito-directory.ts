import { createHmac } from 'node:crypto';
import { brandMetadataKey } from '../core/brand.ts';
import { CiamError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { Directory } from '../core/registration/ports.ts';
import { contextMetadataKey } from '../core/risk/context.ts';
import type { CognitoClient } from './cognito/client.ts';
import {
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from './cognito/commands.ts';

export interface DirectoryClient {
  readonly cognito: CognitoClient;
  readonly clientId: string;
  /** Secret of the confidential client; read at the first use. */
  readonly clientSecret: () => Promise<string>;
}

/** HMAC over user name and client id, as Cognito wants it of a client with a secret. */
export const secretHash = (secret: string, userName: string, clientId: string): string =>
  createHmac('sha256', secret).update(`${userName}${clientId}`).digest('base64');

const named = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Wrong, used, expired, too often, no such account, nothing to confirm: one and the same to everybody outside. */
const codeRefusals = [
  'CodeMismatchException',
  'ExpiredCodeException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'NotAuthorizedException',
  'InvalidParameterException',
  'LimitExceededException',
  'TooManyFailedAttemptsException',
  'AliasExistsException',
] as const;

/** Faults on the way to a mail, which only an account has: the function's own alarm tells the operator. */
const mailFaults = [
  'CodeDeliveryFailureException',
  'UserLambdaValidationException',
  'UnexpectedLambdaException',
  'InvalidLambdaResponseException',
  'InvalidEmailRoleAccessPolicyException',
] as const;

/** Whether a mail was sent is nobody's business but the owner's. */
const quietRefusals = [
  'UserNotFoundException',
  'UserNotConfirmedException',
  'NotAuthorizedException',
  'InvalidParameterException',
  'LimitExceededException',
  ...mailFaults,
] as const;

/** The user pool through the public operations of the confidential client: no AWS permission is needed or used. */
export function cognitoDirectory({ cognito, clientId, clientSecret }: DirectoryClient): Directory {
  const base = async (userName: string) => ({
    ClientId: clientId,
    Username: userName,
    SecretHash: secretHash(await clientSecret(), userName, clientId),
  });
  return {
    signUp: async ({ identifier, password, locale, brand, context }) => {
      const command = new SignUpCommand({
        ...(await base(identifier)),
        Password: password,
        UserAttributes: [
          { Name: 'email', Value: identifier },
          { Name: 'locale', Value: locale },
        ],
        ClientMetadata: { [contextMetadataKey]: context, ...wordsOf(locale, brand) },
      });
      return cognito.send(command).then(({ UserSub }) => created(UserSub), signUpRefused);
    },
    confirmSignUp: async (identifier, code, context) => {
      const command = new ConfirmSignUpCommand({
        ...(await base(identifier)),
        ConfirmationCode: code,
        ClientMetadata: { [contextMetadataKey]: context },
      });
      return cognito.send(command).then(() => true, falseWhen(codeRefusals));
    },
    resendConfirmation: async (identifier, locale, brand) => {
      const command = new ResendConfirmationCodeCommand({
        ...(await base(identifier)),
        ClientMetadata: wordsOf(locale, brand),
      });
      return cognito.send(command).then(
        () => true,
        // The limit belongs to an account that is still waiting for its code.
        (error: unknown) =>
          named(error, 'LimitExceededException', ...mailFaults) || falseWhen(quietRefusals)(error),
      );
    },
    requestPasswordReset: async (identifier, locale, brand) => {
      const command = new ForgotPasswordCommand({
        ...(await base(identifier)),
        ClientMetadata: wordsOf(locale, brand),
      });
      await cognito.send(command).catch(falseWhen(quietRefusals));
    },
    confirmPasswordReset: async (identifier, code, password, context) => {
      const command = new ConfirmForgotPasswordCommand({
        ...(await base(identifier)),
        ConfirmationCode: code,
        Password: password,
        ClientMetadata: { [contextMetadataKey]: context },
      });
      return cognito.send(command).then(
        () => 'reset' as const,
        (error: unknown) => {
          if (named(error, 'InvalidPasswordException', 'PasswordHistoryPolicyViolationException')) {
            return 'password-refused' as const;
          }
          falseWhen(codeRefusals)(error);
          return 'code-rejected' as const;
        },
      );
    },
  };
}

/** How the CustomMessage trigger is to speak. */
const wordsOf = (locale: string, brand: string | undefined) => ({
  locale,
  ...(brand && { [brandMetadataKey]: brand }),
});

function created(sub: string | undefined) {
  if (!sub) throw new Error('SignUp answered without UserSub');
  return { kind: 'created', sub: sub as Sub } as const;
}

/** Our PreSignUp trigger throws nothing but stable codes; Cognito puts words of its own around them. */
function signUpRefused(error: unknown) {
  if (named(error, 'UsernameExistsException', 'AliasExistsException')) return { kind: 'taken' } as const;
  if (error instanceof Error && named(error, ...mailFaults)) {
    // Behind PreSignUp comes the mail: the account may be there, but an address that is taken never gets this far.
    if (!error.message.startsWith('PreSignUp ')) return { kind: 'unsent' } as const;
    const [code] = error.message.match(/[A-Z]+(?:_[A-Z]+)+/) ?? [];
    // The account of a provider's sign-in: Cognito does not count its address as taken, we do.
    if (code === 'ADDRESS_TAKEN') return { kind: 'taken' } as const;
    return code ? ({ kind: 'refused', code } as const) : ({ kind: 'unavailable', cause: error } as const);
  }
  if (named(error, 'InvalidPasswordException')) {
    throw new CiamError('PASSWORD_REFUSED', 'This password cannot be used.', {
      fields: [{ pointer: '/password', detail: 'is not allowed' }],
      cause: error,
    });
  }
  throw unavailable(error);
}

const falseWhen =
  (names: readonly string[]) =>
  (error: unknown): false => {
    if (named(error, ...names)) return false;
    throw unavailable(error);
  };

/** Throttles and faults say nothing about an account and may be told; everything else stays a fault of ours. */
function unavailable(error: unknown): unknown {
  const passing = [
    'TooManyRequestsException',
    'InternalErrorException',
    'UnexpectedLambdaException',
    'UserLambdaValidationException',
    'ConnectionLost',
    'TimeoutError',
  ];
  if (!named(error, ...passing)) return error;
  return new CiamError('UNAVAILABLE', 'This is not possible right now. Please try again.', {
    retryAfterSeconds: 2,
    cause: error,
  });
}
