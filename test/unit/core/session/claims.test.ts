import { describe, expect, it } from 'vitest';
import {
  bestTier,
  mayOperate,
  scopesToAdd,
  tokenClaims,
  userScopes,
} from '../../../../lambdas/core/session/claims.ts';

describe('claims', () => {
  it.each([
    { groups: [], tier: 'basic' },
    { groups: ['tier-plus', 'operators'], tier: 'plus' },
    { groups: ['tier-premium', 'tier-plus'], tier: 'premium' },
    { groups: ['tier-gold', 'premium'], tier: 'basic' },
  ])('tier of $groups is $tier', ({ groups, tier }) =>
    expect(bestTier(['basic', 'plus', 'premium'], groups)).toBe(tier),
  );

  it('name assurance only when there is some', () => {
    const entitlements = { tier: 'basic', purposes: ['newsletter'] };
    expect(tokenClaims(undefined, entitlements)).toEqual({
      'vestibule:tier': 'basic',
      'vestibule:purposes': ['newsletter'],
    });
    expect(tokenClaims({ flow: 'f', level: 1, methods: ['password'] }, entitlements)).toMatchObject({
      'vestibule:aal': 1,
      'vestibule:methods': ['password'],
      'vestibule:flow': 'f',
    });
  });

  it.each([
    {
      given: 'a sign-in through the API',
      scopes: ['aws.cognito.signin.user.admin'],
      hosted: false,
      added: userScopes,
    },
    { given: 'no scopes in the event', scopes: undefined, hosted: false, added: userScopes },
    { given: 'managed login', scopes: ['openid'], hosted: true, added: [] },
    { given: "an OAuth client's refresh", scopes: ['openid', 'email'], hosted: false, added: [] },
  ])('scopes for $given', ({ scopes, hosted, added }) =>
    expect(scopesToAdd(scopes, { viaManagedLogin: hosted, isOperator: false })).toEqual(added),
  );

  it.each([
    { groups: ['operators'], methods: ['passkey'], level: 2, operates: true },
    { groups: ['operators'], methods: ['password', 'totp'], level: 2, operates: false },
    { groups: ['operators'], methods: ['passkey'], level: 1, operates: false },
    { groups: ['tier-plus', 'operators2'], methods: ['passkey'], level: 2, operates: false },
  ] as const)(
    '$groups with $methods at level $level: operator $operates',
    ({ groups, methods, level, operates }) => {
      expect(mayOperate(groups, { flow: 'f', level, methods })).toBe(operates);
      expect(mayOperate(groups, undefined)).toBe(false);
    },
  );
});
