import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pseudonym } from '../../../../lambdas/core/ids.ts';
import { historySize, remember, standingOf } from '../../../../lambdas/core/risk/history.ts';

const id = (name: string) => name as Pseudonym;

describe('history', () => {
  it('keeps the most recent ones and drops the one not seen for longest', () => {
    const seen = { a: 10, b: 50, c: 30, d: 40, e: 20 };
    expect(remember(seen, id('f'), 60)).toEqual({ f: 60, b: 50, d: 40, c: 30, e: 20 });
    expect(remember(seen, id('a'), 60)).toEqual({ ...seen, a: 60 });
  });

  it('knows only what it has: nothing inherited, nothing absent', () => {
    expect(standingOf({ a: 1 }, id('a'))).toBe('known');
    expect(standingOf({ a: 1 }, id('toString'))).toBe('new');
    expect(standingOf({ a: 1 }, undefined)).toBe('unknown');
  });

  it('stays bounded, remembers the last one and never moves a time back', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.nat(1_000))), (visits) => {
        let seen: Readonly<Record<string, number>> = {};
        for (const [device, at] of visits) {
          const before = seen[device] ?? 0;
          seen = remember(seen, id(device), at);
          expect(seen[device]).toBe(Math.max(before, at));
          expect(Object.keys(seen).length).toBeLessThanOrEqual(historySize);
        }
      }),
    ));
});
