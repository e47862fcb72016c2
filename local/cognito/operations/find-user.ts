import type { Engine } from '../engine.ts';
import { userNotFound } from '../errors.ts';
import type { User } from '../model.ts';

/**
 * Whom an administrator's call is about: the `sub` names a local user, and only its user name somebody who came from a
 * provider (AWS SDK, `Username` of the Admin operations).
 * @throws AwsError `UserNotFoundException`, `ResourceNotFoundException`
 */
export function findUser(engine: Engine, input: { UserPoolId: string; Username: string }): User {
  engine.pools.get(input.UserPoolId);
  const user = engine.directory.get(input.UserPoolId, input.Username);
  if (user.status === 'EXTERNAL_PROVIDER' && input.Username === user.sub) throw userNotFound();
  return user;
}
