import { randomBytes } from 'node:crypto';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Engine } from '../engine.ts';
import { invalidParameter, wrongCredentials } from '../errors.ts';
import type { Passkey, User } from '../model.ts';
import { relyingPartyOf, userVerificationOf, verifySignIn, webAuthnError } from '../passkeys.ts';
import type { AuthState } from '../sessions.ts';
import { countAttempt } from './code.ts';
import { refuseUnusable, type SignInAnswer, type SignInCall, stateFor } from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

const challengeBytes = 32;
const browserTimeoutMs = 180_000;

/** Asks for a passkey. For someone who has none the list holds a stable invention. */
export function askForPasskey(engine: Engine, call: SignInCall, who: SignInSubject): SignInAnswer {
  const { pool } = call;
  const rpId = relyingPartyOf(engine, pool);
  if (!rpId) throw webAuthnError('ConfigurationMissing', 'The user pool has no relying party ID.');
  const challenge = randomBytes(challengeBytes).toString('base64url');
  const options = {
    challenge,
    timeout: browserTimeoutMs,
    rpId,
    allowCredentials: credentialsOf(engine, who, rpId),
    userVerification: verificationOf(call, who),
  };
  const state = {
    ...stateFor(engine, call, who, 'USER_AUTH', 'WEB_AUTHN'),
    passkeyChallenge: challenge,
  };
  return {
    ChallengeName: 'WEB_AUTHN',
    ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
    Session: engine.sessions.seal(state),
  };
}

/** @throws AwsError `NotAuthorizedException` unless one of the user's passkeys signed this challenge */
export async function provePasskey(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  state: AuthState,
): Promise<User> {
  const credential = readCredential(call);
  const { subject } = who;
  const expected = {
    challenge: state.passkeyChallenge ?? '',
    relyingPartyId: relyingPartyOf(engine, call.pool) ?? '',
    requireUserVerification: verificationOf(call, who) === 'required',
  };
  const used = subject.known ? await verifySignIn(subject.user, credential, expected) : undefined;
  await countAttempt(engine, who, used !== undefined, wrongCredentials);
  if (!used || !subject.known) throw wrongCredentials();
  refuseUnusable(engine, subject.user);
  return engine.directory.update(subject.user, (current) => ({ passkeys: counted(current, used) }));
}

/** Of two assertions with one count, one is a copy. */
function counted({ passkeys = [] }: User, used: Passkey): readonly Passkey[] {
  const now = passkeys.find(({ id }) => id === used.id);
  if (!now || (used.counter > 0 && used.counter <= now.counter)) throw wrongCredentials();
  return passkeys.map((passkey) => (passkey.id === used.id ? used : passkey));
}

/** Who made passkeys their MFA has to verify themselves with each. */
function verificationOf({ pool }: SignInCall, { subject }: SignInSubject): 'required' | 'preferred' {
  const isSecondFactor =
    pool.settings.MfaConfiguration === 'ON' || (subject.known && subject.user.mfa?.webAuthn);
  return isSecondFactor ? 'required' : userVerificationOf(pool);
}

function credentialsOf(engine: Engine, { subject, publicName, poolId }: SignInSubject, rpId: string) {
  if (!subject.known) {
    const invented = engine.secrets.derive('unknown-passkey', poolId, publicName).toString('base64url');
    return [{ type: 'public-key', id: invented, transports: ['internal', 'hybrid'] }];
  }
  return (subject.user.passkeys ?? [])
    .filter(({ relyingPartyId }) => relyingPartyId === rpId)
    .map(({ id, transports }) => ({ type: 'public-key', id, transports }));
}

function readCredential(call: SignInCall): AuthenticationResponseJSON {
  const given = call.parameters.CREDENTIAL;
  if (!given) throw invalidParameter('Missing required parameter CREDENTIAL');
  try {
    return Object(JSON.parse(given)) as AuthenticationResponseJSON;
  } catch {
    throw invalidParameter('CREDENTIAL is not JSON.');
  }
}
