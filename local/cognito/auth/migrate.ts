import { randomUUID } from 'node:crypto';
import { checkValues } from '../attributes.ts';
import { type Engine, srpPoolName } from '../engine.ts';
import type { Pool, User } from '../model.ts';
import { newPasswordVerifier } from '../srp.ts';
import type { Migration } from '../triggers/responses.ts';

/** Creates the user a migration trigger vouched for. The pool's password policy does not apply to their password. */
export async function migrateUser(
  engine: Engine,
  pool: Pool,
  typedName: string,
  migration: Migration,
  password?: string,
): Promise<User> {
  const now = engine.cloud.clock.now();
  const sub = randomUUID();
  const byAttribute = (pool.settings.UsernameAttributes ?? []).length > 0;
  const username = byAttribute ? sub : typedName;
  const { username: _ignored, ...attributes } = migration.userAttributes;
  checkValues(pool, attributes);
  const user: User = {
    sub,
    username,
    poolId: pool.id,
    attributes,
    status: migration.finalUserStatus,
    enabled: true,
    groups: [],
    codes: {},
    pending: {},
    createdAt: now,
    updatedAt: now,
    ...(password ? { password: newPasswordVerifier(srpPoolName(pool.id), username, password) } : {}),
  };
  if (migration.forceAliasCreation) {
    await engine.directory.releaseAliases(user, pool.settings.AliasAttributes ?? []);
  }
  await engine.directory.insert(user, 'User already exists');
  return user;
}
