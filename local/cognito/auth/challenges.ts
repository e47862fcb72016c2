import { checkSecretHash } from '../client-secret.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter, invalidSession, notImplementedLocally } from '../errors.ts';
import type { AuthState } from '../sessions.ts';
import { advance, judgeAnswer } from './custom.ts';
import { answerDeviceSrp, answerDeviceVerifier } from './device.ts';
import { askForSecondFactor, secondFactors } from './mfa.ts';
import {
  answerCode,
  answerMfaChoice,
  answerMfaSetup,
  answerSoftwareToken,
  type Spend,
} from './mfa-answers.ts';
import { acceptNewPassword } from './new-password.ts';
import { provePasskey } from './passkey.ts';
import { afterPassword, proveSrp } from './password.ts';
import { afterFirstFactor, afterSecondFactor } from './progress.ts';
import { refuseUnusable, type SignInAnswer, type SignInCall, subjectOf } from './sign-in.ts';
import { knownSubject, type SignInSubject } from './subject.ts';
import { choose, signInByPassword, signInBySrp } from './user-auth.ts';

interface Challenge {
  /** Whether the state travels as SRP's secret block instead of the session. */
  readonly inSecretBlock?: boolean;
  /** Whether a wrong answer may be corrected: then the right one spends the state, else any answer does. */
  readonly isCorrectable?: boolean;
  answer(
    engine: Engine,
    call: SignInCall,
    who: SignInSubject,
    state: AuthState,
    spend: Spend,
  ): Promise<SignInAnswer> | SignInAnswer;
}

const passwordVerifier: Challenge = {
  inSecretBlock: true,
  answer: async (engine, call, who, state) => {
    const user = await proveSrp(engine, call, who, state);
    if (state.flow !== 'CUSTOM') {
      return afterPassword(engine, call, who, user, state.flow);
    }
    refuseUnusable(engine, user);
    const rounds = [...state.rounds, { challengeName: 'PASSWORD_VERIFIER', challengeResult: true }];
    const factors = secondFactors(call.pool, user);
    if (factors.kind === 'none') return advance(engine, call, who, rounds);
    return askForSecondFactor(engine, call, who, factors, { flow: 'CUSTOM', rounds });
  },
};

const customChallenge: Challenge = {
  answer: async (engine, call, who, state) =>
    advance(engine, call, who, await judgeAnswer(engine, call, who, state)),
};

const newPasswordRequired: Challenge = {
  answer: async (engine, call, who, state) => {
    const user = await acceptNewPassword(engine, call, who);
    const now = knownSubject(engine, user, state.typedName);
    if (state.flow !== 'CUSTOM') {
      return afterFirstFactor(engine, call, now, user, state.flow, 'NewPasswordChallenge');
    }
    const renewed = { challengeName: 'NEW_PASSWORD_REQUIRED', challengeResult: true };
    return advance(engine, call, now, [...state.rounds, renewed]);
  },
};

const passkey: Challenge = {
  answer: async (engine, call, who, state) =>
    afterSecondFactor(engine, call, who, await provePasskey(engine, call, who, state), state.flow),
};

const code: Challenge = { isCorrectable: true, answer: answerCode };

const challenges: Readonly<Record<string, Challenge>> = {
  PASSWORD_VERIFIER: passwordVerifier,
  CUSTOM_CHALLENGE: customChallenge,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  SELECT_CHALLENGE: { answer: choose },
  PASSWORD: { answer: signInByPassword },
  PASSWORD_SRP: { answer: signInBySrp },
  EMAIL_OTP: code,
  SMS_OTP: code,
  WEB_AUTHN: passkey,
  SMS_MFA: code,
  SOFTWARE_TOKEN_MFA: { isCorrectable: true, answer: answerSoftwareToken },
  SELECT_MFA_TYPE: { answer: answerMfaChoice },
  MFA_SETUP: { answer: answerMfaSetup },
  DEVICE_SRP_AUTH: { answer: answerDeviceSrp },
  DEVICE_PASSWORD_VERIFIER: { inSecretBlock: true, answer: answerDeviceVerifier },
};

/** Answers one challenge. Unless it can be corrected, the state is spent before anything else: an answer counts once. */
export async function answerChallenge(
  engine: Engine,
  given: SignInCall,
  name: string,
  session: string | undefined,
): Promise<SignInAnswer> {
  const challenge = challenges[name];
  if (!challenge) throw notImplementedLocally(`The challenge ${name}`);
  const username = given.parameters.USERNAME;
  if (!username) throw invalidParameter('Missing required parameter USERNAME');
  const sealed = challenge.inSecretBlock ? given.parameters.PASSWORD_CLAIM_SECRET_BLOCK : session;
  if (!sealed) throw invalidSession();
  const state = engine.sessions.open(sealed, given.client.id, name);
  const spend = () => engine.sessions.close(state);
  const durable = challenge.isCorrectable ? undefined : spend();
  const sessionSpent = spendSession(engine, given, state, name, session);
  const deviceKey = state.deviceKey ?? given.parameters.DEVICE_KEY;
  const call = deviceKey ? { ...given, deviceKey } : given;
  const who = subjectOf(engine, call, state, username);
  checkSecretHash(call.client, call.parameters.SECRET_HASH, [username, who.typedName, who.publicName]);
  const answered = challenge.answer(engine, call, who, state, spend);
  const [answer] = await Promise.all([answered, durable, sessionSpent]);
  return answer;
}

/** In a custom flow the password's answer carries two states; both end here and must be of one sign-in. */
function spendSession(
  engine: Engine,
  call: SignInCall,
  state: AuthState,
  name: string,
  session: string | undefined,
): Promise<void> {
  if (name !== 'PASSWORD_VERIFIER' || state.flow !== 'CUSTOM') return Promise.resolve();
  if (!session) throw invalidSession();
  const spent = engine.sessions.spend(session, call.client.id, name);
  if (spent.state.typedName !== state.typedName || spent.state.sub !== state.sub) throw invalidSession();
  return spent.durable;
}
