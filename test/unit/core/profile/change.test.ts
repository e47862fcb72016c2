import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldPatch, patchFields, withoutPurpose } from '../../../../lambdas/core/profile/change.ts';
import { accountRules, aFieldRecord, aProfile, DAY, iso, NOW } from '../../../support/account.ts';

const { fields } = accountRules().profile;
const all = () => true;
const apply = (
  stored: Parameters<typeof aProfile>[0],
  patch: FieldPatch,
  permits: (p: string) => boolean = all,
) => patchFields(aProfile(stored), patch, { fields, permits, now: NOW, source: 'profile' });
const problems = (patch: FieldPatch, permits?: (p: string) => boolean) => {
  try {
    apply({}, patch, permits);
  } catch (error) {
    return (error as { fields: unknown }).fields;
  }
  return [];
};

describe('patchFields', () => {
  it('stores each value with its purpose, source and time', () => {
    expect(apply({}, { city: ' Lisbon ' })).toEqual({
      fields: { city: { value: 'Lisbon', purpose: 'service', source: 'profile', at: iso(NOW) } },
      changed: ['city'],
    });
  });

  it('removes with null and leaves what is not named', () => {
    const kept = aFieldRecord();
    const patched = apply({ fields: { displayName: kept, city: aFieldRecord() } }, { city: null });
    expect(patched).toEqual({ fields: { displayName: kept }, changed: ['city'] });
  });

  it('keeps source and time of a value that stays the same', () => {
    const stored = { city: aFieldRecord({ value: 'Lisbon', source: 'registration', at: iso(NOW - DAY) }) };
    expect(apply({ fields: stored }, { city: 'Lisbon' })).toEqual({ fields: stored, changed: [] });
  });

  it('keeps what is stored under a field that is no longer configured', () => {
    const stored = { nickname: aFieldRecord() };
    expect(apply({ fields: stored }, { children: 2 }).fields).toHaveProperty('nickname');
  });

  it('names every refused field at once, never its value', () => {
    const refused = problems({ city: 5, 'e/mail~': 'x', children: 21, displayName: null });
    expect(refused).toEqual([
      { pointer: '/fields/city', detail: 'must be a text of 1 to 256 characters' },
      { pointer: '/fields/e~1mail~0', detail: 'is not a field of the profile' },
      { pointer: '/fields/children', detail: 'must be a number from 0 to 20' },
      { pointer: '/fields/displayName', detail: 'is required and cannot be removed' },
    ]);
  });

  it('asks for the consent that a field needs, and lets the field be removed without', () => {
    const onlyService = (purpose: string) => purpose === 'service';
    expect(problems({ birthDate: '1990-05-17' }, onlyService)).toEqual([
      { pointer: '/fields/birthDate', detail: 'needs consent to the purpose personalisation' },
    ]);
    expect(problems({ birthDate: null }, onlyService)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'sub', 'version', 'email', 'prompts', 'toString'])(
    'does not write %s',
    (name) => {
      const patch = JSON.parse(`{ ${JSON.stringify(name)}: "x" }`) as FieldPatch;
      expect(problems(patch)).toEqual([expect.objectContaining({ pointer: `/fields/${name}` })]);
    },
  );

  it('never writes anything but configured fields, whatever the patch holds', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (patch) => {
        try {
          const names = new Set(fields.map(({ name }) => name));
          return Object.keys(apply({}, patch).fields).every((name) => names.has(name));
        } catch (error) {
          return (error as { code?: string }).code === 'REQUEST_INVALID';
        }
      }),
    ));

  it('changes nothing when it is applied twice', () =>
    fc.assert(
      fc.property(
        fc.record({ city: fc.constantFrom('Lisbon', null), children: fc.integer({ min: 0, max: 20 }) }),
        (patch) => {
          const once = apply({}, patch);
          return apply({ fields: once.fields }, patch).changed.length === 0;
        },
      ),
    ));
});

describe('withoutPurpose', () => {
  it('takes away every value given for the purpose, also of fields no longer configured', () => {
    const stored = {
      city: aFieldRecord(),
      birthDate: aFieldRecord({ purpose: 'personalisation' }),
      oldField: aFieldRecord({ purpose: 'personalisation' }),
    };
    expect(withoutPurpose(stored, 'personalisation')).toEqual({
      fields: { city: stored.city },
      removed: ['birthDate', 'oldField'],
    });
  });
});
