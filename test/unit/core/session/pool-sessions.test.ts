import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolSessionOf } from '../../../../lambdas/core/session/pool-sessions.ts';

const row = { client: 'web', startedAt: '2026-11-22T10:00:00.000Z' };
const begun = Date.parse(row.startedAt);
const session = (id: string, after: number, client = 'web') => ({ id, client, createdAt: begun + after });

describe("the pool's session of a row", () => {
  it('is the one of the same client that began at the same time', () => {
    const sessions = [session('a', -60_000), session('b', 1_200), session('c', 800, 'other')];
    expect(poolSessionOf(row, sessions)?.id).toBe('b');
  });

  it('is none when two could be meant', () => {
    expect(poolSessionOf(row, [session('a', 100), session('b', 2_000)])).toBeUndefined();
  });

  it('never is one of another client or another time', () => {
    const other = fc.record({
      id: fc.string({ minLength: 1 }),
      client: fc.constantFrom('web', 'other'),
      createdAt: fc.integer({ min: -3_600_000, max: 3_600_000 }).map((offset) => begun + offset),
    });
    fc.assert(
      fc.property(fc.array(other, { maxLength: 8 }), (sessions) => {
        const match = poolSessionOf(row, sessions);
        if (match) {
          expect(match.client).toBe('web');
          expect(Math.abs(match.createdAt - begun)).toBeLessThanOrEqual(5_000);
        }
      }),
    );
  });
});
