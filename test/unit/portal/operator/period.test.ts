import { describe, expect, it } from 'vitest';
import { hasHours, queryOf } from '../../../../portal/src/pages/operator/statistics/buckets.ts';
import { type Statistics, soFar, sumsBy } from '../../../../portal/src/pages/operator/statistics/counts.ts';

const now = Date.parse('2026-11-23T01:30:00Z');

describe('what is asked for', () => {
  it('ends today, in days of UTC', () =>
    expect(queryOf({ range: 'week' }, now)).toEqual({ from: '2026-11-17', to: '2026-11-23', step: 'hour' }));

  it('is one day by hour where somebody looks closer', () =>
    expect(queryOf({ range: 'month', day: '2026-11-02' }, now)).toEqual({
      from: '2026-11-02',
      to: '2026-11-02',
      step: 'hour',
    }));

  it('has hours for a quarter', () => {
    expect(hasHours('2026-11-02T00:00:00Z', now)).toBe(true);
    expect(hasHours('2026-06-02T00:00:00Z', now)).toBe(false);
  });
});

it('hours that have not come yet are left out', () => {
  const bucket = (at: string) => ({ at, counts: { 'granted:a': 1, 'granted:b': 2 } });
  const statistics = {
    families: { consents: [bucket('2026-11-23T01:00:00Z'), bucket('2026-11-23T02:00:00Z')] },
  } as unknown as Statistics;
  const { consents } = soFar(statistics, now).families;
  expect(consents.map(({ at }) => at)).toEqual(['2026-11-23T01:00:00Z']);
  expect(sumsBy(consents, 'granted:')).toEqual([3]);
});
