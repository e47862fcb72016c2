import type { Engine } from '../engine.ts';
import type { Pool, User } from '../model.ts';
import { relyingPartyOf } from '../passkeys.ts';
import { firstFactorsOf, passkeysAreMultiFactor, sendsSms } from '../pool-factors.ts';
import { chosenMethods } from './mfa.ts';
import type { SignInSubject } from './subject.ts';

const choices = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const;
export type Choice = (typeof choices)[number];

export const isChoice = (name: string): name is Choice => (choices as readonly string[]).includes(name);

/** First factors that this user can use now; a plausible, stable choice for someone who does not exist. */
export function offersTo(engine: Engine, pool: Pool, { subject, publicName }: SignInSubject): Choice[] {
  if (subject.known) return choicesFor(usableFactors(engine, pool, subject.user));
  const seed = engine.secrets.derive('unknown-offers', pool.id, publicName);
  const allowed = firstFactorsOf(pool).filter((factor) => isPossible(pool, factor));
  const offered = allowed.filter((factor, index) => factor === 'PASSWORD' || (seed[index] ?? 0) % 2 === 0);
  return choicesFor(offered.length > 0 ? offered : allowed.slice(0, 1));
}

/** As GetUserAuthFactors shows them, in the pool's order. */
export function usableFactors(engine: Engine, pool: Pool, user: User) {
  const hasMfa = pool.settings.MfaConfiguration === 'OPTIONAL' && chosenMethods(pool, user).length > 0;
  const passwordsOnly = hasMfa || pool.settings.MfaConfiguration === 'ON';
  return firstFactorsOf(pool).filter((factor) => {
    if (!owns(engine, pool, user, factor)) return false;
    if (!passwordsOnly || factor === 'PASSWORD') return true;
    return factor === 'WEB_AUTHN' && passkeysAreMultiFactor(pool) && user.mfa?.webAuthn === true;
  });
}

function owns(engine: Engine, pool: Pool, user: User, factor: string): boolean {
  const { attributes, passkeys = [] } = user;
  switch (factor) {
    case 'PASSWORD':
      return user.password !== undefined;
    case 'EMAIL_OTP':
      return (
        Boolean(attributes.email) && attributes.email_verified === 'true' && user.status !== 'UNCONFIRMED'
      );
    case 'SMS_OTP':
      return (
        Boolean(attributes.phone_number) &&
        attributes.phone_number_verified === 'true' &&
        sendsSms(pool.settings)
      );
    default:
      return passkeys.some(({ relyingPartyId }) => relyingPartyId === relyingPartyOf(engine, pool));
  }
}

/** While MFA is required, nobody is offered a single factor but the password. */
const isPossible = (pool: Pool, factor: string): boolean =>
  factor === 'PASSWORD' ||
  pool.settings.MfaConfiguration !== 'ON' ||
  (factor === 'WEB_AUTHN' && passkeysAreMultiFactor(pool));

const choicesFor = (factors: readonly string[]): Choice[] =>
  factors.flatMap((factor): Choice[] =>
    factor === 'PASSWORD' ? ['PASSWORD', 'PASSWORD_SRP'] : isChoice(factor) ? [factor] : [],
  );
