import type { Clock } from '../ports.ts';

/** Resolves at most `perSecond` times per second, in the order of the calls: for quotas that cannot be raised. */
export function paced(
  perSecond: number,
  clock: Clock,
  wait: (milliseconds: number) => Promise<unknown>,
): () => Promise<void> {
  const intervalMs = 1000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    const at = Math.max(now, nextAt);
    nextAt = at + intervalMs;
    if (at > now) await wait(at - now);
  };
}
