import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeMethods, methods } from '../../../../lambdas/core/risk/decision.ts';
import {
  allowedMethods,
  bandOf,
  demandsMethod,
  isBanned,
  type MethodFacts,
  type MethodPolicy,
  mailCodeProvesDevices,
  methodProfiles,
  methodRules,
  passwordlessMethods,
  riskBands,
} from '../../../../lambdas/core/risk/method-policy.ts';
import { levelOf } from '../../../../lambdas/core/session/assurance.ts';
import { compileAuthentication } from '../../../../lib/config/authentication.ts';

const someOf = <T>(all: readonly T[]) => fc.subarray([...all]);
const anyPolicy: fc.Arbitrary<MethodPolicy> = fc.record({
  profile: fc.constantFrom(...methodProfiles),
  methods: fc.dictionary(fc.constantFrom(...methods), fc.constantFrom(...methodRules)),
  passwordless: someOf(passwordlessMethods),
  bands: fc.dictionary(fc.constantFrom(...riskBands), someOf(challengeMethods)),
  level2: someOf(['passkey', 'totp', 'sms-code', 'recovery-code'] as const),
});
const anyFacts: fc.Arbitrary<MethodFacts> = fc
  .record({
    enrolled: someOf(challengeMethods),
    proven: fc.constantFrom<MethodFacts['proven']>([], ['password']),
    band: fc.constantFrom(undefined, ...riskBands),
    level: fc.constantFrom(undefined, 1 as const, 2 as const),
    use: fc.constantFrom('challenge' as const, 'passwordless' as const, 'step-up' as const),
  })
  .map(({ band, level, ...facts }) => ({ ...facts, ...(band && { band }), ...(level && { level }) }));
const holds = (check: (policy: MethodPolicy, facts: MethodFacts, offered: readonly string[]) => void) =>
  fc.assert(
    fc.property(anyPolicy, anyFacts, (policy, facts) => {
      check(policy, facts, allowedMethods(policy, facts));
    }),
    { numRuns: 3_000 },
  );

describe('allowed methods, whatever the policy and the person', () => {
  it('never hold a banned one', () =>
    holds((policy, _facts, offered) =>
      expect(offered.filter((method) => isBanned(policy, method as never))).toEqual([]),
    ));

  it('are without e-mail and SMS under nist-aal2', () =>
    holds((policy, _facts, offered) => {
      if (policy.profile !== 'nist-aal2') return;
      for (const method of ['email-code', 'magic-link', 'sms-code']) expect(offered).not.toContain(method);
    }));

  it('are without mail for somebody with a usable second factor', () =>
    holds((policy, facts, offered) => {
      const usable = facts.enrolled.some(
        (method) => ['passkey', 'totp', 'sms-code'].includes(method) && !isBanned(policy, method),
      );
      if (!usable || facts.use === 'passwordless') return;
      for (const method of ['email-code', 'magic-link']) expect(offered).not.toContain(method);
    }));

  it('are the person’s own, and nothing that was proven already', () =>
    holds((_policy, facts, offered) => {
      if (facts.use === 'passwordless') return;
      for (const method of offered) expect(facts.enrolled).toContain(method);
      for (const method of facts.proven) expect(offered).not.toContain(method);
    }));

  it('depend on nothing that a stranger may not learn where nobody said who they are', () =>
    holds((policy, facts, offered) => {
      if (facts.use !== 'passwordless') return;
      expect(allowedMethods(policy, { ...facts, enrolled: [] })).toEqual(offered);
    }));

  it('reach level 2 where that was asked for', () =>
    holds((_policy, facts, offered) => {
      if (facts.level !== 2 || facts.use === 'step-up') return;
      for (const method of offered) expect(levelOf([...facts.proven, method as never])).toBe(2);
    }));

  it('are among the required ones where there are such', () =>
    holds((policy, facts, offered) => {
      const required = challengeMethods.filter(
        (method) => policy.methods[method] === 'required' && !isBanned(policy, method),
      );
      if (required.length === 0 || facts.use === 'step-up') return;
      for (const method of offered) expect(required).toContain(method);
    }));
});

describe('the bands of a score', () => {
  const policy = { challengeAt: 30, denyAt: 100 } as Parameters<typeof bandOf>[1];
  it.each([
    [0, 'low'],
    [29, 'low'],
    [30, 'medium'],
    [64, 'medium'],
    [65, 'high'],
    [200, 'high'],
  ] as const)('%i is %s', (score, band) => expect(bandOf(score, policy)).toBe(band));
});

describe('the default policy', () => {
  const { base } = compileAuthentication();
  it.each([
    { enrolled: ['email-code', 'magic-link'], offered: ['email-code', 'magic-link'] },
    { enrolled: ['totp', 'recovery-code', 'email-code'], offered: ['totp', 'recovery-code'] },
    { enrolled: ['recovery-code', 'email-code'], offered: ['email-code', 'recovery-code'] },
    { enrolled: ['passkey', 'totp', 'sms-code', 'email-code'], offered: ['passkey', 'totp', 'sms-code'] },
  ] as const)('offers $offered to who has $enrolled', ({ enrolled, offered }) =>
    expect(
      allowedMethods(base, { enrolled, proven: ['password'], band: 'medium', use: 'challenge' }),
    ).toEqual(offered),
  );
});

describe('whether the code of a registration makes a device known', () => {
  it('is so only where every policy takes a mailed code for every challenge', () => {
    const { base } = compileAuthentication();
    const strict = compileAuthentication({ profile: 'nist-aal2' }).base;
    expect(mailCodeProvesDevices([base])).toBe(true);
    expect(mailCodeProvesDevices([strict])).toBe(false);
    expect(mailCodeProvesDevices([base, strict])).toBe(false);
    expect(mailCodeProvesDevices([{ ...base, bands: { high: ['passkey', 'email-code'] } }])).toBe(true);
    expect(mailCodeProvesDevices([{ ...base, bands: { high: ['passkey', 'totp'] } }])).toBe(false);
    expect(mailCodeProvesDevices([{ ...base, methods: { 'email-code': 'banned' } }])).toBe(false);
  });

  it('is never so where somebody without a further factor could not have answered with one', () =>
    holds((policy, facts) => {
      if (!mailCodeProvesDevices([policy]) || demandsMethod(policy, undefined)) return;
      const newcomer = {
        ...facts,
        enrolled: ['email-code'],
        proven: ['password'],
        use: 'challenge',
      } as const;
      const { level: _, ...first } = newcomer;
      expect(allowedMethods(policy, first)).toEqual(['email-code']);
    }));
});
