import { smsShape } from '../adapters/sms.ts';
import type { CodePolicy } from '../core/challenge/flow.ts';
import { defaultWeights, policyVersion } from '../core/risk/decide.ts';
import type { RiskPolicy } from '../core/risk/decision.ts';
import { boolean, integer, oneOf, readEnv, text } from '../env.ts';

/** Everything an operator tunes about sign-in, with its bounds and defaults. */
export const readSignInEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  readEnv(
    {
      RISK_TABLE: text(),
      CONSENTS_TABLE: text(),
      AUDIT_TABLE: text(),
      AUDIT_TTL_DAYS: integer(30, 90, 90),
      SIGNING_SECRET: text(),
      PSEUDONYM_SECRET: text(),
      PROFILES_TABLE: text(),
      SEALING_SECRET: text(),
      RELYING_PARTY_ID: text(),
      PASSKEY_ORIGINS: text(),
      CLIENTS_PARAMETER: text(),
      RISK_MODE: oneOf(['enforce', 'monitor'], 'enforce'),
      RISK_CHALLENGE_AT: integer(1, 100, 30),
      RISK_DENY_AT: integer(1, 1_000, 100),
      RISK_DORMANT_DAYS: integer(1, 3_650, 90),
      RISK_PROOF_MAX_AGE_DAYS: integer(1, 3_650, 30),
      RISK_ACCOUNT_FAILURE_LIMIT: integer(1, 1_000, 10),
      RISK_ADDRESS_FAILURE_LIMIT: integer(1, 10_000, 30),
      CONTEXT_MANDATORY: boolean(false),
      MIGRATION_TABLE: text(''),
      ...smsShape,
      CODE_LIFETIME_SECONDS: integer(60, 600, 300),
      CODE_ATTEMPTS: integer(1, 5, 3),
      CODE_RESENDS: integer(0, 5, 2),
      CODE_ACCOUNT_LIMIT: integer(3, 100, 10),
      CODE_MAILS_PER_ACCOUNT_PER_HOUR: integer(3, 100, 10),
    },
    source,
  );

export type SignInEnv = ReturnType<typeof readSignInEnv>;

/** @throws Error when a denial would come before a challenge */
export function riskPolicy(env: SignInEnv): RiskPolicy {
  if (env.RISK_DENY_AT <= env.RISK_CHALLENGE_AT) {
    throw new Error('environment: RISK_DENY_AT: expected a value above RISK_CHALLENGE_AT');
  }
  return {
    version: policyVersion,
    mode: env.RISK_MODE,
    challengeAt: env.RISK_CHALLENGE_AT,
    denyAt: env.RISK_DENY_AT,
    dormantDays: env.RISK_DORMANT_DAYS,
    proofMaxAgeDays: env.RISK_PROOF_MAX_AGE_DAYS,
    accountFailureLimit: env.RISK_ACCOUNT_FAILURE_LIMIT,
    addressFailureLimit: env.RISK_ADDRESS_FAILURE_LIMIT,
    contextMandatory: env.CONTEXT_MANDATORY,
    weights: defaultWeights,
  };
}

export const codePolicy = (env: SignInEnv): CodePolicy => ({
  lifetimeSeconds: env.CODE_LIFETIME_SECONDS,
  attempts: env.CODE_ATTEMPTS,
  resends: env.CODE_RESENDS,
  accountLimit: env.CODE_ACCOUNT_LIMIT,
  accountMails: env.CODE_MAILS_PER_ACCOUNT_PER_HOUR,
});
