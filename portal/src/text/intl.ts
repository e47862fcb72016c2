import { language } from './text.ts';

/** The language of the page as the browser's owner writes it: who reads English in Britain sees `21:40`, not `9:40 PM`. */
export const locale = (): string =>
  (globalThis.navigator?.languages ?? []).find(
    (tag) => tag.startsWith(`${language.value}-`) && isLocale(tag),
  ) ?? language.value;

/** Chromium under the POSIX locale says `en-US@posix`, for which `Intl` throws. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** `22 November 2026`, in the person's language and time zone. */
export const day = (at: string | number | Date): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(at));

/** `22 November 2026 at 21:40`. */
export const moment = (at: string | number | Date): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * `3 hours ago`, `in 2 days`; under a minute it is `now`. `yesterday` is the day before on the calendar, and a week ago is no
 * `last week`, which may be another one.
 */
export function ago(at: string | number | Date, now = Date.now()): string {
  const then = new Date(at);
  const seconds = (then.getTime() - now) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? [
    'second',
    Number.POSITIVE_INFINITY,
  ];
  const numeric = unit === 'day' || unit === 'second' ? 'auto' : 'always';
  const count = unit === 'day' ? calendarDays(new Date(now), then) : Math.trunc(seconds / size) || 0;
  return new Intl.RelativeTimeFormat(locale(), { numeric }).format(count, unit);
}

/** Midnights of the person's time zone between two moments; by noons, as a day of a changed clock has 23 or 25 hours. */
function calendarDays(from: Date, to: Date): number {
  const noon = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate(), 12).getTime();
  return Math.round((noon(to) - noon(from)) / 86_400_000);
}

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value);

/** `Newsletter, Analytics and Terms`. */
export const listOf = (items: readonly string[]): string =>
  new Intl.ListFormat(locale(), { type: 'conjunction' }).format([...items]);

/** `21:40`. */
export const clock = (at: string | number | Date): string =>
  new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(new Date(at));

/** `Google, Apple or Acme`. */
export const anyOf = (items: readonly string[]): string =>
  new Intl.ListFormat(locale(), { type: 'disjunction' }).format([...items]);
