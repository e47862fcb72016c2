import { describe, expect, it } from 'vitest';
import { digitsOf } from '../../../portal/src/kit/digits.ts';
import { looksLikeAddress } from '../../../portal/src/pages/sign-in/looks-like-address.ts';
import { format } from '../../../portal/src/text/format.ts';

describe('a message', () => {
  it('takes its values, and writes numbers as the language does', () => {
    expect(format('{name} has {count}', { name: 'Ada', count: 12345 }, 'de')).toBe('Ada has 12.345');
  });

  it('leaves a name without a value where it is', () =>
    expect(format('to {destination}', {}, 'en')).toBe('to {destination}'));

  it.each([
    { language: 'en', count: 1, line: '1 second' },
    { language: 'en', count: 2, line: '2 seconds' },
    { language: 'ar', count: 2, line: 'two' },
    { language: 'ar', count: 3, line: 'few' },
    { language: 'ar', count: 11, line: 'many' },
    { language: 'ar', count: 100, line: 'other' },
  ])('has the plural of $count in $language', ({ language, count, line }) => {
    const message =
      language === 'en'
        ? { one: '{count} second', other: '{count} seconds' }
        : { two: 'two', few: 'few', many: 'many', other: 'other' };
    expect(format(message, { count }, language)).toBe(line);
  });
});

describe('a code as it was typed', () => {
  it.each([
    ['1234 5678', '12345678'],
    ['١٢٣٤', '1234'],
    ['۱۲۳۴', '1234'],
    ['a1b2', '12'],
  ])('%s is %s', (typed, digits) => expect(digitsOf(typed)).toBe(digits));
});

describe('an address', () => {
  it.each(['ada@example.com', ' ada@example.com ', 'ä@bücher.example'])('may be %s', (typed) =>
    expect(looksLikeAddress(typed)).toBe(true),
  );
  it.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', `${'a'.repeat(250)}@b.co`])(
    'is not %s',
    (typed) => expect(looksLikeAddress(typed)).toBe(false),
  );
});
