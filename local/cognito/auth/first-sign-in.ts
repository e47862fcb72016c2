import type { ClientCall, Engine } from '../engine.ts';
import { invalidSession } from '../errors.ts';
import type { User } from '../model.ts';
import type { Awaited } from '../sessions.ts';
import { stateFor } from './sign-in.ts';
import { knownSubject } from './subject.ts';

/** Whether a sign-up of this client may go on as a choice-based sign-in. */
export const goesOnAsSignIn = ({ client }: ClientCall): boolean =>
  client.settings.ExplicitAuthFlows?.includes('ALLOW_USER_AUTH') ?? false;

/** What SignUp answers, for ConfirmSignUp. */
export const signUpSession = (engine: Engine, call: ClientCall, user: User, typedName: string): string =>
  seal(engine, call, user, typedName, 'CONFIRMATION');

/** What ConfirmSignUp answers, for InitiateAuth: the code was the first factor. */
export const firstSignInSession = (engine: Engine, call: ClientCall, user: User, typedName: string): string =>
  seal(engine, call, user, typedName, 'FIRST_SIGN_IN');

/**
 * Reads the session of a sign-up.
 * @returns what spends it, once the code was right
 * @throws AwsError `NotAuthorizedException` unless it is of this user and client
 */
export function openSignUp(
  engine: Engine,
  call: ClientCall,
  user: User,
  session: string,
): () => Promise<void> {
  const state = engine.sessions.open(session, call.client.id, 'CONFIRMATION');
  if (state.sub !== user.sub) throw invalidSession();
  return () => engine.sessions.close(state);
}

const seal = (engine: Engine, call: ClientCall, user: User, typedName: string, awaits: Awaited): string =>
  engine.sessions.seal(stateFor(engine, call, knownSubject(engine, user, typedName), 'USER_AUTH', awaits));
