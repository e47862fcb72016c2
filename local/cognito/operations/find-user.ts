import type { Engine } from '../engine.ts';
import type { User } from '../model.ts';

/** Whom an administrator's call is about. @throws AwsError `UserNotFoundException`, `ResourceNotFoundException` */
export function findUser(engine: Engine, input: { UserPoolId: string; Username: string }): User {
  engine.pools.get(input.UserPoolId);
  return engine.directory.get(input.UserPoolId, input.Username);
}
