import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Engine } from '../engine.ts';
import { invalidParameter, wrongSignInCode } from '../errors.ts';
import { deliveryTo, sendCode } from '../mail.ts';
import { newCode } from '../random.ts';
import type { AuthState, NewAuthState } from '../sessions.ts';
import { respondMetadata, type SignInAnswer, type SignInCall, stateFor } from './sign-in.ts';
import { attemptsOf, type SignInSubject, simulatedDestination } from './subject.ts';

/** A code as first factor has eight digits and as second factor six. */
const firstFactorDigits = 8;
const secondFactorDigits = 6;

export type CodeChallenge = 'EMAIL_OTP' | 'SMS_OTP' | 'SMS_MFA';

const attributes = { EMAIL_OTP: 'email', SMS_OTP: 'phone_number', SMS_MFA: 'phone_number' } as const;

/** Sends a code and asks for it. Whoever does not exist or must not sign in is asked as well, and gets none. */
export async function askForCode(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  name: CodeChallenge,
  base: Pick<NewAuthState, 'flow'> & Partial<NewAuthState>,
): Promise<SignInAnswer> {
  const attribute = attributes[name];
  const isSecondFactor = base.isSecondFactor ?? name === 'SMS_MFA';
  if (attribute === 'email') await engine.limits.take('EmailOtp', call.pool.id, attemptsOf(engine, who));
  const { subject } = who;
  const destination = subject.known ? subject.user.attributes[attribute] : undefined;
  const isSent = subject.known && subject.user.enabled && destination !== undefined;
  const code = isSent ? newCode(isSecondFactor ? secondFactorDigits : firstFactorDigits) : undefined;
  const salt = randomUUID();
  if (isSent && code) {
    const message = { source: 'Authentication' as const, attribute, destination, code };
    const clientMetadata = respondMetadata(call);
    await sendCode(engine, call, subject.user, { ...message, clientMetadata });
  }
  const delivery = deliveryTo(attribute, destination ?? simulatedDestination(engine, who, attribute));
  const state = {
    ...stateFor(engine, call, who, base.flow, name),
    ...base,
    isSecondFactor,
    ...(code ? { code: { digest: digestOf(engine, salt, code).toString('hex'), salt, attribute } } : {}),
  };
  return {
    ChallengeName: name,
    ChallengeParameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: delivery.DeliveryMedium,
      CODE_DELIVERY_DESTINATION: delivery.Destination,
      USER_ID_FOR_SRP: who.publicName,
    },
    Session: engine.sessions.seal(state),
  };
}

/**
 * Judges the code of a state, without a wait between lock, verdict and count. The state stays good after a wrong
 * one, and the lock bounds the guesses.
 * @throws AwsError `CodeMismatchException`, or `NotAuthorizedException` while too many were wrong
 */
export async function proveCode(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<void> {
  const parameter = `${state.expects}_CODE`;
  const given = call.parameters[parameter];
  if (!given) throw invalidParameter(`Missing required parameter ${parameter}`);
  await countAttempt(engine, who, isRight(engine, state, given), wrongSignInCode);
}

/** One verdict on a second factor, counted and locked like a password's and apart from it. */
export async function countAttempt(
  engine: Engine,
  who: SignInSubject,
  isCorrect: boolean,
  refusal: () => Error,
): Promise<void> {
  const name = attemptsOf(engine, who);
  engine.limits.refuseLocked(who.poolId, name);
  if (isCorrect) return engine.limits.passwordProven(who.poolId, name);
  await engine.limits.passwordFailed(who.poolId, name);
  throw refusal();
}

function isRight(engine: Engine, { code }: AuthState, given: string): boolean {
  const digest = digestOf(engine, code?.salt ?? '', given);
  return timingSafeEqual(digest, code ? Buffer.from(code.digest, 'hex') : Buffer.alloc(digest.length));
}

const digestOf = (engine: Engine, salt: string, code: string): Buffer =>
  engine.secrets.derive('sign-in-code', salt, code);
