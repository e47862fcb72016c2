import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkField } from '../../../../lambdas/core/profile/fields.ts';
import { aField, NOW } from '../../../support/account.ts';

const text = aField({ type: 'text', maxLength: 5 });
const choice = aField({ type: 'choice', options: ['s', 'm'] });
const date = aField({ type: 'date' });
const number = aField({ type: 'number', min: -2, max: 10 });
const boolean = aField({ type: 'boolean' });

describe('checkField', () => {
  it.each([
    { of: 'a text', field: text, value: 'Ada', stored: 'Ada' },
    { of: 'a decomposed text', field: text, value: 'Zoe\u0301', stored: 'Zo\u00e9' },
    { of: 'a text with invisible edges', field: text, value: '\u200b\u202e Ada\u00a0\ufeff', stored: 'Ada' },
    { of: 'a text with an unusual space', field: text, value: 'A\u00a0B', stored: 'A B' },
    { of: 'a Persian text with a non-joiner', field: text, value: 'می\u200cر', stored: 'می\u200cر' },
    { of: 'five characters beyond the basic plane', field: text, value: '𝒜𝒷𝒸𝒹𝑒', stored: '𝒜𝒷𝒸𝒹𝑒' },
    { of: 'a choice', field: choice, value: 'm', stored: 'm' },
    { of: 'a leap day', field: date, value: '2024-02-29', stored: '2024-02-29' },
    { of: 'today east of UTC', field: date, value: '2026-11-23', stored: '2026-11-23' },
    { of: 'the lower bound', field: number, value: -2, stored: -2 },
    { of: 'minus zero', field: number, value: -0, stored: 0 },
    { of: 'false', field: boolean, value: false, stored: false },
  ])('takes $of', ({ field, value, stored }) => {
    expect(checkField(field, value, NOW)).toEqual({ ok: true, value: stored });
  });

  it.each([
    { of: 'a text that is too long', field: text, value: 'abcdef' },
    { of: 'a text of nothing but invisible characters', field: text, value: ' \u200b\u00ad' },
    { of: 'a line break', field: text, value: 'a\nb' },
    { of: 'a NUL', field: text, value: 'a\0b' },
    { of: 'a bidirectional override', field: text, value: 'a\u202eb' },
    { of: 'a zero-width space inside', field: text, value: 'a\u200bb' },
    { of: 'half a surrogate pair', field: text, value: 'a\ud800b' },
    { of: 'a number where a text belongs', field: text, value: 5 },
    { of: 'a choice that is not offered', field: choice, value: 'xl' },
    { of: 'a name every object has', field: choice, value: 'constructor' },
    { of: '30 February', field: date, value: '2023-02-30' },
    { of: '29 February of a common year', field: date, value: '2023-02-29' },
    { of: 'a month 13', field: date, value: '2023-13-01' },
    { of: 'a date with a time', field: date, value: '2023-01-01T00:00:00Z' },
    { of: 'the day after tomorrow', field: date, value: '2026-11-24' },
    { of: 'a date before 1900', field: date, value: '1899-12-31' },
    { of: 'a number below the bound', field: number, value: -3 },
    { of: 'not a number', field: number, value: Number.NaN },
    { of: 'a number as text', field: number, value: '5' },
    { of: 'infinity', field: aField({ type: 'number' }), value: Number.POSITIVE_INFINITY },
    { of: '1 for true', field: boolean, value: 1 },
    { of: 'an object', field: text, value: { toString: () => 'Ada' } },
    { of: 'an array', field: choice, value: ['s'] },
  ])('refuses $of and says what is allowed', ({ field, value }) => {
    expect(checkField(field, value, NOW)).toEqual({ ok: false, allowed: expect.stringMatching(/^must be /) });
  });

  it('keeps its stored form when it is checked again', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const first = checkField(aField(), typed, NOW);
        return !first.ok || JSON.stringify(checkField(aField(), first.value, NOW)) === JSON.stringify(first);
      }),
    ));

  it('gives texts that differ only in form one stored form', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.stringMatching(/^[ \u00a0\u200b\ufeff\u202e]*$/),
        (typed, edge) => {
          const variants = [typed, typed.normalize('NFD'), `${edge}${typed}${edge}`];
          const forms = variants.map((variant) => JSON.stringify(checkField(aField(), variant, NOW)));
          return new Set(forms).size === 1;
        },
      ),
    ));

  it('accepts every day of the calendar up to today, and no other spelling of it', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date(NOW), noInvalidDate: true }),
        (day) => {
          const spelled = day.toISOString().slice(0, 10);
          const accepts = (value: string) => checkField(date, value, NOW).ok;
          return accepts(spelled) && !accepts(` ${spelled}`) && !accepts(spelled.replaceAll('-', '/'));
        },
      ),
    ));

  it('trims a long run of invisible characters in linear time', () => {
    const started = performance.now();
    checkField(aField(), `a${'\u200b'.repeat(16_000)}b`, NOW);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
