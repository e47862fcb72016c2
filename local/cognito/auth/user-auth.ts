import { type Engine, hidesUsers } from '../engine.ts';
import { invalidParameter, invalidSession, notImplementedLocally, userNotConfirmed } from '../errors.ts';
import type { AuthState } from '../sessions.ts';
import { requireTier } from '../tier.ts';
import { askForCode } from './code.ts';
import { type Choice, isChoice, offersTo } from './offers.ts';
import { askForPasskey } from './passkey.ts';
import { afterPassword, askForPassword, preAuthentication, provePassword } from './password.ts';
import {
  completeSignIn,
  refuseUnusable,
  type SignInAnswer,
  type SignInCall,
  stateFor,
  subjectOf,
} from './sign-in.ts';
import { readClientPublic } from './srp-exchange.ts';
import { findSubject, type SignInSubject, unknownSubject } from './subject.ts';

/** A sign-in that begins with whatever the pool allows, the user has, and the client prefers. */
export async function startUserAuth(
  engine: Engine,
  call: SignInCall,
  typedName: string,
): Promise<SignInAnswer> {
  requireTier(call.pool, 'ESSENTIALS', 'Choice-based sign-in');
  if (call.parameters.TARGET_ACR_VALUES ?? call.parameters.ACCESS_TOKEN ?? call.parameters.MAX_AGE) {
    throw notImplementedLocally('Step-up by TARGET_ACR_VALUES, MAX_AGE or ACCESS_TOKEN');
  }
  if (call.session) return signInAfterSignUp(engine, call, typedName, call.session);
  const who = choosingSubject(engine, call, typedName);
  await preAuthentication(engine, call, who);
  const preferred = call.parameters.PREFERRED_CHALLENGE;
  if (preferred !== undefined && !isChoice(preferred)) {
    throw invalidParameter('Invalid PREFERRED_CHALLENGE');
  }
  const offers = offersTo(engine, call.pool, who);
  if (preferred && offers.includes(preferred)) return begin(engine, call, who, preferred);
  return {
    ChallengeName: 'SELECT_CHALLENGE',
    ChallengeParameters: {},
    AvailableChallenges: offers,
    Session: engine.sessions.seal({
      ...stateFor(engine, call, who, 'USER_AUTH', 'SELECT_CHALLENGE'),
      offers,
    }),
  };
}

/** The answer to SELECT_CHALLENGE; what the choice needs may come with it. */
export function choose(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<SignInAnswer> | SignInAnswer {
  const answer = call.parameters.ANSWER;
  if (!answer) throw invalidParameter('Missing required parameter ANSWER');
  if (!isChoice(answer) || !state.offers?.includes(answer)) {
    throw invalidParameter('The selected challenge is not available.');
  }
  return begin(engine, call, who, answer);
}

export async function signInByPassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
): Promise<SignInAnswer> {
  const password = call.parameters.PASSWORD;
  if (!password) throw invalidParameter('Missing required parameter PASSWORD');
  const user = await provePassword(engine, call, who, password);
  return afterPassword(engine, call, who, user, 'USER_AUTH');
}

export const signInBySrp = (engine: Engine, call: SignInCall, who: SignInSubject): SignInAnswer =>
  askForPassword(engine, call, who, 'USER_AUTH', readClientPublic(call));

function begin(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  choice: Choice,
): Promise<SignInAnswer> | SignInAnswer {
  switch (choice) {
    case 'PASSWORD':
      return call.parameters.PASSWORD ? signInByPassword(engine, call, who) : ask(engine, call, who, choice);
    case 'PASSWORD_SRP':
      return call.parameters.SRP_A ? signInBySrp(engine, call, who) : ask(engine, call, who, choice);
    case 'WEB_AUTHN':
      return askForPasskey(engine, call, who);
    default:
      return askForCode(engine, call, who, choice, { flow: 'USER_AUTH' });
  }
}

const ask = (
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  name: 'PASSWORD' | 'PASSWORD_SRP',
): SignInAnswer => ({
  ChallengeName: name,
  ChallengeParameters: {},
  Session: engine.sessions.seal(stateFor(engine, call, who, 'USER_AUTH', name)),
});

/**
 * Who has not confirmed yet and has no password could prove nothing.
 * @throws AwsError `UserNotConfirmedException` where the client does not hide who exists; elsewhere they play along
 */
function choosingSubject(engine: Engine, call: SignInCall, typedName: string): SignInSubject {
  const who = findSubject(engine, call.pool, call.client, typedName);
  if (!who.subject.known || who.subject.user.status !== 'UNCONFIRMED' || who.subject.user.password)
    return who;
  if (!hidesUsers(call.client)) throw userNotConfirmed();
  return unknownSubject(engine, call.pool, typedName);
}

/** The code of the sign-up was a factor: it signs in once, without another and without MFA. */
async function signInAfterSignUp(
  engine: Engine,
  call: SignInCall,
  typedName: string,
  session: string,
): Promise<SignInAnswer> {
  const { state, durable } = engine.sessions.spend(session, call.client.id, 'FIRST_SIGN_IN');
  await durable;
  const { subject } = subjectOf(engine, call, state, typedName);
  if (!subject.known) throw invalidSession();
  refuseUnusable(engine, subject.user);
  return completeSignIn(engine, call, subject.user);
}
