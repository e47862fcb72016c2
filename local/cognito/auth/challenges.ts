import { checkSecretHash } from '../client-secret.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter, invalidSession, notImplementedLocally } from '../errors.ts';
import type { AuthState } from '../sessions.ts';
import { advance, judgeAnswer } from './custom.ts';
import { acceptNewPassword } from './new-password.ts';
import { afterPassword, proveSrp } from './password.ts';
import { completeSignIn, refuseUnusable, type SignInAnswer, type SignInCall, subjectOf } from './sign-in.ts';
import { knownSubject, type SignInSubject } from './subject.ts';

interface Challenge {
  /** The sealed state an answer continues: the session, or SRP's secret block. */
  stateOf(call: SignInCall, session: string | undefined): string | undefined;
  answer(engine: Engine, call: SignInCall, who: SignInSubject, state: AuthState): Promise<SignInAnswer>;
}

const passwordVerifier: Challenge = {
  stateOf: (call) => call.parameters.PASSWORD_CLAIM_SECRET_BLOCK,
  answer: async (engine, call, who, state) => {
    const user = await proveSrp(engine, call, who, state);
    if (state.flow !== 'CUSTOM') return afterPassword(engine, call, who, user, 'SRP');
    refuseUnusable(engine, user);
    const proven = { challengeName: 'PASSWORD_VERIFIER', challengeResult: true };
    return advance(engine, call, who, [...state.rounds, proven]);
  },
};

const customChallenge: Challenge = {
  stateOf: (_call, session) => session,
  answer: async (engine, call, who, state) =>
    advance(engine, call, who, await judgeAnswer(engine, call, who, state)),
};

const newPasswordRequired: Challenge = {
  stateOf: (_call, session) => session,
  answer: async (engine, call, who, state) => {
    const user = await acceptNewPassword(engine, call, who);
    if (state.flow !== 'CUSTOM') return completeSignIn(engine, call, user, 'NewPasswordChallenge');
    const renewed = { challengeName: 'NEW_PASSWORD_REQUIRED', challengeResult: true };
    const now = knownSubject(engine, user, state.typedName);
    return advance(engine, call, now, [...state.rounds, renewed]);
  },
};

const challenges: Readonly<Record<string, Challenge>> = {
  PASSWORD_VERIFIER: passwordVerifier,
  CUSTOM_CHALLENGE: customChallenge,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
};

/** Answers one challenge. The state is spent before anything else, so an answer counts once, right or wrong. */
export async function answerChallenge(
  engine: Engine,
  call: SignInCall,
  name: string,
  session: string | undefined,
): Promise<SignInAnswer> {
  const challenge = challenges[name];
  if (!challenge) throw notImplementedLocally(`The challenge ${name}`);
  const username = call.parameters.USERNAME;
  if (!username) throw invalidParameter('Missing required parameter USERNAME');
  const sealed = challenge.stateOf(call, session);
  if (!sealed) throw invalidSession();
  const { state, durable } = engine.sessions.spend(sealed, call.client.id, name);
  const sessionSpent = spendSession(engine, call, state, name, session);
  const who = subjectOf(engine, call, state, username);
  checkSecretHash(call.client, call.parameters.SECRET_HASH, [username, who.typedName, who.publicName]);
  const [answer] = await Promise.all([challenge.answer(engine, call, who, state), durable, sessionSpent]);
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
