import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { foldLedger, nextLedgerId, stateOf } from '../../../../lambdas/core/consent/ledger.ts';
import { aConsent, aConsentState, NOW } from '../../../support/account.ts';

describe('foldLedger', () => {
  it('keeps the newest entry of each purpose, whatever the order of arrival', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ purpose: fc.constantFrom('a', 'b'), granted: fc.boolean() }), { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (answers, shuffle) => {
          const entries = answers.map(({ purpose, granted }) =>
            aConsent({ purpose, decision: granted ? 'granted' : 'withdrawn' }),
          );
          const shuffled = entries
            .map((entry) => ({ entry, rank: shuffle.next().value }))
            .toSorted((left, right) => left.rank - right.rank)
            .map(({ entry }) => entry);
          const expected = new Map(entries.map((entry) => [entry.purpose, stateOf(entry)]));
          expect(new Map(foldLedger(shuffled))).toEqual(expected);
        },
      ),
    ));
});

describe('nextLedgerId', () => {
  it('is greater than the standing id, also in the same millisecond and with a clock that is behind', () =>
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (skewMs) => {
        const standing = aConsentState({ ledgerId: ulid(NOW) });
        expect(nextLedgerId(standing, NOW + skewMs, ulid) > standing.ledgerId).toBe(true);
      }),
    ));

  it('carries the time of the answer when nothing stands against it', () => {
    expect(nextLedgerId(undefined, NOW, ulid).slice(0, 10)).toBe(ulid(NOW).slice(0, 10));
    const standing = aConsentState({ ledgerId: ulid(NOW - 1) });
    expect(nextLedgerId(standing, NOW, ulid).slice(0, 10)).toBe(ulid(NOW).slice(0, 10));
  });
});
