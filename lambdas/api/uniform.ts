import type { Clock } from '../ports.ts';

/**
 * When an answer may leave whose time must say nothing: at the first multiple of `stepMs` after arrival. Work that
 * took longer than one step moves the answer to the next one, so that slowness shows in coarse steps only.
 * @param stepMs - 0 answers at once
 */
export function answerTime(arrivedAt: number, now: number, stepMs: number): number {
  if (stepMs <= 0) return now;
  const steps = Math.max(1, Math.ceil((now - arrivedAt) / stepMs));
  return arrivedAt + steps * stepMs;
}

export type Wait = (milliseconds: number) => Promise<void>;

export const timerWait: Wait = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Waits until the answer may leave. Timers may fire a fraction early, so it looks again. */
export async function holdAnswer(
  arrivedAt: number,
  stepMs: number,
  { clock, wait }: { clock: Clock; wait: Wait },
): Promise<void> {
  const due = answerTime(arrivedAt, clock.now(), stepMs);
  for (let left = due - clock.now(); left > 0; left = due - clock.now()) await wait(left);
}
