import { type Engine, srpPoolName, triggerContext } from '../engine.ts';
import { invalidParameter, wrongCredentials } from '../errors.ts';
import type { User } from '../model.ts';
import type { AuthState } from '../sessions.ts';
import { claimMatches, newServerEphemeral, passwordMatches, sessionKey } from '../srp.ts';
import { askForNewPassword } from './new-password.ts';
import { afterFirstFactor } from './progress.ts';
import {
  passwordVerifierSeconds,
  refuseUnusable,
  type SignInAnswer,
  type SignInCall,
  stateFor,
} from './sign-in.ts';
import { isFresh } from './srp-exchange.ts';
import type { SignInSubject } from './subject.ts';

/** The first half of SRP: our public value, the salt and a sealed block that lets any later call finish it. */
export function askForPassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  flow: AuthState['flow'],
  clientPublic: string,
): Extract<SignInAnswer, { ChallengeName: string }> {
  const server = newServerEphemeral(who.verifier.verifier);
  const state = {
    ...stateFor(engine, call, who, flow, 'PASSWORD_VERIFIER'),
    expiresAt: engine.cloud.clock.now() + passwordVerifierSeconds * 1000,
    rounds: flow === 'CUSTOM' ? [{ challengeName: 'SRP_A', challengeResult: true }] : [],
    srp: { server, clientPublic },
  };
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: who.verifier.salt.replace(/^0+(?=.)/, ''),
      SECRET_BLOCK: engine.sessions.seal(state),
      SRP_B: server.publicValue,
      USERNAME: who.publicName,
      USER_ID_FOR_SRP: who.publicName,
    },
  };
}

/**
 * The second half. The work is the same for a wrong password, a locked name and an unknown one.
 * @throws AwsError `NotAuthorizedException` unless the client knew the password
 */
export async function proveSrp(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<User> {
  const { PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK, TIMESTAMP } = call.parameters;
  if (!PASSWORD_CLAIM_SIGNATURE)
    throw invalidParameter('Missing required parameter PASSWORD_CLAIM_SIGNATURE');
  if (!TIMESTAMP) throw invalidParameter('Missing required parameter TIMESTAMP');
  if (!state.srp) throw wrongCredentials();
  const fresh = isFresh(engine, TIMESTAMP);
  const key = sessionKey(who.verifier.verifier, state.srp.server, state.srp.clientPublic);
  const claim = {
    poolName: srpPoolName(call.pool.id),
    username: who.publicName,
    secretBlock: PASSWORD_CLAIM_SECRET_BLOCK ?? '',
    timestamp: TIMESTAMP,
  };
  return judge(engine, call, who, claimMatches(key, claim, PASSWORD_CLAIM_SIGNATURE) && fresh);
}

/** A password in clear, checked through the same verifier. @throws AwsError `NotAuthorizedException` */
export function provePassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  password: string,
): Promise<User> {
  const poolName = srpPoolName(call.pool.id);
  return judge(engine, call, who, passwordMatches(who.verifier, poolName, who.publicName, password));
}

/** Lock, verdict and count in one step without a wait between, so that parallel guesses count one by one. */
async function judge(engine: Engine, call: SignInCall, who: SignInSubject, matches: boolean): Promise<User> {
  const { subject } = who;
  const name = subject.known ? subject.user.sub : engine.directory.canonical(call.pool.id, who.typedName);
  engine.limits.refuseLocked(call.pool.id, name);
  if (!matches || !subject.known || !subject.user.password) {
    await engine.limits.passwordFailed(call.pool.id, name);
    throw wrongCredentials();
  }
  await engine.limits.passwordProven(call.pool.id, name);
  return subject.user;
}

/** After the password of a plain flow: what the account still needs, or the tokens. */
export async function afterPassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  user: User,
  flow: 'SRP' | 'PASSWORD' | 'USER_AUTH',
): Promise<SignInAnswer> {
  refuseUnusable(engine, user);
  if (user.status === 'FORCE_CHANGE_PASSWORD') return askForNewPassword(engine, call, who, user, flow);
  return afterFirstFactor(engine, call, who, user, flow);
}

/** PreAuthentication sees the metadata of the starting call as validation data. */
export function preAuthentication(engine: Engine, call: SignInCall, who: SignInSubject): Promise<void> {
  return engine.triggers.preAuthentication(triggerContext(call), who.subject, call.clientMetadata);
}
