import { invalidParameter } from './errors.ts';
import type { FirstFactor, MfaMethod, Pool, PoolFactors, PoolSettings } from './model.ts';
import { requireTier } from './tier.ts';

/** First factors of choice-based sign-in; a pool that names none has the password. */
export const firstFactorsOf = ({ settings }: Pick<Pool, 'settings'>): readonly FirstFactor[] =>
  settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'];

export const allowsFirstFactor = (pool: Pick<Pool, 'settings'>, factor: FirstFactor): boolean =>
  firstFactorsOf(pool).includes(factor);

/** Whether people may do without a password: they can get a code instead. */
export const isPasswordless = (pool: Pool): boolean =>
  firstFactorsOf(pool).some((factor) => factor === 'EMAIL_OTP' || factor === 'SMS_OTP');

export const mfaMethodsOf = (pool: Pool): readonly MfaMethod[] => pool.factors?.mfa ?? [];

/** A passkey with user verification may stand for both factors. */
export const passkeysAreMultiFactor = (pool: Pool): boolean =>
  pool.factors?.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION';

const sendsOwnMail = ({ EmailConfiguration }: PoolSettings): boolean =>
  EmailConfiguration?.EmailSendingAccount === 'DEVELOPER';

export const sendsSms = ({ SmsConfiguration: sms }: PoolSettings): boolean =>
  Boolean(sms?.SnsCallerArn ?? sms?.EumsSms);

/**
 * The combinations of factors that AWS refuses, before anyone is locked out by them.
 * @throws AwsError `InvalidParameterException`, `FeatureUnavailableInTierException`
 */
export function checkFactors(settings: PoolSettings, factors: PoolFactors | undefined): void {
  checkFirstFactors(settings);
  const methods = factors?.mfa ?? [];
  if (settings.SmsConfiguration?.SnsCallerArn && settings.SmsConfiguration.EumsSms) {
    throw invalidParameter('SmsConfiguration takes either SnsCallerArn or EumsSms, not both.');
  }
  if (methods.includes('SMS_MFA') && !sendsSms(settings)) {
    throw invalidParameter('SMS MFA needs an SmsConfiguration.');
  }
  if (methods.includes('EMAIL_OTP')) {
    requireTier({ settings }, 'ESSENTIALS', 'Email MFA');
    if (!sendsOwnMail(settings)) throw invalidParameter('Email MFA needs EmailSendingAccount DEVELOPER.');
  }
  if (settings.MfaConfiguration === 'ON') checkRequiredMfa(settings, methods);
}

function checkFirstFactors(settings: PoolSettings): void {
  const factors = firstFactorsOf({ settings });
  if (factors.every((factor) => factor === 'PASSWORD')) return;
  requireTier({ settings }, 'ESSENTIALS', 'Passwordless sign-in');
  if (factors.length === 1 && factors[0] === 'WEB_AUTHN') {
    throw invalidParameter('WEB_AUTHN needs at least one other first authentication factor.');
  }
  if (factors.includes('EMAIL_OTP') && !sendsOwnMail(settings)) {
    throw invalidParameter('EMAIL_OTP needs EmailSendingAccount DEVELOPER.');
  }
  if (factors.includes('SMS_OTP') && !sendsSms(settings)) {
    throw invalidParameter('SMS_OTP needs an SmsConfiguration.');
  }
}

function checkRequiredMfa(settings: PoolSettings, methods: readonly MfaMethod[]): void {
  if (methods.length === 0) {
    throw invalidParameter('MfaConfiguration ON needs at least one enabled MFA method.');
  }
  if (firstFactorsOf({ settings }).some((factor) => factor === 'EMAIL_OTP' || factor === 'SMS_OTP')) {
    throw invalidParameter('EMAIL_OTP and SMS_OTP cannot be first factors while MFA is required.');
  }
}
