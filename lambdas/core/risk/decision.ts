import type { Pseudonym } from '../ids.ts';

/** Everything that can be proven; tokens name the methods as they are here. */
export const methods = [
  'password',
  'passkey',
  'totp',
  'sms-code',
  'recovery-code',
  'email-code',
  'magic-link',
] as const;
export type Method = (typeof methods)[number];
export type ChallengeMethod = Exclude<Method, 'password'>;

/** Methods by which a challenge can be passed, best first: a recovery code is what one keeps for the day without the others. */
export const challengeMethods = [
  'passkey',
  'totp',
  'sms-code',
  'email-code',
  'magic-link',
  'recovery-code',
] as const satisfies readonly ChallengeMethod[];

export const isChallengeMethod = (value: unknown): value is ChallengeMethod =>
  challengeMethods.some((method) => method === value);

/** Everything the decision point may know. Absent knowledge is `unknown`, never a favourable value. */
export interface DecisionContext {
  readonly now: number;
  readonly account: {
    readonly exists: boolean;
    /** Epoch milliseconds; `undefined` when it never signed in or the history was lost. */
    readonly lastSignInAt?: number;
    /** When a method beyond the password was last proven. */
    readonly lastProofAt?: number;
    /** Failed attempts (password and codes) in the current window. */
    readonly recentFailures: number;
  };
  readonly request:
    | {
        readonly context: 'unknown';
        readonly why: 'missing' | 'invalid' | 'expired' | 'replayed' | 'foreign';
      }
    | { readonly context: 'known'; readonly network: Pseudonym; readonly device?: Pseudonym };
  readonly device: 'known' | 'new' | 'unknown';
  readonly network: 'known' | 'new' | 'unknown';
  /** Failures seen from this address across all accounts in the window; absent when it was not consulted (known device). */
  readonly addressFailures?: number;
  /** Empty for a sign-in that begins without a password. */
  readonly proven: readonly Method[];
  /** A policy, or whoever asked for the sign-in, wants a challenge whatever the score. */
  readonly demanded?: true;
  readonly available: readonly ChallengeMethod[];
}

export type SignalCode =
  | 'CONTEXT_UNKNOWN'
  | 'DEVICE_NEW'
  | 'DEVICE_UNKNOWN'
  | 'NETWORK_NEW'
  | 'NETWORK_UNKNOWN'
  | 'ACCOUNT_FAILURES'
  | 'ADDRESS_FAILURES'
  | 'ACCOUNT_DORMANT'
  | 'PROOF_OLD';

export interface Reason {
  readonly code: SignalCode;
  readonly value: number | string;
  readonly weight: number;
}

/** Thresholds and weights; each value an operator tunes is a CloudFormation parameter of the same meaning. */
export interface RiskPolicy {
  readonly version: number;
  /** `monitor` computes and records the decision but never challenges or denies because of it. */
  readonly mode: 'enforce' | 'monitor';
  /** Score from which a challenge is required. 1 to 100. */
  readonly challengeAt: number;
  /** Score from which the attempt is denied. 1 to 1000, above `challengeAt`. */
  readonly denyAt: number;
  readonly dormantDays: number;
  readonly proofMaxAgeDays: number;
  readonly accountFailureLimit: number;
  readonly addressFailureLimit: number;
  /** Refuse flows without a valid signed context instead of raising their score. */
  readonly contextMandatory: boolean;
  readonly weights: Readonly<Record<SignalCode, number>>;
}

export interface Decision {
  readonly outcome: 'allow' | 'challenge' | 'deny';
  /** Acceptable methods, best first; empty unless `challenge`. */
  readonly methods: readonly ChallengeMethod[];
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly policyVersion: number;
  /** What would have happened under `enforce`; equals `outcome` there. */
  readonly enforcedOutcome: 'allow' | 'challenge' | 'deny';
}
