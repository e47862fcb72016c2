import type {
  AdminDisableProviderForUserCommandInput,
  AdminDisableProviderForUserCommandOutput,
  AdminInitiateAuthCommandInput,
  AdminInitiateAuthCommandOutput,
  AdminLinkProviderForUserCommandInput,
  AdminLinkProviderForUserCommandOutput,
  ConfirmForgotPasswordCommandInput,
  ConfirmForgotPasswordCommandOutput,
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput,
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput,
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput,
  InitiateAuthCommandInput,
  InitiateAuthCommandOutput,
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput,
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput,
  RevokeTokenCommandInput,
  RevokeTokenCommandOutput,
  SignUpCommandInput,
  SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';

export type {
  AuthenticationResultType,
  InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';

/** One call: the operation's name, its input as the API documents it, and (as a type only) its answer. No answer has a date. */
export abstract class CognitoCommand<Input, Output> {
  abstract readonly operation: string;
  readonly input: Input;
  /** Never set: ties the answer's type to the command. */
  declare readonly answer: Output;

  constructor(input: Input) {
    this.input = input;
  }
}

export class InitiateAuthCommand extends CognitoCommand<InitiateAuthCommandInput, InitiateAuthCommandOutput> {
  readonly operation = 'InitiateAuth';
}
export class RespondToAuthChallengeCommand extends CognitoCommand<
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput
> {
  readonly operation = 'RespondToAuthChallenge';
}
export class GetTokensFromRefreshTokenCommand extends CognitoCommand<
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput
> {
  readonly operation = 'GetTokensFromRefreshToken';
}
export class RevokeTokenCommand extends CognitoCommand<RevokeTokenCommandInput, RevokeTokenCommandOutput> {
  readonly operation = 'RevokeToken';
}
export class SignUpCommand extends CognitoCommand<SignUpCommandInput, SignUpCommandOutput> {
  readonly operation = 'SignUp';
}
export class ConfirmSignUpCommand extends CognitoCommand<
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput
> {
  readonly operation = 'ConfirmSignUp';
}
export class ResendConfirmationCodeCommand extends CognitoCommand<
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput
> {
  readonly operation = 'ResendConfirmationCode';
}
export class ForgotPasswordCommand extends CognitoCommand<
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput
> {
  readonly operation = 'ForgotPassword';
}
export class ConfirmForgotPasswordCommand extends CognitoCommand<
  ConfirmForgotPasswordCommandInput,
  ConfirmForgotPasswordCommandOutput
> {
  readonly operation = 'ConfirmForgotPassword';
}
export class AdminInitiateAuthCommand extends CognitoCommand<
  AdminInitiateAuthCommandInput,
  AdminInitiateAuthCommandOutput
> {
  readonly operation = 'AdminInitiateAuth';
}
export class AdminLinkProviderForUserCommand extends CognitoCommand<
  AdminLinkProviderForUserCommandInput,
  AdminLinkProviderForUserCommandOutput
> {
  readonly operation = 'AdminLinkProviderForUser';
}
export class AdminDisableProviderForUserCommand extends CognitoCommand<
  AdminDisableProviderForUserCommandInput,
  AdminDisableProviderForUserCommandOutput
> {
  readonly operation = 'AdminDisableProviderForUser';
}
