import type { StepUpDemand } from '../errors.ts';
import type { Factors } from '../factor/factor.ts';
import type { Method } from '../risk/decision.ts';

/** NIST SP 800-63B-4: 2 takes two factors, one of them not by e-mail. */
export type AssuranceLevel = 1 | 2;

/** A passkey is two factors in one: we ask for user verification. */
const alone: readonly Method[] = ['passkey'];
const besidePassword: readonly Method[] = ['passkey', 'totp', 'sms-code', 'recovery-code'];

/** Level of what was proven. E-mail is no out-of-band factor, so a code or a link by mail raises nothing. */
export function levelOf(proven: readonly Method[]): AssuranceLevel {
  const has = (some: readonly Method[]) => some.some((method) => proven.includes(method));
  return has(alone) || (proven.includes('password') && has(besidePassword)) ? 2 : 1;
}

/** Best level that somebody with these factors can reach. */
export const reachableLevel = ({ passkeys, totp, phone, recoveryCodes }: Factors): AssuranceLevel =>
  passkeys.length > 0 || totp || phone || recoveryCodes ? 2 : 1;

/** What a session has proven, and when. */
export interface Standing {
  readonly level: AssuranceLevel | 0;
  /** Epoch seconds of the sign-in or of the last step-up. */
  readonly authenticatedAt: number;
}

/** A proof dated after `nowSeconds` is as good as none, so that a wrong clock fails closed. */
export const meets = (
  { level, authenticatedAt }: Standing,
  demand: StepUpDemand,
  nowSeconds: number,
): boolean => {
  const age = nowSeconds - authenticatedAt;
  return level >= demand.level && age >= -clockSkewSeconds && age <= demand.maxAgeSeconds;
};

/** Cognito's clock and ours: `auth_time` has whole seconds and comes from another machine. */
const clockSkewSeconds = 5;
