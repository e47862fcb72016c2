import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BrakePolicy,
  type Budget,
  budgetsOf,
  isShut,
  prefixOf,
} from '../../../../lambdas/core/messages/sms-brake.ts';

const policy: BrakePolicy = {
  countries: ['DE', 'FR'],
  perAccountPerDay: 10,
  perAddressPerHour: 11,
  perPrefixPerHour: 12,
  perCountryPerHour: 13,
  perDay: 14,
  conversionPercent: 20,
  conversionAfter: 20,
};
const now = Date.UTC(2026, 10, 22, 19, 30);
const text = { to: '+4915123456789', country: 'DE', sub: 'sub-1', address: 'address-1' };
const limits = (budgets: readonly Budget[]) =>
  Object.fromEntries(budgets.map(({ scope, value, limit }) => [scope, [value, limit]]));

describe('the budgets of a text', () => {
  it('are those of its number, range, country, person, address and of the installation', () => {
    expect(limits(budgetsOf(text, policy, now))).toEqual({
      prefix: ['+491512345', 12],
      country: ['DE', 13],
      number: ['+4915123456789', 10],
      installation: ['all', 14],
      account: ['sub-1', 10],
      address: ['address-1', 11],
    });
  });

  it('leave out a person or an address that is not known', () => {
    const scopes = budgetsOf({ to: text.to, country: 'DE' }, policy, now).map(({ scope }) => scope);
    expect(scopes).toEqual(['prefix', 'country', 'number', 'installation']);
  });

  it('have windows that end: ranges, countries and addresses by the hour, the others by the day', () => {
    const ends = Object.fromEntries(budgetsOf(text, policy, now).map(({ scope, endsAt }) => [scope, endsAt]));
    const hour = Date.UTC(2026, 10, 22, 20) / 1000;
    const day = Date.UTC(2026, 10, 23) / 1000;
    expect(ends).toEqual({
      prefix: hour,
      country: hour,
      address: hour,
      number: day,
      installation: day,
      account: day,
    });
  });

  it('are the same all through a window and others in the next', () => {
    const windows = (at: number) => budgetsOf(text, policy, at).map(({ window }) => window);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_599_999 }), (offset) => {
        const begin = Date.UTC(2026, 10, 22, 19);
        expect(windows(begin + offset)).toEqual(windows(begin));
      }),
    );
    expect(windows(now + 3_600_000)).not.toEqual(windows(now));
  });
});

it('numbers of one block have one prefix', () => {
  expect(prefixOf('+4915123450000')).toBe(prefixOf('+4915123459999'));
  expect(prefixOf('+4915123459999')).not.toBe(prefixOf('+4915123460000'));
});

describe('a range', () => {
  it.each([
    { given: 'too few texts to judge', sent: 19, answered: 0, shut: false },
    { given: 'no code that came back', sent: 20, answered: 0, shut: true },
    { given: 'a share just below', sent: 100, answered: 19, shut: true },
    { given: 'exactly the share', sent: 100, answered: 20, shut: false },
  ])('is shut: $shut, with $given', ({ sent, answered, shut }) => {
    expect(isShut({ sent, answered }, policy)).toBe(shut);
  });

  it('is never shut with the breaker off', () => {
    expect(isShut({ sent: 1_000_000, answered: 0 }, { ...policy, conversionPercent: 0 })).toBe(false);
  });
});
