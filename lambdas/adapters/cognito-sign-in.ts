import { createHmac } from 'node:crypto';
import { CiamError, type CiamErrorCode } from '../core/errors.ts';
import type { Clock } from '../ports.ts';
import type { CognitoClient } from './cognito/client.ts';
import {
  type AuthenticationResultType,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from './cognito/commands.ts';
import { cachedSecret, type SecretReader } from './secrets.ts';
import { proveSrp, startSrp } from './srp.ts';

export type Metadata = Readonly<Record<string, string>>;

export type SignInStep =
  | { readonly kind: 'tokens'; readonly tokens: IssuedTokens }
  | {
      readonly kind: 'challenge';
      readonly session: string;
      /** Cognito's name of the user, for the next call of this flow. */
      readonly username: string;
      readonly parameters: Metadata;
    }
  /** An administrator set the password that was right; a new one goes on with the same sign-in. */
  | { readonly kind: 'new-password'; readonly session: string; readonly username: string };

export interface IssuedTokens {
  readonly accessToken: string;
  readonly idToken: string;
  /** Absent when Cognito keeps the one it was asked with. */
  readonly refreshToken?: string;
  readonly expiresInSeconds: number;
}

/**
 * Cognito's public sign-in operations with the confidential `server` client. They need no AWS signature.
 * Errors are ours: `SIGN_IN_REJECTED` (or `FLOW_REJECTED`, `SESSION_REJECTED`) for everything about the person,
 * `ACCOUNT_NOT_CONFIRMED` and `PASSWORD_RESET_REQUIRED` only after the password was proven, `PASSWORD_REFUSED` for a new
 * password that the pool does not take, `UNAVAILABLE` else.
 */
export interface CognitoSignIn {
  startWithPassword(username: string, password: string, metadata: Metadata): Promise<SignInStep>;
  /** Stands at `begin` then, whoever it is: nothing was proven, and Cognito shows no trigger any metadata here. */
  startWithoutPassword(username: string): Promise<SignInStep>;
  /** Goes on after `new-password`. */
  setPassword(
    challenge: { readonly session: string; readonly username: string },
    password: string,
    metadata: Metadata,
  ): Promise<SignInStep>;
  answer(
    challenge: { readonly session: string; readonly username: string },
    answer: string,
    metadata: Metadata,
  ): Promise<SignInStep>;
  /** @throws RefreshTokenReused when a token was presented that a newer one has replaced */
  refresh(refreshToken: string, metadata: Metadata): Promise<IssuedTokens>;
  /** Ends the whole family of a refresh token; fine when it is dead already. */
  revoke(refreshToken: string): Promise<void>;
}

/** A replaced refresh token came back: either the person or a thief holds a copy, so the session has to end. */
export class RefreshTokenReused extends Error {}

export interface ServerClient {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Secrets Manager id of `{ "key": "<client secret>" }`. */
  readonly secretId: string;
}

export function cognitoSignIn(
  client: CognitoClient,
  { userPoolId, clientId, secretId }: ServerClient,
  readSecret: SecretReader,
  clock: Clock,
): CognitoSignIn {
  const secret = cachedSecret(readSecret, secretId);
  const poolName = userPoolId.slice(userPoolId.indexOf('_') + 1);
  const secretHash = async (username: string) =>
    createHmac('sha256', await secret())
      .update(username + clientId)
      .digest('base64');
  const respond = async (
    challengeName: 'PASSWORD_VERIFIER' | 'CUSTOM_CHALLENGE' | 'NEW_PASSWORD_REQUIRED',
    { session, username }: { session: string | undefined; username: string },
    answers: Metadata,
    metadata: Metadata,
  ) =>
    client.send(
      new RespondToAuthChallengeCommand({
        ChallengeName: challengeName,
        ClientId: clientId,
        Session: session,
        ChallengeResponses: { USERNAME: username, SECRET_HASH: await secretHash(username), ...answers },
        ClientMetadata: { ...metadata },
      }),
    );

  return {
    startWithPassword: async (username, password, metadata) => {
      const start = startSrp();
      const initiate = new InitiateAuthCommand({
        AuthFlow: 'CUSTOM_AUTH',
        ClientId: clientId,
        AuthParameters: {
          USERNAME: username,
          CHALLENGE_NAME: 'SRP_A',
          SRP_A: start.publicHex,
          SECRET_HASH: await secretHash(username),
        },
      });
      // Before the password was proven nothing about the account may show.
      const asked = await client.send(initiate).catch(rejectAs('SIGN_IN_REJECTED', {}));
      const { userId, challenge } = passwordChallenge(asked, poolName);
      const proof = proveSrp(start, password, challenge, new Date(clock.now()));
      const answered = await respond(
        'PASSWORD_VERIFIER',
        { session: asked.Session, username: userId },
        {
          PASSWORD_CLAIM_SECRET_BLOCK: challenge.secretBlock,
          PASSWORD_CLAIM_SIGNATURE: proof.signature,
          TIMESTAMP: proof.timestamp,
        },
        metadata,
      ).catch(rejectAs('SIGN_IN_REJECTED', provenRejections));
      return stepOf(answered, userId);
    },
    startWithoutPassword: async (username) => {
      const initiate = new InitiateAuthCommand({
        AuthFlow: 'CUSTOM_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: username, SECRET_HASH: await secretHash(username) },
      });
      return stepOf(await client.send(initiate).catch(rejectAs('SIGN_IN_REJECTED', {})), username);
    },
    setPassword: async (challenge, password, metadata) => {
      const answers = { NEW_PASSWORD: password };
      const answered = await respond('NEW_PASSWORD_REQUIRED', challenge, answers, metadata).catch(
        rejectAs('FLOW_REJECTED', { ...provenRejections, ...passwordRejections }),
      );
      return stepOf(answered, challenge.username);
    },
    answer: async (challenge, answer, metadata) => {
      const answered = await respond('CUSTOM_CHALLENGE', challenge, { ANSWER: answer }, metadata).catch(
        rejectAs('FLOW_REJECTED', provenRejections),
      );
      return stepOf(answered, challenge.username);
    },
    refresh: async (refreshToken, metadata) => {
      const command = new GetTokensFromRefreshTokenCommand({
        RefreshToken: refreshToken,
        ClientId: clientId,
        ClientSecret: await secret(),
        ClientMetadata: { ...metadata },
      });
      const { AuthenticationResult } = await client.send(command).catch((error: unknown) => {
        if (nameOf(error) === 'RefreshTokenReuseException') throw new RefreshTokenReused();
        return rejectAs('SESSION_REJECTED', {})(error);
      });
      return tokensOf(AuthenticationResult);
    },
    revoke: async (refreshToken) => {
      const command = new RevokeTokenCommand({
        Token: refreshToken,
        ClientId: clientId,
        ClientSecret: await secret(),
      });
      await client.send(command).catch((error: unknown) => {
        if (nameOf(error) !== 'NotAuthorizedException') return rejectAs('SESSION_REJECTED', {})(error);
      });
    },
  };
}

const publicLines = {
  SIGN_IN_REJECTED: 'The identifier or the password is not right.',
  FLOW_REJECTED: 'This sign-in is over. Start again.',
  SESSION_REJECTED: 'The session is over. Sign in again.',
  ACCOUNT_NOT_CONFIRMED: 'The address has to be confirmed first.',
  PASSWORD_RESET_REQUIRED: 'A new password has to be set first.',
  PASSWORD_REFUSED: 'The new password does not meet the rules.',
  TOO_MANY_ATTEMPTS: 'Too many attempts. Try again later.',
  UNAVAILABLE: 'This is not possible at the moment. Try again later.',
} as const satisfies Partial<Record<CiamErrorCode, string>>;

type Rejections = Readonly<Record<string, keyof typeof publicLines>>;

const provenRejections: Rejections = {
  UserNotConfirmedException: 'ACCOUNT_NOT_CONFIRMED',
  PasswordResetRequiredException: 'PASSWORD_RESET_REQUIRED',
};
const passwordRejections: Rejections = {
  InvalidPasswordException: 'PASSWORD_REFUSED',
  PasswordHistoryPolicyViolationException: 'PASSWORD_REFUSED',
};
/** What Cognito says about the person; everything else (triggers, throttles of other kinds, faults) is ours to mend. */
const aboutThePerson = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
  'CodeMismatchException',
  'ExpiredCodeException',
  'UnsupportedTokenTypeException',
]);
const busy: Rejections = {
  TooManyRequestsException: 'TOO_MANY_ATTEMPTS',
  LimitExceededException: 'TOO_MANY_ATTEMPTS',
};

