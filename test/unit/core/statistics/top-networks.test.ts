import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pseudonym } from '../../../../lambdas/core/ids.ts';
import {
  addNetworks,
  maxNetworks,
  mergeNetworks,
  type NetworkTally,
  noNetworks,
  type TopNetworks,
} from '../../../../lambdas/core/statistics/top-networks.ts';
import { aNetwork } from '../../../support/statistics.ts';

const tallyOf = (seen: readonly number[]): NetworkTally => {
  const tally = new Map<Pseudonym, { count: number; refused: number }>();
  for (const number of seen) {
    const { count, refused } = tally.get(aNetwork(number)) ?? { count: 0, refused: 0 };
    tally.set(aNetwork(number), { count: count + 1, refused: refused + (number % 2) });
  }
  return tally;
};
/** More networks than a list has room for, some much busier than others. */
const batches = fc.array(fc.array(fc.oneof(fc.nat(5), fc.nat(maxNetworks * 3)), { maxLength: 80 }), {
  maxLength: 12,
});
const summed = (drawn: readonly (readonly number[])[]) =>
  drawn.reduce<TopNetworks>((list, batch) => addNetworks(list, tallyOf(batch)), noNetworks);

function expectBounds({ networks, floor }: TopNetworks, all: readonly number[], lists = 1) {
  const truth = tallyOf(all);
  expect(networks.length).toBeLessThanOrEqual(maxNetworks);
  for (const { network, count, error, refused } of networks) {
    const { count: really, refused: reallyRefused } = truth.get(network) ?? { count: 0, refused: 0 };
    expect(count).toBeGreaterThanOrEqual(really);
    expect(count - error).toBeLessThanOrEqual(really);
    expect(refused).toBeLessThanOrEqual(reallyRefused);
  }
  const listed = new Set(networks.map(({ network }) => network));
  for (const [network, { count }] of truth)
    if (!listed.has(network)) expect(count).toBeLessThanOrEqual(floor);
  if (lists === 1) expect(floor).toBeLessThanOrEqual(all.length / maxNetworks);
}

describe('the busiest networks', () => {
  it('are within their stated error, and none is missing that was seen more often than the floor', () =>
    fc.assert(fc.property(batches, (drawn) => expectBounds(summed(drawn), drawn.flat()))));

  it('are exact in any order while there is room for all', () =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(maxNetworks - 1))), (drawn) => {
        const list = summed(drawn);
        expect(list).toEqual(summed([...drawn].reverse()));
        expect(list.floor).toBe(0);
        expect(list.networks.every(({ error }) => error === 0)).toBe(true);
      }),
    ));

  it('of several buckets keep their bounds as one', () =>
    fc.assert(
      fc.property(fc.array(batches, { maxLength: 4 }), (hours) =>
        expectBounds(mergeNetworks(hours.map(summed)), hours.flat(2), hours.length),
      ),
    ));
});
