import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pseudonym } from '../../../../lambdas/core/ids.ts';
import { decide, defaultWeights, policyVersion } from '../../../../lambdas/core/risk/decide.ts';
import type { DecisionContext, RiskPolicy } from '../../../../lambdas/core/risk/decision.ts';
import { recordDecision, restoredPolicy } from '../../../../lambdas/core/risk/record.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const DAY = 86_400_000;
const policy: RiskPolicy = {
  version: policyVersion,
  mode: 'enforce',
  challengeAt: 30,
  denyAt: 100,
  dormantDays: 90,
  proofMaxAgeDays: 30,
  accountFailureLimit: 10,
  addressFailureLimit: 30,
  contextMandatory: false,
  weights: defaultWeights,
};
const known = { context: 'known', network: 'n' as Pseudonym, device: 'd' as Pseudonym } as const;
const unknown = { context: 'unknown', why: 'missing' } as const;

type Over = Partial<Omit<DecisionContext, 'account'>> & { account?: Partial<DecisionContext['account']> };
const aContext = ({ account, ...over }: Over = {}): DecisionContext => ({
  now: NOW,
  account: {
    exists: true,
    lastSignInAt: NOW - DAY,
    lastProofAt: NOW - DAY,
    recentFailures: 0,
    ...account,
  },
  request: known,
  device: 'known',
  network: 'known',
  proven: ['password'],
  available: ['email-code'],
  ...over,
});

describe('decide', () => {
  it.each([
    { given: 'a known device in a known network', over: {}, outcome: 'allow', codes: [] },
    { given: 'a new network alone', over: { network: 'new' }, outcome: 'allow', codes: ['NETWORK_NEW'] },
    { given: 'a new device', over: { device: 'new' }, outcome: 'challenge', codes: ['DEVICE_NEW'] },
    {
      given: 'no device token',
      over: { device: 'unknown' },
      outcome: 'challenge',
      codes: ['DEVICE_UNKNOWN'],
    },
    {
      given: 'no context',
      over: { request: unknown, device: 'unknown', network: 'unknown' },
      outcome: 'challenge',
      codes: ['CONTEXT_UNKNOWN', 'DEVICE_UNKNOWN', 'NETWORK_UNKNOWN'],
    },
    {
      given: 'a first sign-in on a new device',
      over: {
        device: 'new',
        network: 'new',
        account: { lastSignInAt: undefined, lastProofAt: undefined },
      },
      outcome: 'challenge',
      codes: ['DEVICE_NEW', 'NETWORK_NEW', 'PROOF_OLD'],
    },
    {
      given: 'a proof of 29 days',
      over: { account: { lastProofAt: NOW - 29 * DAY } },
      outcome: 'allow',
      codes: [],
    },
    {
      given: 'a proof of 30 days',
      over: { account: { lastProofAt: NOW - 30 * DAY } },
      outcome: 'allow',
      codes: ['PROOF_OLD'],
    },
    {
      given: 'an old proof in a new network',
      over: { network: 'new', account: { lastProofAt: undefined } },
      outcome: 'challenge',
      codes: ['NETWORK_NEW', 'PROOF_OLD'],
    },
    {
      given: 'a proof from the future',
      over: { network: 'new', account: { lastProofAt: NOW + 1 } },
      outcome: 'challenge',
      codes: ['NETWORK_NEW', 'PROOF_OLD'],
    },
    {
      given: 'a dormant account',
      over: { account: { lastSignInAt: NOW - 90 * DAY, lastProofAt: NOW - 90 * DAY } },
      outcome: 'challenge',
      codes: ['ACCOUNT_DORMANT', 'PROOF_OLD'],
    },
    {
      given: 'stuffing from one address against an account under attack',
      over: { device: 'new', network: 'new', account: { recentFailures: 10 }, addressFailures: 30 },
      outcome: 'deny',
      codes: ['DEVICE_NEW', 'NETWORK_NEW', 'ACCOUNT_FAILURES', 'ADDRESS_FAILURES'],
    },
    {
      given: 'counts just below their limits',
      over: { device: 'new', account: { recentFailures: 9 }, addressFailures: 29 },
      outcome: 'challenge',
      codes: ['DEVICE_NEW'],
    },
    {
      given: 'no method left',
      over: { device: 'new', available: [] },
      outcome: 'deny',
      codes: ['DEVICE_NEW'],
    },
    { given: 'an unknown account', over: { account: { exists: false } }, outcome: 'challenge', codes: [] },
    {
      given: 'a method proven already',
      over: { device: 'new', proven: ['password', 'email-code'] },
      outcome: 'allow',
      codes: ['DEVICE_NEW'],
    },
  ] satisfies { given: string; over: Over; outcome: string; codes: string[] }[])(
    'answers $outcome to $given',
    ({ over, outcome, codes }) => {
      const decision = decide(aContext(over), policy);
      expect(decision.outcome).toBe(outcome);
      expect(decision.reasons.map(({ code }) => code)).toEqual(codes);
      expect(decision.score).toBe(decision.reasons.reduce((sum, { weight }) => sum + weight, 0));
      expect(decision.methods).toEqual(outcome === 'challenge' ? ['email-code'] : []);
    },
  );

  it('refuses an unknown context where one is mandatory, in monitor mode too', () => {
    const strict = { ...policy, contextMandatory: true };
    const context = aContext({ request: unknown, device: 'unknown', network: 'unknown' });
    expect(decide(context, strict).outcome).toBe('deny');
    expect(decide(context, { ...strict, mode: 'monitor' }).outcome).toBe('deny');
  });

  it('only says what it would do in monitor mode, but lets no stranger pass', () => {
    const monitor = { ...policy, mode: 'monitor' } as const;
    expect(decide(aContext({ device: 'new' }), monitor)).toMatchObject({
      outcome: 'allow',
      enforcedOutcome: 'challenge',
    });
    expect(decide(aContext({ account: { exists: false } }), monitor).outcome).toBe('challenge');
  });

  it('denies nobody for what others do from elsewhere: without address failures the score stays below', () => {
    const { ADDRESS_FAILURES: _, ...others } = defaultWeights;
    const worst = decide(
      aContext({
        request: unknown,
        device: 'unknown',
        network: 'unknown',
        account: { recentFailures: 1e6, lastSignInAt: 1, lastProofAt: 1 },
      }),
      policy,
    );
    expect(worst.outcome).toBe('challenge');
    expect(
      others.DEVICE_NEW +
        others.NETWORK_NEW +
        others.ACCOUNT_FAILURES +
        others.ACCOUNT_DORMANT +
        others.PROOF_OLD,
    ).toBeLessThan(policy.denyAt);
  });
});

