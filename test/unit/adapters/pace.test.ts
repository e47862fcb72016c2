import { describe, expect, it } from 'vitest';
import { paced } from '../../../lambdas/adapters/pace.ts';

describe('a pace', () => {
  it('never lets more through than it says, and makes up for nothing', async () => {
    const clock = { time: 0, now: () => clock.time };
    const pace = paced(5, clock, async (milliseconds) => {
      clock.time += milliseconds;
    });
    const times: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      await pace();
      times.push(clock.time);
    }
    clock.time = 10_000;
    await pace();
    await pace();
    expect([...times, clock.time]).toEqual([0, 200, 400, 600, 10_200]);
  });
});
