import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankedBy } from '../../../../portal/src/pages/operator/statistics/counts.ts';
import {
  axisBuckets,
  cutBelow,
  highestOf,
  niceMax,
  stackOf,
  ticksOf,
  totalsOf,
} from '../../../../portal/src/pages/operator/statistics/plot-scale.ts';

describe('the scale of a plot', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 6],
    [10, 10],
    [11, 20],
    [999, 1000],
  ])('for %i at most ends at %i', (largest, max) => expect(niceMax(largest)).toBe(max));

  it('always holds the largest bar and wastes at most half', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (largest) => {
        const max = niceMax(largest);
        return max >= largest && largest >= max * 0.5;
      }),
    ));

  it('has whole numbers at its lines', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (largest) => {
        expect(ticksOf(niceMax(largest)).every(Number.isInteger)).toBe(true);
      }),
    ));

  it('stacks every part on the one below and ends at the sum', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }), (values) => {
        const series = values.map((value, index) => ({ name: `${index}`, label: '', values: [value] }));
        const [total = 0] = totalsOf(series);
        const max = niceMax(total);
        const parts = stackOf(series, 0, max);
        expect(parts.at(-1)?.to ?? 0).toBeCloseTo(total / max);
        expect(parts.slice(1).map(({ from }) => from)).toEqual(parts.slice(0, -1).map(({ to }) => to));
      }),
    ));

  it.each([
    [0, []],
    [1, [0]],
    [2, [0, 1]],
    [30, [0, 14, 29]],
  ])('names the ends and the middle of %i buckets', (count, named) =>
    expect(axisBuckets(count)).toEqual(named),
  );
});

it('ranks what has a prefix by its sum and leaves out what never happened', () => {
  const buckets = [
    { at: '2026-11-21T00:00:00Z', counts: { 'reason:A': 1, 'reason:B': 4, 'reason:C': 0, all: 9 } },
    { at: '2026-11-22T00:00:00Z', counts: { 'reason:A': 5, 'reason:B': 0, 'reason:C': 0, all: 9 } },
  ];
  expect(rankedBy(buckets, 'reason')).toEqual([
    { name: 'A', count: 6 },
    { name: 'B', count: 4 },
  ]);
});

describe('bars that hide the rest', () => {
  const wave = [3, 4, 0, 5, 4, 3, 6, 4, 5, 3, 4, 6000, 2500, 4, 5, 3, 4, 5, 6, 4, 3, 5, 4];

  it('are cut off above the ordinary ones, and their parts end there', () => {
    const cut = cutBelow(wave) ?? 0;
    expect(cut).toBeGreaterThanOrEqual(6);
    expect(cut).toBeLessThan(100);
    const series = [
      { name: 'a', label: 'A', values: [6000] },
      { name: 'b', label: 'B', values: [1] },
    ];
    expect(stackOf(series, 0, cut)).toEqual([{ name: 'a', value: 6000, from: 0, to: 1 }]);
  });

  it.each([
    ['nothing', [0, 0]],
    ['one bar', [0, 7, 0]],
    ['bars of one kind', [5, 7, 6, 9, 12]],
  ])('are none among %s', (_, totals) => expect(cutBelow(totals)).toBeUndefined());

  it('the highest is the first of those', () => {
    expect(highestOf(wave)).toBe(11);
    expect(highestOf([2, 2])).toBe(0);
    expect(highestOf([0, 0])).toBeUndefined();
  });
});
