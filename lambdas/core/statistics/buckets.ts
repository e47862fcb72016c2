export const steps = ['hour', 'day'] as const;
export type Step = (typeof steps)[number];

const hourMs = 3_600_000;
const dayMs = 86_400_000;
export const stepMs: Readonly<Record<Step, number>> = { hour: hourMs, day: dayMs };

/** How long buckets are kept: a quarter hour by hour, five years day by day. */
export const keptDays: Readonly<Record<Step, number>> = { hour: 90, day: 1_827 };

/** Buckets that one answer holds at the most: a week and a day, a year and a month. */
export const maxBuckets: Readonly<Record<Step, number>> = { hour: 192, day: 397 };

/** Beginning of the bucket, as it is stored and shown: `2026-11-22T10:00:00Z`; days are those of UTC. */
export const bucketOf = (at: number, step: Step): string =>
  `${new Date(at - (at % stepMs[step])).toISOString().slice(0, 19)}Z`;

/** Epoch seconds from which a bucket may be deleted; counted from its end, so that no event shortens it. */
export const bucketExpiry = (bucket: string, step: Step): number =>
  Math.floor((Date.parse(bucket) + stepMs[step] + keptDays[step] * dayMs) / 1000);

/** Days of UTC, both included: `2026-11-22`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** A range that cannot be answered; `message` says what is allowed. */
export class InvalidRange extends RangeError {
  readonly field: keyof DateRange;
  constructor(field: keyof DateRange, message: string) {
    super(message);
    this.field = field;
  }
}

/** Every bucket of the range in order. @throws InvalidRange */
export function bucketsOf(range: DateRange, step: Step): readonly string[] {
  const first = dayOf(range, 'from');
  const end = dayOf(range, 'to') + dayMs;
  const count = (end - first) / stepMs[step];
  if (count < 1) throw new InvalidRange('to', 'must not be before from');
  if (count > maxBuckets[step]) {
    const days = Math.floor((maxBuckets[step] * stepMs[step]) / dayMs);
    throw new InvalidRange('to', `by ${step}, at most ${days} days at once`);
  }
  return Array.from({ length: count }, (_, index) => bucketOf(first + index * stepMs[step], step));
}

/** The 30th of February is a day to `Date`, but no day. */
function dayOf(range: DateRange, field: keyof DateRange): number {
  const day = Date.parse(`${range[field]}T00:00:00Z`);
  if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(range[field])) return day;
  throw new InvalidRange(field, 'must be a day, for example 2026-11-22');
}
