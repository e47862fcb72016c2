import type { Meter } from './platform.ts';

export function createMeter(): Meter {
  const counts = new Map<string, number>();
  return {
    count: (name, by = 1) => {
      counts.set(name, (counts.get(name) ?? 0) + by);
    },
    read: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    reset: () => counts.clear(),
  };
}
