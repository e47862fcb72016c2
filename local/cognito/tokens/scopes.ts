import type { StringMap } from '../triggers/triggers.ts';

const email = ['email', 'email_verified'];
const phone = ['phone_number', 'phone_number_verified'];

/**
 * Attributes that scopes show, in the ID token and at the userInfo endpoint: `openid` alone everything readable, else what
 * `email`, `phone` and `profile` (the rest of the standard, and custom attributes) stand for.
 */
export function attributesOfScopes(readable: StringMap, scopes: readonly string[]): StringMap {
  const narrowing = ['email', 'phone', 'profile'].filter((scope) => scopes.includes(scope));
  if (narrowing.length === 0) return readable;
  const shown = (name: string): boolean => {
    if (email.includes(name)) return narrowing.includes('email');
    if (phone.includes(name)) return narrowing.includes('phone');
    return narrowing.includes('profile');
  };
  return Object.fromEntries(Object.entries(readable).filter(([name]) => shown(name)));
}
