import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeness, visibleFields } from '../../../../lambdas/core/profile/view.ts';
import { accountRules, aField, aFieldRecord, aProfile } from '../../../support/account.ts';

const { fields } = accountRules().profile;
const onlyService = (purpose: string) => purpose === 'service';

describe('visibleFields', () => {
  it('hides a value whose consent is missing, whose field is gone, or that was given for another purpose', () => {
    const profile = aProfile({
      fields: {
        city: aFieldRecord(),
        children: aFieldRecord({ value: 2, purpose: 'personalisation' }),
        birthDate: aFieldRecord({ purpose: 'personalisation' }),
        oldField: aFieldRecord(),
      },
    });
    expect(Object.keys(visibleFields(profile, fields, onlyService))).toEqual(['city']);
  });

  it('does not take what every object has for a field', () => {
    const named = ['constructor', 'toString', '__proto__'].map((name) => aField({ name }));
    expect(visibleFields(aProfile(), named, () => true)).toEqual({});
  });
});

describe('completeness', () => {
  it('weighs what is filled against what may be asked', () => {
    const profile = aProfile({ fields: { displayName: aFieldRecord() } });
    expect(completeness(profile, fields, () => true)).toBe(39); // 40 of 101
    expect(completeness(profile, fields, onlyService)).toBe(60); // 40 of 66
  });

  it('is 100 when nothing may be asked', () => {
    expect(completeness(aProfile(), fields, () => false)).toBe(100);
  });

  it('lies between 0 and 100, is 100 only when every permitted field is filled, and never falls by an answer', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...fields.map(({ name }) => name))),
        fc.constantFrom(...fields),
        (filled, another) => {
          const share = (names: readonly string[]) => {
            const records = names.map((name) => [
              name,
              aFieldRecord({ purpose: fields.find((f) => f.name === name)?.purpose ?? '' }),
            ]);
            return completeness(aProfile({ fields: Object.fromEntries(records) }), fields, () => true);
          };
          const before = share(filled);
          expect(before).toBeGreaterThanOrEqual(0);
          expect(before === 100).toBe(filled.length === fields.length);
          expect(share([...new Set([...filled, another.name])])).toBeGreaterThanOrEqual(before);
        },
      ),
    ));
});
