import { type ClientCall, type Engine, triggerContext } from '../engine.ts';
import {
  invalidSession,
  notAuthorized,
  passwordResetRequired,
  userDisabled,
  userNotConfirmed,
} from '../errors.ts';
import type { User } from '../model.ts';
import type { AuthState, ChallengeName } from '../sessions.ts';
import { type AuthenticationResult, issueTokens, type TokenSource } from '../tokens/issue.ts';
import type { StringMap } from '../triggers/triggers.ts';
import { knownSubject, type SignInSubject, unknownSubject } from './subject.ts';

/** One round of a sign-in: an (Admin)InitiateAuth or (Admin)RespondToAuthChallenge call. */
export interface SignInCall extends ClientCall {
  readonly parameters: StringMap;
  readonly clientMetadata?: StringMap;
}

/** Answer of either operation: the next challenge or the tokens. */
export type SignInAnswer =
  | { readonly ChallengeName: string; readonly ChallengeParameters: StringMap; readonly Session?: string }
  | { readonly AuthenticationResult: AuthenticationResult; readonly ChallengeParameters: StringMap };

/** Seconds the client has to answer PASSWORD_VERIFIER; a sealed exchange is not kept for later. */
export const passwordVerifierSeconds = 60;

const sessionMinutes = 3;

export function expiryOf(engine: Engine, call: ClientCall): number {
  return engine.cloud.clock.now() + (call.client.settings.AuthSessionValidity ?? sessionMinutes) * 60_000;
}

/** What every state of this sign-in has in common. */
export const stateFor = (
  engine: Engine,
  call: ClientCall,
  who: SignInSubject,
  flow: AuthState['flow'],
  expects: ChallengeName,
): Omit<AuthState, 'id'> => ({
  poolId: call.pool.id,
  clientId: call.client.id,
  flow,
  expects,
  expiresAt: expiryOf(engine, call),
  typedName: who.typedName,
  publicName: who.publicName,
  rounds: [],
  ...(who.subject.known ? { sub: who.subject.user.sub } : {}),
});

/**
 * The person a state belongs to, as they are now.
 * @throws AwsError `NotAuthorizedException` when they were deleted meanwhile, or the answer names someone else
 */
export function subjectOf(
  engine: Engine,
  call: ClientCall,
  state: AuthState,
  username: string,
): SignInSubject {
  const user = state.sub ? engine.directory.bySub(call.pool.id, state.sub) : undefined;
  if (state.poolId !== call.pool.id || (state.sub && !user)) throw invalidSession();
  const canonical = (name: string) => engine.directory.canonical(call.pool.id, name);
  const named =
    [state.typedName, state.publicName].some((name) => canonical(name) === canonical(username)) ||
    (user !== undefined && engine.directory.find(call.pool.id, username)?.sub === user.sub);
  if (!named) throw invalidSession();
  return user
    ? knownSubject(engine, user, state.typedName)
    : { ...unknownSubject(engine, call.pool, state.typedName), publicName: state.publicName };
}

/** States of an account that stop a sign-in; told only to someone who has proven a factor. */
export function refuseUnusable(engine: Engine, user: User): void {
  if (!user.enabled) throw userDisabled();
  if (user.status === 'UNCONFIRMED') throw userNotConfirmed();
  if (user.status === 'RESET_REQUIRED') throw passwordResetRequired();
  if (user.temporaryUntil !== undefined && engine.cloud.clock.now() >= user.temporaryUntil) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
}

/** PostAuthentication, then token generation, then the tokens. */
export async function completeSignIn(
  engine: Engine,
  call: SignInCall,
  user: User,
  source: TokenSource = 'Authentication',
): Promise<SignInAnswer> {
  await engine.triggers.postAuthentication(triggerContext(call, respondMetadata(call)), user);
  const result = await issueTokens(engine, call, user, source, respondMetadata(call));
  return { AuthenticationResult: result, ChallengeParameters: {} };
}

/** Metadata of the call that starts a sign-in reaches PreAuthentication and UserMigration only. */
export const respondMetadata = (call: SignInCall): StringMap | undefined =>
  call.operation.endsWith('RespondToAuthChallenge') ? call.clientMetadata : undefined;
