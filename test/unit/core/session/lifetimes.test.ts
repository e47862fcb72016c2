import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSessionAlive,
  levelNow,
  touchIntervalSeconds,
} from '../../../../lambdas/core/session/lifetimes.ts';
import { lifetimes } from '../../../support/sessions.ts';

const now = 1_800_000_000;
const age = fc.nat(60 * 86_400);

describe('the lifetimes of a session', () => {
  it('end it when it is too old or unused for too long, and not a second before', () =>
    fc.assert(
      fc.property(age, age, (started, seen) => {
        const alive = isSessionAlive({ startedAt: now - started, seenAt: now - seen }, lifetimes, now);
        const { absoluteSeconds, idleSeconds } = lifetimes.session;
        return alive === (started <= absoluteSeconds && seen <= idleSeconds);
      }),
    ));

  it('never give a dead session back with time alone', () =>
    fc.assert(
      fc.property(age, age, age, (started, seen, later) => {
        const session = { startedAt: now - started, seenAt: now - seen };
        return isSessionAlive(session, lifetimes, now) || !isSessionAlive(session, lifetimes, now + later);
      }),
    ));

  it('never raise a level, and take level 2 after its own limits', () =>
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2), age, age, (level, proven, seen) => {
        const times = { authenticatedAt: now - proven, seenAt: now - seen };
        const left = levelNow(level as 0 | 1 | 2, times, lifetimes, now);
        const isFresh = proven <= 86_400 && Math.min(seen, proven) <= 3_600;
        expect(left).toBe(level === 2 && !isFresh ? 1 : level);
      }),
    ));

  it.each([now + 61, now + 86_400, Number.NaN, Number.POSITIVE_INFINITY])(
    'count a beginning at %d as none: a wrong clock fails closed',
    (startedAt) => {
      expect(isSessionAlive({ startedAt, seenAt: now }, lifetimes, now)).toBe(false);
      expect(levelNow(2, { authenticatedAt: startedAt, seenAt: now }, lifetimes, now)).toBe(1);
    },
  );

  it('are written down every five minutes at the default', () =>
    expect(touchIntervalSeconds(lifetimes)).toBe(300));
});
