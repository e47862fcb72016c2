import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestLanguage, languageWish } from '../../../lambdas/core/languages.ts';

const offered = ['en', 'de', 'pt-BR'];

describe('bestLanguage', () => {
  it.each([
    { wishes: [], accept: undefined, best: 'en' },
    { wishes: ['de'], accept: 'en', best: 'de' },
    { wishes: ['de-AT'], accept: undefined, best: 'de' },
    { wishes: ['fr', 'de'], accept: undefined, best: 'de' },
    { wishes: [undefined, 'PT-br'], accept: undefined, best: 'pt-BR' },
    { wishes: ['fr'], accept: 'fr, de;q=0.5', best: 'de' },
    { wishes: [], accept: 'en;q=0.2, de;q=0.9', best: 'de' },
    { wishes: [], accept: 'de;q=0, en;q=0.1', best: 'en' },
    { wishes: [], accept: 'fr, *;q=0.1, de;q=0.05', best: 'en' },
    { wishes: [], accept: 'pt', best: 'en' },
    { wishes: [], accept: ';;q=1,,de;q=2', best: 'en' },
  ])('$wishes and $accept give $best', ({ wishes, accept, best }) => {
    expect(bestLanguage(offered, wishes, accept)).toBe(best);
  });

  it('answers an offered language to any header', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (wish, accept) =>
        offered.includes(bestLanguage(offered, [wish], accept)),
      ),
    ));
});

describe('the language of a page', () => {
  it.each([
    ['de', 'de'],
    ['pt-BR', 'pt-BR'],
    ['zh-Hant-TW', 'zh-Hant-TW'],
    ['xx', 'xx'],
    ['', undefined],
    ['*', undefined],
    ['de, en', undefined],
    ['de\r\nBcc: x@y.example', undefined],
    ['__proto__', undefined],
    ['d'.repeat(400), undefined],
  ])('said as %j is the wish %j', (header, wish) =>
    expect(languageWish({ 'x-vestibule-language': header })).toBe(wish),
  );

  it('is none without the header: what a browser prefers by itself chooses no mail', () =>
    expect(languageWish({ 'accept-language': 'de' })).toBeUndefined());
});
