import { type Engine, srpPoolName, triggerContext } from '../engine.ts';
import { invalidParameter, wrongCredentials } from '../errors.ts';
import type { User } from '../model.ts';
import type { AuthState } from '../sessions.ts';
import {
  claimMatches,
  isUsablePublicValue,
  newServerEphemeral,
  passwordMatches,
  sessionKey,
} from '../srp.ts';
import { askForNewPassword } from './new-password.ts';
import {
  completeSignIn,
  passwordVerifierSeconds,
  refuseUnusable,
  type SignInAnswer,
  type SignInCall,
  stateFor,
} from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

const timestampToleranceMs = 5 * 60_000;

/** The first half of SRP: our public value, the salt and a sealed block that lets any later call finish it. */
export function askForPassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  flow: 'SRP' | 'CUSTOM',
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

/** @throws AwsError `InvalidParameterException` when missing or of no use in the group */
export function readClientPublic(call: SignInCall): string {
  const value = call.parameters.SRP_A;
  if (!value) throw invalidParameter('Missing required parameter SRP_A');
  if (!isUsablePublicValue(value)) throw invalidParameter('Invalid SRP_A');
  return value;
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
  flow: 'SRP' | 'PASSWORD',
): Promise<SignInAnswer> {
  refuseUnusable(engine, user);
  if (user.status === 'FORCE_CHANGE_PASSWORD') return askForNewPassword(engine, call, who, user, flow);
  return completeSignIn(engine, call, user);
}

/** PreAuthentication sees the metadata of the starting call as validation data. */
export function preAuthentication(engine: Engine, call: SignInCall, who: SignInSubject): Promise<void> {
  return engine.triggers.preAuthentication(triggerContext(call), who.subject, call.clientMetadata);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const timestampPattern = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/;

/**
 * `Tue Nov 3 08:05:02 UTC 2026`. Compared with the cloud's time and with the machine's: a client outside the local
 * cloud does not follow a clock that a test moved.
 */
function isFresh(engine: Engine, text: string): boolean {
  const [, month = '', day, hour, minute, second, year] = timestampPattern.exec(text) ?? [];
  if (!months.includes(month)) {
    throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.');
  }
  const time = Date.UTC(
    Number(year),
    months.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return [engine.cloud.clock.now(), Date.now()].some((now) => Math.abs(now - time) <= timestampToleranceMs);
}
