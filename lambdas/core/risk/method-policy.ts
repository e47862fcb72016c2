import { type AssuranceLevel, levelOf } from '../session/assurance.ts';
import { type ChallengeMethod, challengeMethods, type Method, type RiskPolicy } from './decision.ts';

export const methodProfiles = ['default', 'nist-aal2'] as const;
export type MethodProfile = (typeof methodProfiles)[number];
export const methodRules = ['optional', 'required', 'banned'] as const;
export type MethodRule = (typeof methodRules)[number];
export const riskBands = ['low', 'medium', 'high'] as const;
export type RiskBand = (typeof riskBands)[number];
/** Methods that can stand at the beginning of a sign-in, without a password. */
export const passwordlessMethods = ['passkey', 'magic-link', 'email-code'] as const;
export type PasswordlessMethod = (typeof passwordlessMethods)[number];

/** What the operator says about methods, for one client, with every default filled in. */
export interface MethodPolicy {
  readonly profile: MethodProfile;
  readonly methods: Readonly<Partial<Record<Method, MethodRule>>>;
  readonly passwordless: readonly PasswordlessMethod[];
  /** Methods that pass a challenge at this risk; every method where a band is absent. */
  readonly bands: Readonly<Partial<Record<RiskBand, readonly ChallengeMethod[]>>>;
  /** Methods that are taken for level 2, among those that reach it. */
  readonly level2: readonly ChallengeMethod[];
}

export interface MethodFacts {
  /** What the person could use; a factor is there however it is judged by the policy. */
  readonly enrolled: readonly ChallengeMethod[];
  readonly proven: readonly Method[];
  /** Absent where the score has no say: without a password, or to raise a session's assurance. */
  readonly band?: RiskBand;
  readonly level?: AssuranceLevel;
  readonly use: 'challenge' | 'passwordless' | 'step-up';
}

/** NIST SP 800-63B-4: e-mail is no out-of-band authenticator, and SMS is restricted. */
const bannedAtAal2: readonly Method[] = ['email-code', 'magic-link', 'sms-code'];
const secondFactors: readonly Method[] = ['passkey', 'totp', 'sms-code'];
const mailMethods: readonly Method[] = ['email-code', 'magic-link'];

export const isBanned = ({ profile, methods }: MethodPolicy, method: Method): boolean =>
  methods[method] === 'banned' || (profile === 'nist-aal2' && bannedAtAal2.includes(method));

export const requiredMethods = (policy: MethodPolicy): readonly ChallengeMethod[] =>
  challengeMethods.filter((method) => policy.methods[method] === 'required' && !isBanned(policy, method));

/**
 * Methods that pass this challenge, best first; none when the policy leaves none, which refuses the sign-in.
 *
 * Who has a further factor is not asked for a code by mail instead: the mailbox is what an attacker most often has.
 * Without a password the list is the policy's alone: what somebody enrolled is not for strangers to see.
 */
export function allowedMethods(policy: MethodPolicy, facts: MethodFacts): readonly ChallengeMethod[] {
  const usable = challengeMethods.filter((method) => !isBanned(policy, method));
  const filters = facts.use === 'passwordless' ? passwordless(policy) : afterIdentification(policy, facts);
  const required = requiredMethods(policy);
  return usable
    .filter((method) => filters.every((isAllowed) => isAllowed(method)))
    .filter((method) => facts.use === 'step-up' || required.length === 0 || required.includes(method))
    .filter((method) => facts.level !== 2 || reachesLevel2(policy, facts, method));
}

type Filter = (method: ChallengeMethod) => boolean;

/** A password that is required or an account with one more factor cannot be skipped by a link. */
const passwordless = (policy: MethodPolicy): readonly Filter[] => [
  (method) => policy.methods.password !== 'required' && policy.passwordless.some((each) => each === method),
];

function afterIdentification(
  policy: MethodPolicy,
  { enrolled, proven, band, use }: MethodFacts,
): readonly Filter[] {
  const hasSecondFactor = hasUsableSecondFactor(policy, enrolled);
  const inBand = band && use === 'challenge' ? policy.bands[band] : undefined;
  return [
    (method) => enrolled.includes(method),
    (method) => !proven.includes(method),
    (method) => !(hasSecondFactor && mailMethods.includes(method)),
    (method) => inBand === undefined || inBand.includes(method),
    () => !(proven.includes('password') && isBanned(policy, 'password')),
  ];
}

/** A factor that the policy takes no more is none: nobody is locked out by an old enrolment. */
export const hasUsableSecondFactor = (policy: MethodPolicy, enrolled: readonly ChallengeMethod[]): boolean =>
  enrolled.some((method) => secondFactors.includes(method) && !isBanned(policy, method));

/** A step-up adds to a session that began with something, for which a password stands here. */
function reachesLevel2(policy: MethodPolicy, { proven, use }: MethodFacts, method: ChallengeMethod): boolean {
  const before: readonly Method[] = use === 'step-up' ? ['password', ...proven] : proven;
  return policy.level2.includes(method) && levelOf([...before, method]) === 2;
}

/** Whether a sign-in has to prove a method whatever its score. */
export const demandsMethod = (policy: MethodPolicy, level: AssuranceLevel | undefined): boolean =>
  level === 2 || requiredMethods(policy).length > 0 || isBanned(policy, 'password');

/**
 * Whether the mailed code that confirms a registration may stand in for the challenge of the first sign-in: only where
 * every policy takes a mailed code for a challenge of any risk, because a device that is known is known to every client.
 */
export const mailCodeProvesDevices = (policies: readonly MethodPolicy[]): boolean =>
  policies.every(
    (policy) =>
      !isBanned(policy, 'email-code') &&
      riskBands.every((band) => policy.bands[band]?.includes('email-code') ?? true),
  );

/** Low: no challenge by the score. High: the upper half of the way from a challenge to a refusal. */
export function bandOf(score: number, { challengeAt, denyAt }: RiskPolicy): RiskBand {
  if (score < challengeAt) return 'low';
  return score < (challengeAt + denyAt) / 2 ? 'medium' : 'high';
}
