import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  grantedPurposes,
  needsAsking,
  permissions,
  permits,
} from '../../../../lambdas/core/consent/coverage.ts';
import { aConsentState, aPurpose, aTextVersion } from '../../../support/account.ts';

const purpose = aPurpose({
  versions: [
    aTextVersion('4', { material: false }),
    aTextVersion('3', { material: true }),
    aTextVersion('2', { material: false }),
    aTextVersion('1'),
  ],
});
const granted = (version: string) => aConsentState({ version });
const withdrawn = (version: string) => aConsentState({ version, decision: 'withdrawn' });
const contract = aPurpose({ name: 'service', basis: 'contract' });
const terms = aPurpose({ name: 'terms', basis: 'contract', requiredAtRegistration: true });

describe('covers', () => {
  it.each([
    { version: '4', covered: true },
    { version: '3', covered: true },
    { version: '2', covered: false },
    { version: '1', covered: false },
    { version: 'unknown', covered: false },
  ])('an answer to version $version: $covered', ({ version, covered }) => {
    expect(covers(purpose, granted(version))).toBe(covered);
  });

  it('never lets the answer to one purpose speak for another', () => {
    expect(covers(purpose, aConsentState({ purpose: 'other', version: '4' }))).toBe(false);
  });

  it('holds exactly as long as no material version came after the answer', () =>
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), fc.nat(), (materials, pick) => {
        const versions = materials.map((material, index) => aTextVersion(`${index}`, { material }));
        const answered = pick % versions.length;
        const expected = !materials.slice(0, answered).includes(true);
        return covers(aPurpose({ versions }), granted(`${answered}`)) === expected;
      }),
    ));
});

describe('permits and needsAsking', () => {
  it.each([
    { given: 'never asked', of: purpose, state: undefined, permitted: false, ask: true },
    { given: 'granted today', of: purpose, state: granted('4'), permitted: true, ask: false },
    {
      given: 'granted before a material change',
      of: purpose,
      state: granted('2'),
      permitted: false,
      ask: true,
    },
    { given: 'refused today', of: purpose, state: withdrawn('4'), permitted: false, ask: false },
    {
      given: 'refused before a material change',
      of: purpose,
      state: withdrawn('2'),
      permitted: false,
      ask: true,
    },
    { given: 'a contract', of: contract, state: undefined, permitted: true, ask: false },
    { given: 'terms not agreed to', of: terms, state: undefined, permitted: true, ask: true },
  ])('$given: permits $permitted, asks $ask', ({ of, state, permitted, ask }) => {
    expect({ permitted: permits(of, state), ask: needsAsking(of, state) }).toEqual({ permitted, ask });
  });

  it('permits nothing for a purpose that is not configured', () => {
    const states = new Map([['ghost', aConsentState({ purpose: 'ghost' })]]);
    expect(permissions([purpose, contract], states)('ghost')).toBe(false);
  });
});

describe('grantedPurposes', () => {
  it('names the consents that count now, and no contract', () => {
    const other = aPurpose({ name: 'other' });
    const states = new Map([
      ['newsletter', granted('4')],
      ['other', aConsentState({ purpose: 'other', decision: 'withdrawn' })],
    ]);
    expect(grantedPurposes([contract, other, purpose], states)).toEqual(['newsletter']);
  });
});
