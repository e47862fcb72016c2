import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/audit/event.ts';
import {
  chunksOf,
  countEvents,
  isTooLate,
  maxWrites,
} from '../../../../lambdas/core/statistics/count-events.ts';
import { tallyOf } from '../../../../lambdas/core/statistics/tally.ts';
import { anEvent } from '../../../support/audit.ts';
import { someEvents, vocabulary } from '../../../support/statistics.ts';
import { memoryStatistics } from './memory-statistics.ts';

const counted = async (batches: readonly (readonly AuditEvent[])[]) => {
  const store = memoryStatistics();
  for (const batch of batches) expect(await countEvents(store, batch, vocabulary)).toEqual(new Map());
  return store.contents();
};

/** Cuts a list at the places that are drawn. */
const cut = <T>(list: readonly T[], places: readonly number[]): T[][] => {
  const at = [0, ...places.map((place) => place % (list.length + 1)).sort((a, b) => a - b), list.length];
  return at.slice(1).map((end, index) => list.slice(at[index], end));
};

describe('counting', () => {
  it('does not depend on the order of events or on how they come in batches', () =>
    fc.assert(
      fc.asyncProperty(
        someEvents().chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.array(fc.nat()),
          ),
        ),
        async ([events, shuffled, places]) => {
          expect(await counted(cut(shuffled, places))).toEqual(await counted([events]));
        },
      ),
      { numRuns: 60 },
    ));

  it('is the same whatever comes twice, in one batch or in several', () =>
    fc.assert(
      fc.asyncProperty(
        someEvents(40).chain((events) =>
          fc.tuple(fc.constant(events), fc.subarray(events), fc.subarray(events)),
        ),
        async ([events, again, later]) => {
          expect(await counted([[...again, ...events, ...again], later])).toEqual(await counted([events]));
        },
      ),
      { numRuns: 60 },
    ));

  it('puts into one transaction what one transaction can take', () =>
    fc.assert(
      fc.property(someEvents(200), (events) => {
        const chunks = chunksOf(events, vocabulary);
        for (const chunk of chunks) {
          const { counters, networks } = tallyOf(chunk, vocabulary);
          expect(chunk.length + counters.length + networks.length).toBeLessThanOrEqual(maxWrites);
        }
        expect(
          chunks
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(events.map(({ id }) => id).sort());
      }),
      { numRuns: 40 },
    ));

  it('names what it could not count, and counts the rest', async () => {
    const store = memoryStatistics();
    const events = Array.from({ length: 200 }, (_, hour) =>
      anEvent({ at: new Date(Date.parse('2026-11-22T00:00:00Z') + hour * 3_600_000).toISOString() }),
    );
    store.failOnce(new Error('throttled'));
    const failed = await countEvents(store, events, vocabulary);
    expect(failed.size).toBeGreaterThan(0);
    expect(failed.size).toBeLessThan(events.length);
    expect(await countEvents(store, events, vocabulary)).toEqual(new Map());
    expect(store.markers()).toBe(events.length);
  });
});

it.each([
  ['2026-11-02T12:00:00.000Z', false],
  ['2026-11-02T11:59:59.000Z', true],
])('an event of %s is too late on 22 November: %s', (at, late) => {
  expect(isTooLate(anEvent({ at }), Date.parse('2026-11-22T12:00:00Z'))).toBe(late);
});
