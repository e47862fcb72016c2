import { describe, expect, it } from 'vitest';
import {
  bestTier,
  mayOperate,
  scopesToAdd,
  scopesToSuppress,
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
      given: 'a sign-in at our API',
      scopes: ['aws.cognito.signin.user.admin'],
      door: 'api',
      added: userScopes,
    },
    {
      given: 'a refresh that names what is left of them',
      scopes: ['vestibule/profile.read'],
      door: 'api',
      added: userScopes,
    },
    {
      given: 'a sign-in of an SDK',
      scopes: ['aws.cognito.signin.user.admin'],
      door: 'sdk',
      added: userScopes,
    },
    { given: 'no scopes in the event', scopes: undefined, door: 'sdk', added: userScopes },
    { given: 'managed login', scopes: ['openid'], door: 'managed-login', added: [] },
    { given: "an OAuth client's refresh", scopes: ['openid', 'email'], door: 'sdk', added: [] },
  ] as const)('scopes for $given', ({ scopes, door, added }) =>
    expect(scopesToAdd(scopes, { door, isOperator: false })).toEqual(added),
  );

  it('nothing at Cognito itself is open to a token of our API', () => {
    expect(scopesToSuppress('api')).toEqual(['aws.cognito.signin.user.admin']);
    expect([...scopesToSuppress('sdk'), ...scopesToSuppress('managed-login')]).toEqual([]);
  });

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
