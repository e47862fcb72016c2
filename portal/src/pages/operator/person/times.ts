import { locale } from '../../../text/intl.ts';

/** `23 Nov 2026, 14:03:07`: in an argument about what came first, minutes are not enough. */
export const exactMoment = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

/** `Central European Standard Time (GMT+01:00)`: whose clock the times on the page are of. */
export function zoneName(now: number): string {
  const named = (timeZoneName: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat(locale(), { timeZoneName })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [name, offset] = [named('long'), named('longOffset')];
  return name === offset ? name : `${name} (${offset})`;
}
