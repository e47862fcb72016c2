import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sub } from '../../../../lambdas/core/ids.ts';
import { cutoffAt, isSessionOver, untilNewSessionsCount } from '../../../../lambdas/core/session/cutoff.ts';

const sub = 'sub-1' as Sub;
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const at = (startedAt: number, sessionKey = 'session-1') => ({ startedAt, sessionKey });
const until = ({ endedUntil }: { endedUntil: number }) => ({ until: endedUntil });
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

describe('a password reset', () => {
  it('ends every session that began before it or half a second after', () =>
    fc.assert(
      fc.property(time, fc.integer({ min: -100_000_000, max: 500 }), (now, offset) =>
        isSessionOver(at(seconds(now + offset)), until(cutoffAt(sub, now))),
      ),
    ));

  it('is answered within 1.5 s, when a new session counts', () =>
    fc.assert(
      fc.property(time, fc.nat(10_000), (now, later) => {
        const cutoff = cutoffAt(sub, now);
        const wait = untilNewSessionsCount(cutoff, now);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(1_500);
        expect(isSessionOver(at(seconds(now + wait + later)), until(cutoff))).toBe(false);
      }),
    ));

  it('is not waited for when its time has passed', () =>
    expect(untilNewSessionsCount({ sub, endedUntil: 10 }, 20_000)).toBe(0));
});

it('nobody who never reset a password is signed out', () =>
  expect(isSessionOver(at(0), undefined)).toBe(false));
it('a session of unknown age counts as an old one', () =>
  expect(isSessionOver(at(Number.NaN), { until: 1 })).toBe(true));

it('the session in which its owner ended all others goes on, and no other', () => {
  const cutoff = { until: 100, except: 'mine' };
  expect(isSessionOver(at(50, 'mine'), cutoff)).toBe(false);
  expect(isSessionOver(at(50, 'other'), cutoff)).toBe(true);
});
