import { afterEach, describe, expect, it, vi } from 'vitest';
import { day, locale } from '../../../portal/src/text/intl.ts';

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
