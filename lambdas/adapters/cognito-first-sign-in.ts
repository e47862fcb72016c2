import { createHmac } from 'node:crypto';
import type { CognitoClient } from './cognito/client.ts';
import { AdminInitiateAuthCommand, RevokeTokenCommand } from './cognito/commands.ts';
import { type ServerClient, signInError } from './cognito-sign-in.ts';
import { cachedSecret, type SecretReader } from './secrets.ts';

/** Hands a password to Cognito in clear, which is the only way to reach the migration trigger from an API. */
export interface FirstSignIn {
  /**
   * `there`: Cognito has an account now; whether the password opens it, a sign-in shows. `refused`: as for everybody
   * whom the trigger does not vouch for.
   * @throws CiamError `UNAVAILABLE`, `TOO_MANY_ATTEMPTS`
   */
  attempt(username: string, password: string): Promise<'there' | 'refused'>;
}

const refusals = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
]);
const taken = new Set(['UsernameExistsException', 'AliasExistsException']);

/**
 * ADMIN_USER_PASSWORD_AUTH with the `migration` client: one call, one more to revoke. Its tokens are for nobody: no API
 * of ours takes this client, and the decision point has not been asked.
 */
export function cognitoFirstSignIn(
  cognito: CognitoClient,
  { userPoolId, clientId, secretId }: ServerClient,
  readSecret: SecretReader,
): FirstSignIn {
  const secret = cachedSecret(readSecret, secretId);
  const revoke = async (token: string) =>
    cognito.send(new RevokeTokenCommand({ Token: token, ClientId: clientId, ClientSecret: await secret() }));
  return {
    attempt: async (username, password) => {
      const hash = createHmac('sha256', await secret())
        .update(username + clientId)
        .digest('base64');
      const command = new AdminInitiateAuthCommand({
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        UserPoolId: userPoolId,
        ClientId: clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password, SECRET_HASH: hash },
      });
      const answer = await cognito.send(command).catch(outcomeOf);
      if (typeof answer === 'string') return answer;
      const token = answer.AuthenticationResult?.RefreshToken;
      if (token) await revoke(token);
      return 'there';
    },
  };
}

/** @throws CiamError for what says nothing about the person */
function outcomeOf(error: unknown): 'there' | 'refused' {
  const { name, message } = error instanceof Error ? error : new Error('unknown');
  if (refusals.has(name)) return 'refused';
  if (taken.has(name)) return 'there'; // a parallel first sign-in made the account
  // Behind the migration trigger: the account is there, and token generation gives this client nothing.
  if (name === 'UserLambdaValidationException' && /^(PostAuthentication|PreTokenGeneration) /.test(message))
    return 'there';
  throw signInError(name === 'TooManyRequestsException' ? 'TOO_MANY_ATTEMPTS' : 'UNAVAILABLE', error);
}
