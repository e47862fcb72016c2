import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Factors, noFactors } from '../../../../lambdas/core/factor/factor.ts';
import {
  enrolmentProblem,
  type Factor,
  type FactorName,
  type FactorPolicy,
  factorPolicy,
  hasSecondFactor,
  isEnrolled,
  maxPasskeys,
  removalProblem,
  withFactor,
  withoutFactor,
} from '../../../../lambdas/core/factor/policy.ts';
import { type Method, methods } from '../../../../lambdas/core/risk/decision.ts';
import type { MethodPolicy } from '../../../../lambdas/core/risk/method-policy.ts';
import { aPasskey, aPhone, aTotp } from '../../../support/factors.ts';

const free: FactorPolicy = { banned: [], required: [] };
const codes = {
  kind: 'recovery-codes',
  salt: 's',
  hashes: ['h'],
  createdAt: '2026-11-22T12:00:00.000Z',
} as const;
const withAll = (...factors: readonly Factor[]): Factors => factors.reduce(withFactor, noFactors);

describe('enrolling', () => {
  it('stops at twenty passkeys, and at none of the others, which take the place of the first', () => {
    const full = withAll(aTotp(), aPhone(), ...Array.from({ length: maxPasskeys }, () => aPasskey()));
    expect(enrolmentProblem(full, 'passkey', free)).toBe('FACTOR_LIMIT');
    expect(enrolmentProblem(full, 'totp', free)).toBeUndefined();
    expect(enrolmentProblem(full, 'phone', free)).toBeUndefined();
  });

  it('has no recovery codes without anything to recover', () => {
    expect(enrolmentProblem(noFactors, 'recovery-codes', free)).toBe('FACTOR_REQUIRED');
    expect(enrolmentProblem(withAll(aTotp()), 'recovery-codes', free)).toBeUndefined();
  });

  it('refuses what the policy bans', () =>
    expect(enrolmentProblem(noFactors, 'phone', { ...free, banned: ['sms-code'] })).toBe(
      'METHOD_UNAVAILABLE',
    ));
});

describe('removing', () => {
  const secondFactor: FactorPolicy = { banned: [], required: [['passkey', 'totp', 'sms-code']] };
  const passkey = aPasskey();

  it('keeps the last factor that a policy requires', () => {
    expect(removalProblem(withAll(aTotp()), { kind: 'totp' }, secondFactor)).toBe('FACTOR_REQUIRED');
    expect(removalProblem(withAll(aTotp(), passkey), { kind: 'totp' }, secondFactor)).toBeUndefined();
    const operator: FactorPolicy = { banned: [], required: [['passkey']] };
    const removed = { kind: 'passkey', id: passkey.id } as const;
    expect(removalProblem(withAll(aTotp(), passkey), removed, operator)).toBe('FACTOR_REQUIRED');
    expect(removalProblem(withAll(passkey, aPasskey()), removed, operator)).toBeUndefined();
  });

  it('counts a banned method for nothing', () => {
    const policy = { ...secondFactor, banned: ['sms-code'] as const };
    expect(removalProblem(withAll(aTotp(), aPhone()), { kind: 'totp' }, policy)).toBe('FACTOR_REQUIRED');
    expect(removalProblem(withAll(aTotp(), aPhone()), { kind: 'phone' }, policy)).toBeUndefined();
  });

  it('does not know what is not enrolled', () => {
    for (const name of [
      { kind: 'totp' },
      { kind: 'phone' },
      { kind: 'recovery-codes' },
      { kind: 'passkey', id: 'x' },
    ]) {
      expect(removalProblem(noFactors, name as FactorName, free)).toBe('FACTOR_UNKNOWN');
    }
  });

  it('takes the recovery codes along with the last factor', () => {
    const all = withAll(aTotp(), aPhone(), codes);
    expect(withoutFactor(all, { kind: 'totp' }).recoveryCodes).toEqual(codes);
    expect(withoutFactor(withAll(aTotp(), codes), { kind: 'totp' })).toEqual(noFactors);
  });
});

const methodPolicy = (changes: Partial<MethodPolicy> = {}): MethodPolicy => ({
  profile: 'default',
  methods: {},
  passwordless: [],
  bands: {},
  level2: [],
  ...changes,
});

it('reads the policy of an installation', () => {
  expect(factorPolicy(methodPolicy(), false)).toEqual(free);
  expect(factorPolicy(methodPolicy(), true)).toEqual({ banned: [], required: [['passkey']] });
  const strict = factorPolicy(methodPolicy({ profile: 'nist-aal2', methods: { totp: 'required' } }), false);
  expect(new Set(strict.banned)).toEqual(new Set(['sms-code', 'email-code', 'magic-link']));
  expect(strict.required).toEqual([['totp'], ['passkey', 'totp', 'sms-code']]);
});

describe('any sequence of changes', () => {
  const change = fc.oneof(
    fc.record({
      add: fc.constantFrom<Factor>(aTotp(), aPhone(), codes, ...Array.from({ length: 25 }, () => aPasskey())),
    }),
    fc.record({ remove: fc.constantFrom<FactorName['kind']>('totp', 'phone', 'passkey', 'recovery-codes') }),
  );
  const policies = fc.record({
    banned: fc.subarray([...methods]),
    required: fc.array(fc.subarray(['passkey', 'totp', 'sms-code'] as Method[], { minLength: 1 }), {
      maxLength: 2,
    }),
  });

  it('never leaves codes without a factor, more than twenty passkeys, or less than was required and there', () =>
    fc.assert(
      fc.property(policies, fc.array(change, { maxLength: 60 }), (policy, changes) => {
        let factors = noFactors;
        for (const step of changes) {
          const before = factors;
          if ('add' in step) {
            if (!enrolmentProblem(factors, step.add.kind, policy)) factors = withFactor(factors, step.add);
          } else {
            const name = nameOf(step.remove, factors);
            if (!removalProblem(factors, name, policy)) factors = withoutFactor(factors, name);
            expect(isSatisfied(factors, policy)).toBe(isSatisfied(before, policy));
          }
          expect(factors.passkeys.length).toBeLessThanOrEqual(maxPasskeys);
          if (factors.recoveryCodes) expect(hasSecondFactor(factors)).toBe(true);
        }
      }),
    ));

  const nameOf = (kind: FactorName['kind'], { passkeys }: Factors): FactorName =>
    kind === 'passkey' ? { kind, id: passkeys[0]?.id ?? 'none' } : { kind };
  /** Said in other words than in the code under test. */
  const isSatisfied = (factors: Factors, { banned, required }: FactorPolicy) => {
    const has: Partial<Record<Method, boolean>> = {
      passkey: factors.passkeys.length > 0,
      totp: isEnrolled(factors, { kind: 'totp' }),
      'sms-code': isEnrolled(factors, { kind: 'phone' }),
    };
    return required.every((list) => list.some((method) => has[method] && !banned.includes(method)));
  };
});
