import { locale } from '../../../text/intl.ts';

const dayMs = 86_400_000;

/** Ranges that the overview offers. Buckets are of UTC, as the statistics keep them. */
export const ranges = {
  day: { days: 2, step: 'hour' },
  week: { days: 7, step: 'hour' },
  month: { days: 30, step: 'day' },
  quarter: { days: 90, step: 'day' },
  year: { days: 365, step: 'day' },
} as const satisfies Record<string, { days: number; step: 'hour' | 'day' }>;
export type RangeName = keyof typeof ranges;

/** First and last day of a range that ends today. */
export function datesOf(name: RangeName, now: number): { readonly from: string; readonly to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (ranges[name].days - 1) * dayMs), to: day(now) };
}

/** What the overview shows: a range up to today, or one day of it hour by hour. */
export type Shown = { readonly range: RangeName; readonly day?: string };

export const queryOf = (
  { range, day }: Shown,
  now: number,
): { readonly from: string; readonly to: string; readonly step: 'hour' | 'day' } =>
  day === undefined
    ? { ...datesOf(range, now), step: ranges[range].step }
    : { from: day, to: day, step: 'hour' };

/** Hours are kept so long: older days cannot be looked at more closely. */
const hoursKeptDays = 90;

export const hasHours = (at: string, now: number): boolean => now - Date.parse(at) < hoursKeptDays * dayMs;

/** `17 Nov 2026 – 23 Nov 2026`, days of UTC. */
export const periodName = (from: string, to: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', dateStyle: 'medium' }).formatRange(
    new Date(from),
    new Date(to),
  );

/** `GMT+1`: how far the reader's clock is from the one that counts; nothing where it is the same. */
export function ownClock(now: number): string | undefined {
  if (new Date(now).getTimezoneOffset() === 0) return undefined;
  return new Intl.DateTimeFormat(locale(), { timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')?.value;
}

/** `22 Nov`, or `22 Nov, 14:00`: both of UTC. */
export const bucketName = (at: string, step: 'hour' | 'day'): string =>
  new Intl.DateTimeFormat(locale(), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    ...(step === 'hour' && { hour: '2-digit', minute: '2-digit' }),
  }).format(new Date(at));

/** As much of it as there is room for below a plot: hours only where there are few days. */
export const axisName = (at: string, step: 'hour' | 'day', count: number): string =>
  bucketName(at, count > hoursOfTwoDays ? 'day' : step);

const hoursOfTwoDays = 48;
