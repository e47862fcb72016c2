import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionMessageProblems } from '../../../../scripts/messages/function-messages.ts';
import { pluralCategories } from '../../../../scripts/messages/message-file.ts';
import { brandTextProblems, portalMessageProblems } from '../../../../scripts/messages/portal-messages.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vestibule-messages-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, content: unknown) => {
  const file = join(root, 'messages', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};
const found = (...languages: string[]) =>
  portalMessageProblems(root, 'messages', languages).map(
    ({ file, key, problem }) => `${file}: ${key}: ${problem}`,
  );

describe('messages of the portal', () => {
  const english = { greet: 'Hello {name}', devices: { one: 'A device', other: '{count} devices' } };
  const german = { greet: 'Guten Tag, {name}', devices: { one: 'Ein Gerät', other: '{count} Geräte' } };
  const arabic = {
    greet: 'مرحبًا {name}',
    devices: {
      zero: 'لا أجهزة',
      one: 'جهاز واحد',
      two: 'جهازان',
      few: '{count} أجهزة',
      many: '{count} جهازًا',
      other: '{count} جهاز',
    },
  };

  it('are right when every key, name and plural form is there', () => {
    write('en/common.json', english);
    write('de/common.json', german);
    write('ar/common.json', arabic);
    expect(found('en', 'de', 'ar')).toEqual([]);
  });

  it('are wrong by file and key, every problem at once', () => {
    write('en/common.json', english);
    write('de/common.json', { greet: 'Guten Tag, {nme}', extra: 'x' });
    write('ar/common.json', { ...arabic, devices: { one: ' ', other: '{count} جهاز', lots: '{count}' } });
    expect(found('en', 'de', 'ar')).toEqual([
      'messages/de/common.json: devices: is missing',
      'messages/de/common.json: extra: English has no such key',
      'messages/de/common.json: greet: lacks {name}',
      'messages/de/common.json: greet: has {nme}, which English has not',
      'messages/ar/common.json: devices: one: is empty',
      'messages/ar/common.json: devices: lacks the plural form zero',
      'messages/ar/common.json: devices: lacks the plural form two',
      'messages/ar/common.json: devices: lacks the plural form few',
      'messages/ar/common.json: devices: lacks the plural form many',
      'messages/ar/common.json: devices: lots is no plural form of this language',
    ]);
  });

  it('are wrong when a file is missing, surplus or no JSON, or a plural became a line', () => {
    write('en/common.json', english);
    write('en/account.json', {});
    write('de/common.json', { ...german, devices: '{count} Geräte' });
    write('de/more.json', {});
    write('fr/common.json', '{');
    write('fr/account.json', '[]');
    expect(found('de', 'fr')).toEqual([
      'messages/de/account.json: *: is missing',
      'messages/de/common.json: devices: needs plural forms, as in English',
      'messages/de/more.json: *: English has no such file',
      'messages/fr/account.json: *: is no JSON object',
      'messages/fr/common.json: *: is no JSON object',
    ]);
  });

  it('of a brand replace lines that there are', () => {
    write('en/common.json', english);
    const texts = {
      de: { 'common/greet': 'Hallo {name}', 'common/devices': 'Geräte' },
      fr: { 'common/gret': 'Bonjour', 'nowhere/greet': 'Bonjour' },
    };
    const brands = [{ id: 'plain' }, { id: 'loud', texts }];
    expect(
      brandTextProblems(root, 'messages', brands).map(
        ({ file, key, problem }) => `${file}: ${key}: ${problem}`,
      ),
    ).toEqual([
      'vestibule.config.ts, brand loud, de: common/devices: needs plural forms, as in English',
      'vestibule.config.ts, brand loud, fr: common/gret: the portal has no such text',
      'vestibule.config.ts, brand loud, fr: nowhere/greet: the portal has no such text',
    ]);
  });

  it('hold English to its own plural forms', () => {
    write('en/common.json', { devices: { other: '{count} devices' } });
    expect(found('en')).toEqual(['messages/en/common.json: devices: lacks the plural form one']);
  });

  it('need the forms of counts that people see, not those of millions', () => {
    expect([...pluralCategories('fr')].sort()).toEqual(['one', 'other']);
    expect([...pluralCategories('ar')].sort()).toEqual(['few', 'many', 'one', 'other', 'two', 'zero']);
  });
});

describe('messages of the functions', () => {
  it('are there in all five languages and say what English says', () =>
    expect(functionMessageProblems(['en', 'de', 'fr', 'es', 'ar'])).toEqual([]));

  it('are wrong when a language or a kind is missing, or a text leaves out what English says', () => {
    const catalogues = {
      'mails/<language>.ts': {
        en: {
          code: ({ code }: { code: string }, brand: string) => `${code} ${brand}`,
          link: ({ link }: { link: string }) => link,
        },
        de: { code: ({ device }: { device: string }, brand: string) => `${device} ${brand}` },
      },
    };
    expect(functionMessageProblems(['en', 'de', 'nl'], catalogues)).toEqual([
      { file: 'mails/de.ts', key: 'de.code', problem: 'does not say code' },
      { file: 'mails/de.ts', key: 'de.code', problem: 'says device, which English does not' },
      { file: 'mails/de.ts', key: 'de.link', problem: 'is missing' },
      { file: 'mails/nl.ts', key: '*', problem: 'has no texts in nl' },
    ]);
  });
});
