import type { Clock, Collection, Store } from '../platform.ts';
import { limitExceeded, notAuthorized } from './errors.ts';

const hourMs = 3_600_000;

/** Calls per user and hour. Where AWS gives a range that depends on risk, its upper end. */
export const hourlyLimits = {
  ForgotPassword: 20,
  ConfirmForgotPassword: 20,
  ResendConfirmationCode: 5,
  GetUserAttributeVerificationCode: 5,
  ChangePassword: 5,
  ConfirmSignUp: 15,
  VerifyUserAttribute: 15,
  /** Codes by e-mail on the way in. */
  EmailOtp: 20,
} as const;

export const passwordLockout = { freeFailures: 5, firstMs: 1_000, longestMs: 15 * 60_000 } as const;

interface Failures {
  readonly count: number;
  /** Epoch milliseconds of the newest failure. */
  readonly at: number;
}

/**
 * Counts what a user may do only so often. Counting happens before the first wait of a request, so that parallel
 * requests cannot share one count; the name may belong to nobody, so that unknown users look like known ones.
 */
export class Limits {
  private readonly calls: Collection<readonly number[]>;
  private readonly failures: Collection<Failures>;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.calls = store.collection('cognito-limits');
    this.failures = store.collection('cognito-lockouts');
    this.clock = clock;
  }

  /** @throws AwsError `LimitExceededException` when the hour's calls are used up */
  take(operation: keyof typeof hourlyLimits, poolId: string, name: string): Promise<void> {
    const key = `${poolId}/${name}/${operation}`;
    const now = this.clock.now();
    const recent = (this.calls.get(key) ?? []).filter((time) => time > now - hourMs);
    if (recent.length >= hourlyLimits[operation]) throw limitExceeded();
    return this.calls.set(key, [...recent, now]);
  }

  /** @throws AwsError `NotAuthorizedException` while the password of this name is locked, right or wrong */
  refuseLocked(poolId: string, name: string): void {
    const failures = this.failures.get(`${poolId}/${name}`);
    if (failures && this.clock.now() < failures.at + lockMs(failures.count)) {
      throw notAuthorized('Password attempts exceeded');
    }
  }

  passwordFailed(poolId: string, name: string): Promise<void> {
    const key = `${poolId}/${name}`;
    const now = this.clock.now();
    const before = this.failures.get(key);
    const forgotten = before !== undefined && now > before.at + passwordLockout.longestMs;
    return this.failures.set(key, { count: (forgotten ? 0 : (before?.count ?? 0)) + 1, at: now });
  }

  passwordProven(poolId: string, name: string): Promise<void> {
    const key = `${poolId}/${name}`;
    return this.failures.has(key) ? this.failures.delete(key) : Promise.resolve();
  }
}

/** One second after the free failures, doubled by each further one. */
function lockMs(failures: number): number {
  const beyond = failures - passwordLockout.freeFailures;
  return beyond < 0 ? 0 : Math.min(passwordLockout.firstMs * 2 ** beyond, passwordLockout.longestMs);
}
