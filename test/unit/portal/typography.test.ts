import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smsCatalogue } from '../../../lambdas/core/messages/sms.ts';

const root = join(import.meta.dirname, '../../../portal/messages');

/** Every text of a language, plural forms among them, as `area key: text`. */
function textsOf(language: string): readonly string[] {
  return readdirSync(join(root, language)).flatMap((file) => {
    const area = JSON.parse(readFileSync(join(root, language, file), 'utf8')) as Record<string, unknown>;
    return Object.entries(area).flatMap(([key, message]) =>
      (typeof message === 'string' ? [message] : Object.values(message as Record<string, string>)).map(
        (text) => `${file} ${key}: ${text}`,
      ),
    );
  });
}

const breaking = (language: string, rule: RegExp): readonly string[] =>
  textsOf(language).filter((line) => rule.test(line.slice(line.indexOf(': ') + 2)));

describe('the typography of', () => {
  it.each([
    { language: 'fr', what: 'no mark that could begin a line', rule: /(?<=\S) [;:!?»]|« / },
    { language: 'fr', what: 'no mark without its space', rule: /[^\s\u00a0\u202f{}][;!?»]/ },
    { language: 'fr', what: 'no straight apostrophe', rule: /\p{L}'\p{L}/u },
    { language: 'ar', what: 'Arabic marks only', rule: /\p{Script=Arabic}\s?[,;?]/u },
    { language: 'de', what: 'German quotes only', rule: /["«»]|”/ },
    { language: 'es', what: 'marks that open what they close', rule: /^[^¿]*\?|^[^¡]*!/ },
  ])('$language: $what', ({ language, rule }) => expect(breaking(language, rule)).toEqual([]));

  it.each(['de', 'fr', 'es', 'ar'])('%s: a number keeps its percent sign', (language) =>
    expect(breaking(language, / [%٪]/)).toEqual([]),
  );

  it('messages to phones has no space that would cost another message', () => {
    const all = Object.values(smsCatalogue).flatMap((texts) =>
      Object.values(texts).map((text) => text({ code: '123456' }, 'Linden & Lark')),
    );
    expect(all.filter((text) => /[\u00a0\u202f]/.test(text))).toEqual([]);
  });
});
