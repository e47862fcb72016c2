import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CognitoClient } from '../../../lambdas/adapters/cognito/client.ts';
import { cognitoDirectory } from '../../../lambdas/adapters/cognito-directory.ts';
import type { Identifier } from '../../../lambdas/core/identifier.ts';

const ada = 'ada@harbour.example' as Identifier;

/** A client that answers every command with one outcome and keeps what it was sent. */
function aDirectory(outcome: object) {
  const sent: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    sent.push({ name: command.constructor.name, input: command.input });
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const directory = cognitoDirectory({
    cognito: { send } as unknown as CognitoClient,
    clientId: 'server',
    clientSecret: async () => 'secret',
  });
  return { directory, sent };
}
const failing = (name: string, message = 'text of Cognito') => Object.assign(new Error(message), { name });
const person = { identifier: ada, password: 'p', locale: 'de', context: 'signed' };
const codeOf = (promise: Promise<unknown>) =>
  promise.catch((error: { code?: string; name: string }) => error.code ?? error.name);

describe('the user pool as our directory', () => {
  it('proves the confidential client on every call and hands the context to our trigger', async () => {
    const { directory, sent } = aDirectory({ UserSub: 'sub' });
    expect(await directory.signUp(person)).toEqual({ kind: 'created', sub: 'sub' });
    await directory.confirmSignUp(ada, '123456', 'signed');
    await directory.resendConfirmation(ada, 'de');
    await directory.requestPasswordReset(ada, 'de');
    await directory.confirmPasswordReset(ada, '123456', 'p', 'signed');
    const hash = createHmac('sha256', 'secret').update(`${ada}server`).digest('base64');
    expect(sent.map(({ input }) => [input.Username, input.ClientId, input.SecretHash])).toEqual(
      Array(5).fill([ada, 'server', hash]),
    );
    expect(sent[0]?.input).toMatchObject({
      UserAttributes: [
        { Name: 'email', Value: ada },
        { Name: 'locale', Value: 'de' },
      ],
      ClientMetadata: { vestibule_context: 'signed', locale: 'de' },
    });
  });

  it.each([
    'CodeMismatchException',
    'ExpiredCodeException',
    'UserNotFoundException',
    'NotAuthorizedException',
    'InvalidParameterException',
    'LimitExceededException',
    'TooManyFailedAttemptsException',
    'AliasExistsException',
  ])('%s is one and the same rejection of a code', async (name) => {
    const { directory } = aDirectory(failing(name));
    expect(await directory.confirmSignUp(ada, '1', 'c')).toBe(false);
    expect(await directory.confirmPasswordReset(ada, '1', 'p', 'c')).toBe('code-rejected');
  });

  it.each([
    'UserNotFoundException',
    'InvalidParameterException',
    'LimitExceededException',
    'CodeDeliveryFailureException',
  ])('%s does not show when a code is asked for', async (name) =>
    expect(await aDirectory(failing(name)).directory.requestPasswordReset(ada, 'en')).toBeUndefined(),
  );

  it('knows an account that waits for its code from one that does not', async () => {
    expect(await aDirectory({}).directory.resendConfirmation(ada, 'en')).toBe(true);
    expect(await aDirectory(failing('LimitExceededException')).directory.resendConfirmation(ada, 'en')).toBe(
      true,
    );
    expect(
      await aDirectory(failing('InvalidParameterException')).directory.resendConfirmation(ada, 'en'),
    ).toBe(false);
  });

  it.each([
    ['UsernameExistsException', 'x', { kind: 'taken' }],
    [
      'UserLambdaValidationException',
      'PreSignUp failed with error CONTEXT_REQUIRED.',
      { kind: 'refused', code: 'CONTEXT_REQUIRED' },
    ],
    [
      'UserLambdaValidationException',
      'PreSignUp failed with error UNAVAILABLE.',
      { kind: 'unavailable', cause: expect.any(Error) },
    ],
    [
      'UnexpectedLambdaException',
      'PreSignUp invocation failed due to error TooManyRequests.',
      { kind: 'unavailable', cause: expect.any(Error) },
    ],
    ['UserLambdaValidationException', 'CustomMessage failed with error boom.', { kind: 'unsent' }],
    ['CodeDeliveryFailureException', 'x', { kind: 'unsent' }],
  ])('%s (%s) at a sign-up', async (name, message, outcome) =>
    expect(await aDirectory(failing(name, message)).directory.signUp(person)).toEqual(outcome),
  );

  it.each(['UserLambdaValidationException', 'CodeDeliveryFailureException', 'UserNotConfirmedException'])(
    'keeps quiet about a reset that failed with %s, which only an account can cause',
    async (name) => {
      const { directory } = aDirectory(failing(name));
      await expect(directory.requestPasswordReset(ada, 'en')).resolves.toBeUndefined();
    },
  );

  it('says of an account that was never confirmed what it says of a wrong code', async () => {
    const { directory } = aDirectory(failing('UserNotConfirmedException'));
    expect(await directory.confirmPasswordReset(ada, '1', 'p', 'c')).toBe('code-rejected');
  });

  it('tells a refused password, a passing fault and a fault of ours apart', async () => {
    expect(await codeOf(aDirectory(failing('InvalidPasswordException')).directory.signUp(person))).toBe(
      'PASSWORD_REFUSED',
    );
    const reused = aDirectory(failing('PasswordHistoryPolicyViolationException')).directory;
    expect(await reused.confirmPasswordReset(ada, '1', 'p', 'c')).toBe('password-refused');
    for (const name of [
      'TooManyRequestsException',
      'InternalErrorException',
      'UnexpectedLambdaException',
      'TimeoutError',
    ]) {
      expect(await codeOf(aDirectory(failing(name)).directory.confirmSignUp(ada, '1', 'c'))).toBe(
        'UNAVAILABLE',
      );
    }
    expect(
      await codeOf(aDirectory(failing('ResourceNotFoundException')).directory.confirmSignUp(ada, '1', 'c')),
    ).toBe('ResourceNotFoundException');
  });
});
