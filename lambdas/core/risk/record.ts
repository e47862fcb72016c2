import { decide, defaultWeights, policyVersion } from './decide.ts';
import type { Decision, DecisionContext, RiskPolicy } from './decision.ts';

/** Everything that a decision was made from, so that it can be made again bit for bit. No raw personal data. */
export interface DecisionRecord {
  readonly context: DecisionContext;
  /** Thresholds in force; the weights belong to the version. */
  readonly policy: StoredPolicy;
  readonly decision: Decision;
}

/** `[version, mode, challengeAt, denyAt, dormantDays, proofMaxAgeDays, accountFailureLimit, addressFailureLimit, contextMandatory]`: a tuple, because the record has to fit one write unit. */
export type StoredPolicy = readonly [
  number,
  RiskPolicy['mode'],
  number,
  number,
  number,
  number,
  number,
  number,
  boolean,
];

export const storedPolicy = (policy: RiskPolicy): StoredPolicy => [
  policy.version,
  policy.mode,
  policy.challengeAt,
  policy.denyAt,
  policy.dormantDays,
  policy.proofMaxAgeDays,
  policy.accountFailureLimit,
  policy.addressFailureLimit,
  policy.contextMandatory,
];

/** @throws Error for a version that this code does not know: its weights are gone from here, ask an older release */
export function restoredPolicy([version, mode, ...rest]: StoredPolicy): RiskPolicy {
  if (version !== policyVersion) throw new Error(`policy version ${version}: expected ${policyVersion}`);
  const [challengeAt, denyAt, dormantDays, proofMaxAgeDays, accountFailureLimit, addressFailureLimit] = rest;
  return {
    version,
    mode,
    challengeAt,
    denyAt,
    dormantDays,
    proofMaxAgeDays,
    accountFailureLimit,
    addressFailureLimit,
    contextMandatory: rest[6],
    weights: defaultWeights,
  };
}

export const recordDecision = (context: DecisionContext, policy: RiskPolicy): DecisionRecord => ({
  context,
  policy: storedPolicy(policy),
  decision: decide(context, policy),
});
