import { describe, expect, it } from 'vitest';
import { bucketExpiry, bucketOf, bucketsOf, keptDays } from '../../../../lambdas/core/statistics/buckets.ts';
import type { StatisticsReader } from '../../../../lambdas/core/statistics/ports.ts';
import { networksShown, statisticsReport } from '../../../../lambdas/core/statistics/report.ts';
import { aNetwork } from '../../../support/statistics.ts';

const DAY = 86_400_000;

describe('buckets', () => {
  it.each([
    ['hour', '2026-11-22T10:00:00Z'],
    ['day', '2026-11-22T00:00:00Z'],
  ] as const)('by %s begin at %s', (step, bucket) => {
    expect(bucketOf(Date.parse('2026-11-22T10:59:59.999Z'), step)).toBe(bucket);
  });

  it('fill a range of days without a gap', () => {
    const range = { from: '2026-11-22', to: '2026-11-23' };
    expect(bucketsOf(range, 'day')).toEqual(['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z']);
    expect(bucketsOf(range, 'hour')).toHaveLength(48);
    expect(bucketsOf(range, 'hour').at(-1)).toBe('2026-11-23T23:00:00Z');
  });

  it.each([
    ['hour', '2026-11-01', '2026-11-09', /at most 8 days/],
    ['day', '2025-01-01', '2026-11-01', /at most 397 days/],
    ['day', '2026-11-02', '2026-11-01', /before from/],
  ] as const)('by %s from %s to %s are refused', (step, from, to, why) => {
    expect(() => bucketsOf({ from, to }, step)).toThrow(why);
  });

  it('are kept from their end', () => {
    const at = '2026-11-22T00:00:00Z';
    expect(bucketExpiry(at, 'day') * 1000 - Date.parse(at)).toBe((keptDays.day + 1) * DAY);
  });
});

describe('a report', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    network: aNetwork(index),
    count: 100 - index,
    error: 0,
    refused: 1,
  }));
  const reader: StatisticsReader = {
    counts: async (_, family) =>
      family === 'signIns' ? [{ at: '2026-11-22T00:00:00Z', counts: { succeeded: 3, refused: 1 } }] : [],
    networks: async () => [{ networks: many, floor: 2 }],
  };
  const report = () => statisticsReport(reader, { from: '2026-11-21', to: '2026-11-22' }, 'day');

  it('has an entry for every bucket and a zero for every counter of the range', async () => {
    const { series } = await report();
    expect(series.signIns).toEqual([
      { at: '2026-11-21T00:00:00Z', counts: { refused: 0, succeeded: 0 } },
      { at: '2026-11-22T00:00:00Z', counts: { refused: 1, succeeded: 3 } },
    ]);
    expect(series.consents.map(({ counts }) => counts)).toEqual([{}, {}]);
  });

  it('names the busiest networks, and how busy one can be that is not named', async () => {
    const { topNetworks, unlistedAtMost } = await report();
    expect(topNetworks).toHaveLength(networksShown);
    expect(unlistedAtMost).toBe(100 - networksShown);
  });
});
