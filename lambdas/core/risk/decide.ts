import type { Decision, DecisionContext, Reason, RiskPolicy, SignalCode } from './decision.ts';

/** Raised whenever weights or rules below change, so that a stored decision names the rules it was made by. */
export const policyVersion = 2;

/**
 * Additive weights. Chosen so that, with the default thresholds of 30 and 100:
 * - a new or missing device is challenged, a new network alone on a known device is not,
 * - dormancy (which comes with an old proof) is challenged even on a known device,
 * - everything that *others* can cause from elsewhere (failures against the account) stays below a denial, so that
 *   nobody can lock a person out; only failures from the very same address push a stranger's attempt over it.
 */
export const defaultWeights: Readonly<Record<SignalCode, number>> = {
  CONTEXT_UNKNOWN: 20,
  DEVICE_NEW: 40,
  DEVICE_UNKNOWN: 30,
  NETWORK_NEW: 15,
  NETWORK_UNKNOWN: 5,
  ACCOUNT_FAILURES: 10,
  ADDRESS_FAILURES: 40,
  ACCOUNT_DORMANT: 10,
  PROOF_OLD: 20,
};

const dayMilliseconds = 86_400_000;

/**
 * The one decision point behind every door. Pure: the same context and policy give the same decision, so that a
 * stored record can be checked and a policy can be tried on past sign-ins.
 */
export function decide(context: DecisionContext, policy: RiskPolicy): Decision {
  const reasons = signals(context, policy).map(
    ([code, value]): Reason => ({ code, value, weight: policy.weights[code] }),
  );
  const score = reasons.reduce((sum, { weight }) => sum + weight, 0);
  const enforcedOutcome = enforced(context, policy, score);
  const outcome = applied(context, policy, enforcedOutcome);
  return {
    outcome,
    methods: outcome === 'challenge' ? context.available : [],
    score,
    reasons,
    policyVersion: policy.version,
    enforcedOutcome,
  };
}

type Signal = readonly [SignalCode, number | string];

function signals(context: DecisionContext, policy: RiskPolicy): readonly Signal[] {
  const { account, request, addressFailures } = context;
  const found: Signal[] = [];
  if (request.context === 'unknown') found.push(['CONTEXT_UNKNOWN', request.why]);
  if (context.device !== 'known') {
    found.push([context.device === 'new' ? 'DEVICE_NEW' : 'DEVICE_UNKNOWN', context.device]);
  }
  if (context.network !== 'known') {
    found.push([context.network === 'new' ? 'NETWORK_NEW' : 'NETWORK_UNKNOWN', context.network]);
  }
  if (account.recentFailures >= policy.accountFailureLimit)
    found.push(['ACCOUNT_FAILURES', account.recentFailures]);
  if (addressFailures !== undefined && addressFailures >= policy.addressFailureLimit) {
    found.push(['ADDRESS_FAILURES', addressFailures]);
  }
  return [...found, ...ageSignals(context, policy)];
}

function ageSignals({ now, account }: DecisionContext, policy: RiskPolicy): readonly Signal[] {
  const found: Signal[] = [];
  const days = (at: number) => Math.floor((now - at) / dayMilliseconds);
  if (account.lastSignInAt !== undefined && days(account.lastSignInAt) >= policy.dormantDays) {
    found.push(['ACCOUNT_DORMANT', days(account.lastSignInAt)]);
  }
  // A proof dated after now means a wrong clock somewhere: it proves nothing.
  const isFresh =
    account.lastProofAt !== undefined &&
    account.lastProofAt <= now &&
    days(account.lastProofAt) < policy.proofMaxAgeDays;
  if (!isFresh) {
    found.push(['PROOF_OLD', account.lastProofAt === undefined ? 'never' : days(account.lastProofAt)]);
  }
  return found;
}

function enforced(context: DecisionContext, policy: RiskPolicy, score: number): Decision['outcome'] {
  if (policy.contextMandatory && context.request.context === 'unknown') return 'deny';
  // Where nothing is proven yet, a refusal by what the account alone knows would tell strangers that it exists.
  if (score >= policy.denyAt && context.proven.length > 0) return 'deny';
  const isProven = context.proven.some((method) => method !== 'password');
  // An unknown account is never let through, whatever the score.
  const needsChallenge =
    isOwed(context) || (score >= policy.challengeAt && !isProven) || !context.account.exists;
  return needsChallenge ? challengeOrDeny(context) : 'allow';
}

/** A challenge that no score and no mode can spare: nothing was proven, or a policy demands it. */
const isOwed = ({ proven, demanded }: DecisionContext): boolean => proven.length === 0 || demanded === true;

const challengeOrDeny = ({ available }: DecisionContext): Decision['outcome'] =>
  available.length > 0 ? 'challenge' : 'deny';

/** Monitor mode lets pass what only the score would stop: no missing context that is mandatory, no stranger, nothing owed. */
function applied(
  context: DecisionContext,
  policy: RiskPolicy,
  outcome: Decision['outcome'],
): Decision['outcome'] {
  if (policy.mode === 'enforce' || !context.account.exists) return outcome;
  if (policy.contextMandatory && context.request.context === 'unknown') return 'deny';
  return isOwed(context) ? challengeOrDeny(context) : 'allow';
}
