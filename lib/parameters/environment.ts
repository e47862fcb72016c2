import type { OperatorParameters } from './operator-parameters.ts';

/** Environment values of the risk decision, as `sign-in` reads them. */
export const riskEnvironment = (parameters: OperatorParameters) => ({
  RISK_MODE: parameters.text('RiskMode'),
  RISK_CHALLENGE_AT: parameters.text('RiskChallengeAt'),
  RISK_DENY_AT: parameters.text('RiskDenyAt'),
  RISK_DORMANT_DAYS: parameters.text('RiskDormantDays'),
  RISK_PROOF_MAX_AGE_DAYS: parameters.text('RiskProofMaxAgeDays'),
  RISK_ACCOUNT_FAILURE_LIMIT: parameters.text('RiskAccountFailureLimit'),
  RISK_ADDRESS_FAILURE_LIMIT: parameters.text('RiskAddressFailureLimit'),
  CONTEXT_MANDATORY: parameters.text('ContextMandatory'),
});

/** Environment values of one-time codes, as `sign-in` reads them. */
export const codeEnvironment = (parameters: OperatorParameters) => ({
  CODE_LIFETIME_SECONDS: parameters.text('CodeLifetimeSeconds'),
  CODE_ATTEMPTS: parameters.text('CodeAttempts'),
  CODE_RESENDS: parameters.text('CodeResends'),
  CODE_ACCOUNT_LIMIT: parameters.text('CodeAccountLimit'),
  CODE_MAILS_PER_ACCOUNT_PER_HOUR: parameters.text('CodeMailsPerAccountPerHour'),
});

/** Absolute lifetime of a session, and of Cognito's refresh token, when the configuration says nothing. */
export const defaultSessionDays = 30;

/** Environment values of session lifetimes, as the authorizer and the APIs read them. */
export const lifetimeEnvironment = (parameters: OperatorParameters, sessionDays: number) => ({
  SESSION_DAYS: `${sessionDays}`,
  SESSION_IDLE_HOURS: parameters.text('SessionIdleHours'),
  STRONG_SESSION_HOURS: parameters.text('StrongSessionHours'),
  STRONG_SESSION_IDLE_MINUTES: parameters.text('StrongSessionIdleMinutes'),
});

/** Environment values of passkeys, as `sign-in` and `account-api` read them. */
export const passkeyEnvironment = (parameters: OperatorParameters, relyingPartyId: string) => ({
  RELYING_PARTY_ID: relyingPartyId,
  PASSKEY_ORIGINS: parameters.text('PasskeyOrigins'),
});

/** Environment values of the toll-fraud brake, as every function that sends texts reads them. */
export const smsEnvironment = (parameters: OperatorParameters) => ({
  SMS_PER_ACCOUNT_PER_DAY: parameters.text('SmsPerAccountPerDay'),
  SMS_PER_ADDRESS_PER_HOUR: parameters.text('SmsPerAddressPerHour'),
  SMS_PER_PREFIX_PER_HOUR: parameters.text('SmsPerPrefixPerHour'),
  SMS_PER_COUNTRY_PER_HOUR: parameters.text('SmsPerCountryPerHour'),
  SMS_PER_DAY: parameters.text('SmsPerDay'),
  SMS_CONVERSION_PERCENT: parameters.text('SmsConversionPercent'),
  SMS_CONVERSION_AFTER: parameters.text('SmsConversionAfter'),
});
