import { chosenMethods } from './auth/mfa.ts';
import type { MfaMethod, Pool, User } from './model.ts';

type Address = 'email' | 'phone_number';

const secondFactorAt: Readonly<Record<Address, MfaMethod>> = { email: 'EMAIL_OTP', phone_number: 'SMS_MFA' };

/**
 * Where a forgotten password's code goes: the first mechanism of the pool whose address is verified. What is a second
 * factor of the user is no recovery: one mailbox would open both locks.
 */
export function recoveryAddress(pool: Pool, user: User): Address | undefined {
  const taken = chosenMethods(pool, user);
  return mechanismsOf(pool).find(
    (name) =>
      Boolean(user.attributes[name]) &&
      user.attributes[`${name}_verified`] === 'true' &&
      !taken.includes(secondFactorAt[name]),
  );
}

/** A pool that says nothing prefers the phone, once it sends SMS. */
function mechanismsOf({ settings }: Pool): readonly Address[] {
  const configured = settings.AccountRecoverySetting?.RecoveryMechanisms;
  if (!configured) return settings.SmsConfiguration ? ['phone_number', 'email'] : ['email'];
  const byPriority = [...configured].sort((a, b) => a.Priority - b.Priority).map(({ Name }) => Name);
  return byPriority.flatMap((name): Address[] => {
    if (name === 'verified_email') return ['email'];
    return name === 'verified_phone_number' ? ['phone_number'] : [];
  });
}
