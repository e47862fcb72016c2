import { checkRequired, checkValues, checkWritable, requiredNames } from '../attributes.ts';
import type { Engine } from '../engine.ts';
import { invalidParameter, invalidSession, notAuthorized } from '../errors.ts';
import type { User } from '../model.ts';
import { checkPasswordPolicy, newPassword } from '../passwords.ts';
import type { AuthState } from '../sessions.ts';
import { type SignInAnswer, type SignInCall, stateFor } from './sign-in.ts';
import type { SignInSubject } from './subject.ts';

const prefix = 'userAttributes.';

/** The challenge for someone who signed in with a temporary password. */
export function askForNewPassword(
  engine: Engine,
  call: SignInCall,
  who: SignInSubject,
  user: User,
  flow: AuthState['flow'],
  rounds: AuthState['rounds'] = [],
): SignInAnswer {
  const { sub: _hidden, ...attributes } = user.attributes;
  const missing = requiredNames(call.pool).filter((name) => !user.attributes[name]);
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ChallengeParameters: {
      USER_ID_FOR_SRP: who.publicName,
      requiredAttributes: JSON.stringify(missing.map((name) => `${prefix}${name}`)),
      userAttributes: JSON.stringify(attributes),
    },
    Session: engine.sessions.seal({ ...stateFor(engine, call, who, flow, 'NEW_PASSWORD_REQUIRED'), rounds }),
  };
}

/** Sets the new password and the attributes that came with it; the user is confirmed from now on. */
export function acceptNewPassword(engine: Engine, call: SignInCall, who: SignInSubject): Promise<User> {
  const { subject } = who;
  const password = call.parameters.NEW_PASSWORD;
  if (!subject.known || subject.user.status !== 'FORCE_CHANGE_PASSWORD') throw invalidSession();
  if (!password) throw invalidParameter('Missing required parameter NEW_PASSWORD');
  checkPasswordPolicy(call.pool, password);
  const given = Object.entries(call.parameters)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  const attributes = Object.fromEntries(given);
  refuseProvided(call, subject.user, Object.keys(attributes));
  checkWritable(call.client, Object.keys(attributes));
  checkValues(call.pool, attributes, subject.user.attributes);
  checkRequired(call.pool, { ...subject.user.attributes, ...attributes });
  return engine.directory.update(subject.user, (current) => ({
    ...newPassword(call.pool, current, password),
    attributes: { ...current.attributes, ...attributes },
    status: 'CONFIRMED',
    updatedAt: engine.cloud.clock.now(),
  }));
}

/** Only what is missing may be given here; a required attribute that has a value is changed by its own operation. */
function refuseProvided({ pool }: SignInCall, { attributes }: User, names: readonly string[]): void {
  const provided = requiredNames(pool).find((name) => names.includes(name) && attributes[name]);
  if (provided) throw notAuthorized(`Cannot modify an already provided ${provided}`);
}
