import { newDevice, tracksDevices } from '../devices.ts';
import { type ClientCall, type Engine, triggerContext } from '../engine.ts';
import {
  invalidSession,
  notAuthorized,
  passwordResetRequired,
  userDisabled,
  userNotConfirmed,
} from '../errors.ts';
import type { User } from '../model.ts';
import type { AuthState, Awaited, NewAuthState } from '../sessions.ts';
import { type AuthenticationResult, issueTokens, type TokenSource } from '../tokens/issue.ts';
import type { StringMap } from '../triggers/triggers.ts';
import { knownSubject, type SignInSubject, unknownSubject } from './subject.ts';

/** One round of a sign-in: an (Admin)InitiateAuth or (Admin)RespondToAuthChallenge call. */
export interface SignInCall extends ClientCall {
  readonly parameters: StringMap;
  readonly clientMetadata?: StringMap;
  /** The device that the client says it is, from the call that began. */
  readonly deviceKey?: string;
  /** Of a sign-up that goes on as a sign-in. */
  readonly session?: string;
  /** The pool's own pages: a finished sign-in gives the person, since tokens come from a code. */
  readonly onPages?: true;
}

/** Answer of either operation: the next challenge or the tokens. The last is for the pages alone. */
export type SignInAnswer =
  | {
      readonly ChallengeName: string;
      readonly ChallengeParameters: StringMap;
      readonly Session?: string;
      readonly AvailableChallenges?: readonly string[];
    }
  | { readonly AuthenticationResult: AuthenticationResult; readonly ChallengeParameters: StringMap }
  | { readonly SignedIn: User };

/** Seconds the client has to answer PASSWORD_VERIFIER; a sealed exchange is not kept for later. */
export const passwordVerifierSeconds = 60;

const sessionMinutes = 3;

export function expiryOf(engine: Engine, call: ClientCall): number {
  return engine.cloud.clock.now() + (call.client.settings.AuthSessionValidity ?? sessionMinutes) * 60_000;
}

/** What every state of this sign-in has in common. */
export const stateFor = (
  engine: Engine,
  call: ClientCall & { readonly deviceKey?: string },
  who: SignInSubject,
  flow: AuthState['flow'],
  expects: Awaited,
): NewAuthState => ({
  poolId: call.pool.id,
  clientId: call.client.id,
  flow,
  expects,
  expiresAt: expiryOf(engine, call),
  typedName: who.typedName,
  publicName: who.publicName,
  rounds: [],
  ...(who.subject.known ? { sub: who.subject.user.sub } : {}),
  ...(call.deviceKey ? { deviceKey: call.deviceKey } : {}),
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

/**
 * PostAuthentication, then token generation, then the tokens.
 * @param provenDevice - key of the remembered device that took part
 */
export async function completeSignIn(
  engine: Engine,
  call: SignInCall,
  user: User,
  source: TokenSource = 'Authentication',
  provenDevice?: string,
): Promise<SignInAnswer> {
  const isNewDevice = provenDevice === undefined && tracksDevices(call.pool);
  const metadata = respondMetadata(call);
  await engine.triggers.postAuthentication(triggerContext(call, metadata), user, isNewDevice);
  if (call.onPages) return { SignedIn: user };
  const device = isNewDevice ? newDevice(engine) : undefined;
  const deviceKey = provenDevice ?? device?.DeviceKey;
  const result = await issueTokens(engine, call, user, source, metadata, deviceKey);
  return {
    AuthenticationResult: device ? { ...result, NewDeviceMetadata: device } : result,
    ChallengeParameters: {},
  };
}

/** Metadata of the call that starts a sign-in reaches PreAuthentication and UserMigration only. */
export const respondMetadata = (call: SignInCall): StringMap | undefined =>
  call.operation.endsWith('RespondToAuthChallenge') ? call.clientMetadata : undefined;
