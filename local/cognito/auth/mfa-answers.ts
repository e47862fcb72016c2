import { AwsError } from '../../platform.ts';
import { checkValues } from '../attributes.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter, invalidSession } from '../errors.ts';
import type { MfaMethod, User } from '../model.ts';
import type { AuthState, NewAuthState } from '../sessions.ts';
import { matchingStep } from '../totp.ts';
import { countAttempt, proveCode } from './code.ts';
import { advance } from './custom.ts';
import { askForMethod } from './mfa.ts';
import { afterSecondFactor } from './progress.ts';
import { refuseUnusable, type SignInAnswer, type SignInCall } from './sign-in.ts';
import { knownSubject, type SignInSubject } from './subject.ts';

/** Spends the state; refused when a parallel answer was faster. */
export type Spend = () => Promise<void>;

/** EMAIL_OTP, SMS_OTP and SMS_MFA: the code is a first factor or a second one, as the state says. */
export async function answerCode(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
  spend: Spend,
): Promise<SignInAnswer> {
  await proveCode(engine, call, who, state);
  await spend();
  const user = userOf(who);
  refuseUnusable(engine, user);
  const verified = await withVerified(engine, user, state.code?.attribute);
  if (!state.isSecondFactor) return afterSecondFactor(engine, call, who, verified, state.flow);
  return afterMfa(engine, call, verified, state);
}

export async function answerSoftwareToken(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
  spend: Spend,
): Promise<SignInAnswer> {
  const code = call.parameters.SOFTWARE_TOKEN_MFA_CODE;
  if (!code) throw invalidParameter('Missing required parameter SOFTWARE_TOKEN_MFA_CODE');
  const user = await proveSoftwareToken(engine, who, code);
  await spend();
  return afterMfa(engine, call, user, state);
}

/** The chosen method's challenge. Documentation and clients disagree on what e-mail is called here: both names do. */
export function answerMfaChoice(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<SignInAnswer> | SignInAnswer {
  const answer = call.parameters.ANSWER === 'EMAIL_MFA' ? 'EMAIL_OTP' : call.parameters.ANSWER;
  if (!answer) throw invalidParameter('Missing required parameter ANSWER');
  if (!state.offers?.includes(answer)) throw invalidParameter('The selected MFA type is not available.');
  return askForMethod(engine, call, who, answer as MfaMethod, carried(state));
}

/** Ends a setup on the way in: the authenticator app that was proven is the user's second factor from now on. */
export async function answerMfaSetup(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<SignInAnswer> {
  if (call.parameters.EMAIL) return setUpEmail(engine, call, who, state, call.parameters.EMAIL);
  const { setup } = state;
  if (!setup || setup.step === undefined) {
    throw invalidParameter('User has not verified software token mfa');
  }
  const { secret, step } = setup;
  const user = await engine.directory.update(userOf(who), (current) => {
    if (current.softwareToken?.secret) throw invalidSession();
    return {
      softwareToken: { secret, spentSteps: [step], ...(setup.name ? { name: setup.name } : {}) },
      mfa: {
        ...current.mfa,
        enabled: [...(current.mfa?.enabled ?? []), 'SOFTWARE_TOKEN_MFA'],
        preferred: 'SOFTWARE_TOKEN_MFA',
      },
    };
  });
  if (state.flow === 'CUSTOM') {
    return advance(engine, call, knownSubject(engine, user, state.typedName), state.rounds);
  }
  return afterSecondFactor(engine, call, who, user, state.flow, state.source);
}

/** An address given on the way in becomes the second factor once its code came back. */
async function setUpEmail(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
  email: string,
): Promise<SignInAnswer> {
  if (!state.offers?.includes('EMAIL_OTP')) throw invalidParameter('EMAIL_OTP cannot be set up.');
  checkValues(call.pool, { email });
  const user = await engine.directory.update(userOf(who), ({ attributes }) => {
    if (attributes.email) throw invalidSession();
    return { attributes: { ...attributes, email, email_verified: 'false' } };
  });
  const now = knownSubject(engine, user, state.typedName);
  return askForMethod(engine, call, now, 'EMAIL_OTP', carried(state));
}

const rememberedSteps = 8;

/**
 * Checks a code of the user's authenticator app, each code once. Both the cloud's and the machine's time count: an
 * app does not follow a clock that a test moved.
 * @throws AwsError `CodeMismatchException`, `ExpiredCodeException` for a used one
 */
async function proveSoftwareToken(engine: Engine, who: SignInSubject, code: string): Promise<User> {
  const user = userOf(who);
  const { secret } = user.softwareToken ?? {};
  if (!secret) throw noSoftwareToken();
  const step = matchingStep(secret, code, [engine.cloud.clock.now(), Date.now()]);
  const isSpent = step !== undefined && isSpentIn(user, step);
  await countAttempt(engine, who, step !== undefined && !isSpent, isSpent ? codeUsed : wrongToken);
  return engine.directory.update(user, (current) => {
    if (step === undefined || isSpentIn(current, step) || current.softwareToken?.secret !== secret)
      throw codeUsed();
    const spentSteps = [...current.softwareToken.spentSteps, step].slice(-rememberedSteps);
    return { softwareToken: { ...current.softwareToken, spentSteps } };
  });
}

const isSpentIn = ({ softwareToken }: User, step: number): boolean =>
  softwareToken?.spentSteps.includes(step) ?? false;

const wrongToken = () => new AwsError('CodeMismatchException', 'Invalid code received for user');
const codeUsed = () =>
  new AwsError('ExpiredCodeException', 'Your software token has already been used once.');
export const noSoftwareToken = () =>
  new AwsError('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.');

/** In a custom flow the trigger sees the second factor as a round; elsewhere only the device is left. */
function afterMfa(engine: Engine, call: SignInCall, user: User, state: AuthState): Promise<SignInAnswer> {
  const who = knownSubject(engine, user, state.typedName);
  if (state.flow !== 'CUSTOM') return afterSecondFactor(engine, call, who, user, state.flow, state.source);
  const passed = { challengeName: state.expects, challengeResult: true };
  return advance(engine, call, who, [...state.rounds, passed]);
}

/** What arrived at an address proves the address. */
function withVerified(engine: Engine, user: User, attribute: string | undefined): Promise<User> {
  const flag = `${attribute}_verified`;
  if (!attribute || user.attributes[flag] === 'true') return Promise.resolve(user);
  return engine.directory.update(user, ({ attributes }) => ({
    attributes:
      attributes[attribute] === user.attributes[attribute] ? { ...attributes, [flag]: 'true' } : attributes,
  }));
}

const carried = ({
  flow,
  rounds,
  source,
}: AuthState): Pick<NewAuthState, 'flow'> & Partial<NewAuthState> => ({
  flow,
  rounds,
  ...(source ? { source } : {}),
});

function userOf({ subject }: SignInSubject): User {
  if (!subject.known) throw invalidSession();
  return subject.user;
}
