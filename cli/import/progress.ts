import { SingleBar } from 'cli-progress';

export interface Progress {
  /** Bytes or lines out of the total. */
  step(by: number): void;
  stop(): void;
}

/** A bar on a terminal, nothing in a log. */
export function openProgress(title: string, total: number): Progress {
  if (!process.stderr.isTTY) return { step: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}% | {value}/{total} lines | {duration_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { step: (by) => bar.increment(by), stop: () => bar.stop() };
}
