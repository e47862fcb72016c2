import * as v from 'valibot';
import { steps } from '../../core/statistics/buckets.ts';
import { families } from '../../core/statistics/families.ts';
import * as s from '../schemas.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const date = s.pattern(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, 10);

/** Days of UTC, both included; by hour at most 8 days, by day at most 397. */
export const statisticsQuery = v.strictObject({
  from: date,
  to: date,
  step: v.optional(v.picklist(steps), 'day'),
});

/** The same counters in every entry of a family, zeros included; a counter that was never raised in the range is absent. */
const series = v.array(v.strictObject({ at: s.timestamp, counts: v.record(v.string(), count) }));

/** Names of the counters: `core/statistics/families.ts`. */
export const statisticsAnswer = v.strictObject({
  from: date,
  to: date,
  step: v.picklist(steps),
  /** Beginning of each bucket; every series has exactly these entries. */
  families: v.strictObject(
    Object.fromEntries(families.map((family) => [family, series])) as Record<
      (typeof families)[number],
      typeof series
    >,
  ),
  /** The true count lies between `count - error` and `count`. */
  topNetworks: v.array(v.strictObject({ network: v.string(), count, error: count, refused: count })),
  /** No network that is not named was seen more often. */
  unlistedAtMost: count,
});