export const signInError = (code: keyof typeof publicLines, cause?: unknown): CiamError =>
  new CiamError(code, publicLines[code], {
    cause,
    ...(code === 'TOO_MANY_ATTEMPTS' && { retryAfterSeconds: 1 }),
    ...(cause !== undefined && { detail: nameOf(cause) }),
  });

const rejectAs =
  (code: keyof typeof publicLines, special: Rejections) =>
  (error: unknown): never => {
    const name = nameOf(error);
    const rejection = special[name] ?? busy[name] ?? (aboutThePerson.has(name) ? code : 'UNAVAILABLE');
    throw signInError(rejection, error);
  };

/**
 * Whether Cognito refused because the account is disabled, which is what a lock does. For our own record: the caller is
 * told what a wrong password is told.
 */
export const isAccountDisabled = ({ cause }: Error): boolean =>
  nameOf(cause) === 'NotAuthorizedException' && /\bdisabled\b/i.test((cause as Error).message);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

function passwordChallenge(asked: InitiateAuthCommandOutput, poolName: string) {
  const { USER_ID_FOR_SRP, SALT, SRP_B, SECRET_BLOCK } = asked.ChallengeParameters ?? {};
  if (asked.ChallengeName !== 'PASSWORD_VERIFIER' || !USER_ID_FOR_SRP || !SALT || !SRP_B || !SECRET_BLOCK) {
    throw signInError('UNAVAILABLE', new Error('InitiateAuth: expected PASSWORD_VERIFIER'));
  }
  return {
    userId: USER_ID_FOR_SRP,
    challenge: {
      poolName,
      userId: USER_ID_FOR_SRP,
      saltHex: SALT,
      serverPublicHex: SRP_B,
      secretBlock: SECRET_BLOCK,
    },
  };
}

