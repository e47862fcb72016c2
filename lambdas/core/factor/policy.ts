import type { CiamErrorCode } from '../errors.ts';
import { type Method, methods } from '../risk/decision.ts';
import { isBanned, type MethodPolicy, requiredMethods } from '../risk/method-policy.ts';
import type { Factors, PasskeyFactor, PhoneFactor, RecoveryCodes, TotpFactor } from './factor.ts';

export type Factor = TotpFactor | PhoneFactor | PasskeyFactor | RecoveryCodes;
export type FactorKind = Factor['kind'];

/** Which factor is meant: passkeys by id, the others by kind. */
export type FactorName =
  | { readonly kind: Exclude<FactorKind, 'passkey'> }
  | { readonly kind: 'passkey'; readonly id: string };

/** What the method policy says about the factors of one person. */
export interface FactorPolicy {
  readonly banned: readonly Method[];
  /** Of each list, one method must stay usable once it is. */
  readonly required: readonly (readonly Method[])[];
}

/** Profile `nist-aal2` asks for a second factor whether or not a method is named as required. */
export function factorPolicy(policy: MethodPolicy, isOperator: boolean): FactorPolicy {
  const named = requiredMethods(policy);
  return {
    banned: methods.filter((method) => isBanned(policy, method)),
    required: [
      ...(named.length > 0 ? [named] : []),
      ...(policy.profile === 'nist-aal2' ? [secondFactors] : []),
      ...(isOperator ? [phishingResistant] : []),
    ],
  };
}

const secondFactors: readonly Method[] = ['passkey', 'totp', 'sms-code'];
const phishingResistant: readonly Method[] = ['passkey'];

/** As many as Cognito allows for its own ones: enough for every device, and a bound for the item collection. */
export const maxPasskeys = 20;

const methodOf: Readonly<Record<FactorKind, Method>> = {
  passkey: 'passkey',
  totp: 'totp',
  phone: 'sms-code',
  'recovery-codes': 'recovery-code',
};

/** Recovery codes are the way back when another factor is lost; alone they protect nothing. */
export const hasSecondFactor = ({ passkeys, totp, phone }: Factors): boolean =>
  passkeys.length > 0 || totp !== undefined || phone !== undefined;

/**
 * @returns `METHOD_UNAVAILABLE` for a banned method, `FACTOR_LIMIT` for a passkey too many, `FACTOR_REQUIRED` for
 *   recovery codes without anything to recover; `undefined` when it may be enrolled. A second app or phone takes the
 *   place of the first.
 */
export function enrolmentProblem(
  factors: Factors,
  kind: FactorKind,
  { banned }: FactorPolicy,
): (CiamErrorCode & ('METHOD_UNAVAILABLE' | 'FACTOR_LIMIT' | 'FACTOR_REQUIRED')) | undefined {
  if (banned.includes(methodOf[kind])) return 'METHOD_UNAVAILABLE';
  if (kind === 'passkey' && factors.passkeys.length >= maxPasskeys) return 'FACTOR_LIMIT';
  return kind === 'recovery-codes' && !hasSecondFactor(factors) ? 'FACTOR_REQUIRED' : undefined;
}

/** @returns `FACTOR_UNKNOWN` for what is not enrolled, `FACTOR_REQUIRED` for the last one that the policy asks for */
export function removalProblem(
  factors: Factors,
  name: FactorName,
  policy: FactorPolicy,
): (CiamErrorCode & ('FACTOR_UNKNOWN' | 'FACTOR_REQUIRED')) | undefined {
  if (!isEnrolled(factors, name)) return 'FACTOR_UNKNOWN';
  const isSatisfied = (some: Factors) => satisfies(some, policy);
  // What was never satisfied is not this removal's doing.
  return isSatisfied(factors) && !isSatisfied(withoutFactor(factors, name)) ? 'FACTOR_REQUIRED' : undefined;
}

export const isEnrolled = (factors: Factors, name: FactorName): boolean => {
  switch (name.kind) {
    case 'passkey':
      return factors.passkeys.some(({ id }) => id === name.id);
    case 'recovery-codes':
      return factors.recoveryCodes !== undefined;
    default:
      return factors[name.kind] !== undefined;
  }
};

/** A banned method counts for nothing: it could not be used. */
function satisfies(factors: Factors, { banned, required }: FactorPolicy): boolean {
  const usable = usableMethods(factors).filter((method) => !banned.includes(method));
  return required.every((list) => list.some((method) => usable.includes(method)));
}

/** Mail and password need no enrolment here: everybody has them. */
const usableMethods = ({ passkeys, totp, phone, recoveryCodes }: Factors): readonly Method[] => [
  'password',
  'email-code',
  'magic-link',
  ...(passkeys.length > 0 ? (['passkey'] as const) : []),
  ...(totp ? (['totp'] as const) : []),
  ...(phone ? (['sms-code'] as const) : []),
  ...(recoveryCodes ? (['recovery-code'] as const) : []),
];

export function withFactor(factors: Factors, factor: Factor): Factors {
  switch (factor.kind) {
    case 'totp':
      return { ...factors, totp: factor };
    case 'phone':
      return { ...factors, phone: factor };
    case 'passkey':
      return { ...factors, passkeys: [...factors.passkeys.filter(({ id }) => id !== factor.id), factor] };
    case 'recovery-codes':
      return { ...factors, recoveryCodes: factor };
  }
}

/** Recovery codes go with the last factor that they are there for. */
export function withoutFactor(factors: Factors, name: FactorName): Factors {
  const { totp, phone, recoveryCodes, passkeys } = factors;
  const left: Factors = {
    passkeys: passkeys.filter(({ id }) => name.kind !== 'passkey' || id !== name.id),
    ...(totp && name.kind !== 'totp' && { totp }),
    ...(phone && name.kind !== 'phone' && { phone }),
  };
  const keepsCodes = recoveryCodes && name.kind !== 'recovery-codes' && hasSecondFactor(left);
  return keepsCodes ? { ...left, recoveryCodes } : left;
}
