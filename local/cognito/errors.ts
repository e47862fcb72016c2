import { AwsError } from '../platform.ts';

/** Exceptions of the service with AWS's names and texts, so that a client that matches on either behaves as in AWS. */
const exception = (name: string) => (message: string) => new AwsError(name, message);

export const invalidParameter = exception('InvalidParameterException');
export const notAuthorized = exception('NotAuthorizedException');
export const resourceNotFound = exception('ResourceNotFoundException');
export const limitExceeded = () =>
  new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
export const userNotFound = () => new AwsError('UserNotFoundException', 'User does not exist.');
export const wrongCredentials = () => notAuthorized('Incorrect username or password.');
export const invalidSession = () => notAuthorized('Invalid session for the user.');
export const userDisabled = () => notAuthorized('User is disabled.');
export const userNotConfirmed = () => new AwsError('UserNotConfirmedException', 'User is not confirmed.');
export const passwordResetRequired = () =>
  new AwsError('PasswordResetRequiredException', 'Password reset required for the user');
export const codeMismatch = () =>
  new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');
export const codeExpired = () =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
/** What a wrong code answers inside a sign-in. */
export const wrongSignInCode = () =>
  new AwsError('CodeMismatchException', 'Invalid code or auth state for the user.');
export const usernameExists = exception('UsernameExistsException');
export const aliasExists = (attribute: string) =>
  new AwsError('AliasExistsException', `An account with the ${attribute} already exists.`);
export const invalidPassword = (reason: string) =>
  new AwsError('InvalidPasswordException', `Password did not conform with policy: ${reason}`);
export const invalidLambdaResponse = (message = 'Unrecognizable lambda output') =>
  new AwsError('InvalidLambdaResponseException', message);
export const unsupportedOperation = exception('UnsupportedOperationException');

/** What the local engine leaves out is said, never imitated. */
export const notImplementedLocally = (what: string) =>
  new AwsError('NotImplementedLocallyException', `${what} is not implemented by the local cloud.`);
