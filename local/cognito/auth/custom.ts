import { type Engine, triggerContext } from '../engine.ts';
import {
  invalidLambdaResponse,
  invalidParameter,
  notImplementedLocally,
  wrongCredentials,
} from '../errors.ts';
import type { AuthState, ChallengeResult } from '../sessions.ts';
import { askForNewPassword } from './new-password.ts';
import { askForPassword } from './password.ts';
import { afterSecondFactor } from './progress.ts';
import { refuseUnusable, respondMetadata, type SignInAnswer, type SignInCall, stateFor } from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

/** A sign-in that the pool's own triggers lead: Define decides, Create asks, Verify judges. */
export function requireCustomTriggers(engine: Engine, call: SignInCall): void {
  const missing = (
    ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse'] as const
  ).some((name) => !engine.triggers.has(call.pool, name));
  if (missing) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.');
}

/**
 * Asks Define what comes after the rounds so far, and does it.
 * @param clientPublic - the client's SRP value, present when the password is asked first
 */
export async function advance(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  rounds: readonly ChallengeResult[],
  clientPublic?: string,
): Promise<SignInAnswer> {
  const context = triggerContext(call, respondMetadata(call));
  const decision = await engine.triggers.defineAuthChallenge(context, who.subject, rounds);
  if (decision.kind === 'fail') throw wrongCredentials();
  if (decision.kind === 'issue') return finish(engine, call, who, rounds);
  switch (decision.name) {
    case 'PASSWORD_VERIFIER':
      return passwordRound(engine, call, who, rounds, clientPublic);
    case 'NEW_PASSWORD_REQUIRED':
      return newPasswordRound(engine, call, who, rounds);
    case 'CUSTOM_CHALLENGE':
      return customRound(engine, call, who, rounds);
    default:
      throw invalidLambdaResponse();
  }
}

/** The rounds after an answered custom challenge. */
export async function judgeAnswer(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<readonly ChallengeResult[]> {
  const answer = call.parameters.ANSWER;
  if (answer === undefined) throw invalidParameter('Missing required parameter ANSWER');
  const correct = await engine.triggers.verifyAuthChallenge(
    triggerContext(call, respondMetadata(call)),
    who.subject,
    state.challenge?.privateParameters ?? {},
    answer,
  );
  const metadata = state.challenge?.metadata;
  const result: ChallengeResult = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult: correct,
    ...(metadata === undefined ? {} : { challengeMetadata: metadata }),
  };
  return [...state.rounds, result];
}

/** Only the first round may be the password's, and only for a client that sent its SRP value. */
function passwordRound(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  rounds: readonly ChallengeResult[],
  clientPublic: string | undefined,
): SignInAnswer {
  if (!clientPublic || rounds.length !== 1) throw invalidLambdaResponse();
  const asked = askForPassword(engine, call, who, 'CUSTOM', clientPublic);
  const state = { ...stateFor(engine, call, who, 'CUSTOM', 'PASSWORD_VERIFIER'), rounds };
  return { ...asked, Session: engine.sessions.seal(state) };
}

function newPasswordRound(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  rounds: readonly ChallengeResult[],
): SignInAnswer {
  if (!who.subject.known || who.subject.user.status !== 'FORCE_CHANGE_PASSWORD')
    throw invalidLambdaResponse();
  return askForNewPassword(engine, call, who, who.subject.user, 'CUSTOM', rounds);
}

async function customRound(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  rounds: readonly ChallengeResult[],
): Promise<SignInAnswer> {
  const context = triggerContext(call, respondMetadata(call));
  const created = await engine.triggers.createAuthChallenge(context, who.subject, rounds, 'CUSTOM_CHALLENGE');
  const state = {
    ...stateFor(engine, call, who, 'CUSTOM', 'CUSTOM_CHALLENGE'),
    rounds,
    challenge: {
      privateParameters: created.privateParameters,
      ...(created.metadata === undefined ? {} : { metadata: created.metadata }),
    },
  };
  return {
    ChallengeName: 'CUSTOM_CHALLENGE',
    ChallengeParameters: { USERNAME: who.publicName, ...created.publicParameters },
    Session: engine.sessions.seal(state),
  };
}

/** Whatever the trigger says, nobody gets tokens for a user who does not exist or must not sign in. */
function finish(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  rounds: readonly ChallengeResult[],
): Promise<SignInAnswer> {
  if (!who.subject.known) throw wrongCredentials();
  refuseUnusable(engine, who.subject.user);
  const has = (name: string) => rounds.some(({ challengeName }) => challengeName === name);
  // Nobody has published what AWS does here, and letting them in without a second factor is not ours to guess.
  if (call.pool.settings.MfaConfiguration === 'ON' && !has('PASSWORD_VERIFIER')) {
    throw notImplementedLocally('CUSTOM_AUTH without a password in a pool that requires MFA');
  }
  const source = has('NEW_PASSWORD_REQUIRED') ? 'NewPasswordChallenge' : undefined;
  return afterSecondFactor(engine, call, who, who.subject.user, 'CUSTOM', source);
}
