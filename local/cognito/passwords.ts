import { AwsError } from '../platform.ts';
import { type Engine, srpPoolName } from './engine.ts';
import { invalidParameter, invalidPassword } from './errors.ts';
import type { PasswordPolicy, Pool, User } from './model.ts';
import { isPasswordless } from './pool-factors.ts';
import { newPasswordVerifier, passwordMatches } from './srp.ts';

/** What AWS applies to a pool that states no policy. */
const defaultPolicy: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

const symbols = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;
const dayMs = 86_400_000;

export const passwordPolicy = (pool: Pool): PasswordPolicy =>
  pool.settings.Policies?.PasswordPolicy ?? defaultPolicy;

/** @throws AwsError `InvalidPasswordException` with the first rule that is broken */
export function checkPasswordPolicy(pool: Pool, password: string): void {
  const policy = passwordPolicy(pool);
  if (password.length < (policy.MinimumLength ?? 8)) throw invalidPassword('Password not long enough');
  if (policy.RequireLowercase && !/[a-z]/.test(password)) {
    throw invalidPassword('Password must have lowercase characters');
  }
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) {
    throw invalidPassword('Password must have uppercase characters');
  }
  if (policy.RequireNumbers && !/\d/.test(password)) {
    throw invalidPassword('Password must have numeric characters');
  }
  if (policy.RequireSymbols && !symbols.test(password)) {
    throw invalidPassword('Password must have symbol characters');
  }
}

/**
 * The password of a new user; none where they can sign in with a code.
 * @throws AwsError `InvalidParameterException`, `InvalidPasswordException`
 */
export function chosenPassword(pool: Pool, given: string | undefined): string | undefined {
  if (!given && isPasswordless(pool)) return undefined;
  if (given === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
    );
  }
  checkPasswordPolicy(pool, given);
  return given;
}

/** The change that gives a user a permanent password. @throws AwsError `PasswordHistoryPolicyViolationException` */
export function newPassword(pool: Pool, user: User, password: string): Partial<User> {
  const remembered = passwordPolicy(pool).PasswordHistorySize ?? 0;
  const history = [user.password, ...(user.passwordHistory ?? [])].filter((entry) => entry !== undefined);
  const name = srpPoolName(pool.id);
  if (history.slice(0, remembered).some((entry) => passwordMatches(entry, name, user.username, password))) {
    throw new AwsError('PasswordHistoryPolicyViolationException', 'Password has previously been used.');
  }
  return {
    password: newPasswordVerifier(name, user.username, password),
    passwordHistory: history.slice(0, Math.max(remembered - 1, 0)),
    temporaryUntil: undefined,
  };
}

/** The change that gives a user a password they must replace at their first sign-in. */
export function temporaryPassword(
  engine: Engine,
  pool: Pool,
  username: string,
  password: string,
): Partial<User> {
  const days = passwordPolicy(pool).TemporaryPasswordValidityDays ?? 7;
  return {
    password: newPasswordVerifier(srpPoolName(pool.id), username, password),
    temporaryUntil: engine.cloud.clock.now() + days * dayMs,
    status: 'FORCE_CHANGE_PASSWORD',
  };
}