/** Only our own challenge is answered here: any other one means that the pool is set up for something else. */
function stepOf(answered: InitiateAuthCommandOutput, username: string): SignInStep {
  if (answered.AuthenticationResult)
    return { kind: 'tokens', tokens: tokensOf(answered.AuthenticationResult) };
  if (answered.ChallengeName === 'NEW_PASSWORD_REQUIRED' && answered.Session) {
    return { kind: 'new-password', session: answered.Session, username };
  }
  if (answered.ChallengeName !== 'CUSTOM_CHALLENGE' || !answered.Session) {
    throw signInError('UNAVAILABLE', new Error('Cognito: unexpected challenge'));
  }
  const parameters = answered.ChallengeParameters ?? {};
  return {
    kind: 'challenge',
    session: answered.Session,
    username: parameters.USERNAME ?? username,
    parameters,
  };
}

function tokensOf(result: AuthenticationResultType | undefined): IssuedTokens {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result ?? {};
  if (!AccessToken || !IdToken || !ExpiresIn) {
    throw signInError('UNAVAILABLE', new Error('Cognito: expected tokens'));
  }
  return {
    accessToken: AccessToken,
    idToken: IdToken,
    ...(RefreshToken && { refreshToken: RefreshToken }),
    expiresInSeconds: ExpiresIn,
  };
}
