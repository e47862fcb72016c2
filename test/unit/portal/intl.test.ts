import { afterEach, describe, expect, it, vi } from 'vitest';
import { ago, day, locale } from '../../../portal/src/text/intl.ts';

describe('the way to write times and numbers', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const browserOf = (...languages: string[]) => vi.stubGlobal('navigator', { languages });

  it.each([
    { says: ['de-AT', 'en-GB', 'en'], expected: 'en-GB' },
    { says: ['en-US@posix'], expected: 'en' },
    { says: ['en-US@posix', 'en-IE'], expected: 'en-IE' },
    { says: ['fr-CH'], expected: 'en' },
  ])('is $expected for a browser that says $says', ({ says, expected }) => {
    browserOf(...says);
    expect(locale()).toBe(expected);
    expect(day('2026-11-22T12:00:00Z')).toContain('2026');
  });
});

describe('how long ago', () => {
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute);
  it.each([
    ['a few seconds', at(23, 12), at(23, 12), 'now'],
    ['a minute', at(23, 12), at(23, 12, 1), '1 minute ago'],
    ['the evening before, less than a day ago', at(22, 20), at(23, 12), '16 hours ago'],
    ['the day before', at(22, 8), at(23, 12), 'yesterday'],
    ['two nights before, less than two days ago', at(21, 14), at(23, 2), '2 days ago'],
    ['a week ago, in this week’s words', at(15, 12), at(23, 12), '1 week ago'],
    ['ahead', at(25, 12), at(23, 11), 'in 2 days'],
  ])('%s', (_what, then, now, words) => expect(ago(then, now.getTime())).toBe(words));

  it('counts the days of a clock that changes', () =>
    expect(ago(new Date(2026, 9, 24, 12), new Date(2026, 9, 25, 12, 30).getTime())).toBe('yesterday'));
});