const anyContext: fc.Arbitrary<DecisionContext> = fc
  .record({
    exists: fc.boolean(),
    lastSignInAt: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    lastProofAt: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    recentFailures: fc.nat(40),
    addressFailures: fc.option(fc.nat(60), { nil: undefined }),
    isKnown: fc.boolean(),
    device: fc.constantFrom('known' as const, 'new' as const, 'unknown' as const),
    network: fc.constantFrom('known' as const, 'new' as const, 'unknown' as const),
    hasMethod: fc.boolean(),
  })
  .map(
    ({
      exists,
      lastSignInAt,
      lastProofAt,
      recentFailures,
      addressFailures,
      isKnown,
      device,
      network,
      hasMethod,
    }) =>
      aContext({
        account: {
          exists,
          recentFailures,
          lastSignInAt: lastSignInAt === undefined ? undefined : NOW - lastSignInAt * DAY,
          lastProofAt: lastProofAt === undefined ? undefined : NOW - lastProofAt * DAY,
        },
        request: isKnown ? known : unknown,
        device,
        network,
        addressFailures,
        available: hasMethod ? ['email-code'] : [],
      }),
  );

const worsen: readonly ((context: DecisionContext) => DecisionContext)[] = [
  (context) => ({ ...context, request: unknown }),
  (context) => ({ ...context, device: context.device === 'known' ? 'new' : context.device }),
  (context) => ({ ...context, network: context.network === 'known' ? 'new' : context.network }),
  (context) => ({ ...context, addressFailures: (context.addressFailures ?? 0) + 30 }),
  (context) => ({
    ...context,
    account: { ...context.account, recentFailures: context.account.recentFailures + 10 },
  }),
  (context) => ({ ...context, account: { ...context.account, lastProofAt: undefined } }),
  (context) => ({ ...context, account: { ...context.account, lastSignInAt: 0 } }),
];
const severity = { allow: 0, challenge: 1, deny: 2 };

describe('for every context', () => {
  it('more bad signals never lower the score nor soften the outcome', () =>
    fc.assert(
      fc.property(anyContext, fc.constantFrom(...worsen), (context, worse) => {
        const [before, after] = [decide(context, policy), decide(worse(context), policy)];
        expect(after.score).toBeGreaterThanOrEqual(before.score);
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome]);
      }),
    ));

  it('a stored record gives the same decision again, bit for bit', () =>
    fc.assert(
      fc.property(anyContext, (context) => {
        const stored = JSON.parse(JSON.stringify(recordDecision(context, policy)));
        expect(JSON.stringify(decide(stored.context, restoredPolicy(stored.policy)))).toBe(
          JSON.stringify(stored.decision),
        );
      }),
    ));

  it('nobody without account is allowed', () =>
    fc.assert(
      fc.property(anyContext, fc.constantFrom('enforce' as const, 'monitor' as const), (context, mode) => {
        const stranger = { ...context, account: { ...context.account, exists: false } };
        expect(decide(stranger, { ...policy, mode }).outcome).not.toBe('allow');
      }),
    ));
});
