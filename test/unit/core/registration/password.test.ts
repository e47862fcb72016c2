import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compromisedPasswords } from '../../../../lambdas/adapters/password-lists.ts';
import type { Identifier } from '../../../../lambdas/core/identifier.ts';
import {
  listedForms,
  type PasswordLists,
  passwordAdvice,
  passwordCheck,
  passwordLength,
  passwordRefused,
  personalWords,
} from '../../../../lambdas/core/registration/password.ts';

const identifier = 'ada.lovelace@mail.harbour.example' as Identifier;
const words = ['Linden & Lark', 'Ada', 'Lovelace', 'Lisbon'];
const rules = { minLength: 8, identifier, words };
const check = compromisedPasswords();

describe('passwords', () => {
  it.each([
    ['short', 'too-short'],
    ['👩‍🚀', 'too-short'],
    [`${'x'.repeat(255)}yz`, 'too-long'],
    ['Ada.Lovelace2026', 'has-address'],
    ['my ADA.LOVELACE@mail.harbour.example', 'has-address'],
    ['lindenlark2026', 'has-word'],
    ['Linden-Lark-2026!', 'has-word'],
    ['lisbon lisbon', 'has-word'],
    ['ＬＩＮＤＥＮ ｌａｒｋ', 'has-word'],
    ['password12345', 'common'],
    ['!!Password!!', 'common'],
    ['ｐａｓｓｗｏｒｄ', 'common'],
    ['p a s s w o r d', 'common'],
    ['correct horse battery staple', 'common'],
    ['Sommer2026', 'common'],
    ['letmein!2026', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abababababab', 'common'],
    ['qwertyuiop', 'common'],
    ['9876543210', 'common'],
    ['four words are plenty', undefined],
    ['lisbon is a town with hills', undefined],
    ['密码密码很长的一句话吧', undefined],
    [' leading and trailing ', undefined],
    [`${'long and good '.repeat(18)}`, undefined],
  ])('%s: %s', async (password, problem) => expect(await check.problem(password, rules)).toBe(problem));

  it('does not mind a very short local part inside a password', async () => {
    const short = { minLength: 10, identifier: 'an@x.example' as Identifier };
    expect(await check.problem('banana boat trip', short)).toBeUndefined();
  });

  it('wants 15 characters alone, and fewer only where the configuration says so', () => {
    expect(passwordLength({ minLength: 15 }, true)).toBe(15);
    expect(passwordLength({ minLength: 15, minLengthWithFactor: 8 }, true)).toBe(8);
    expect(passwordLength({ minLength: 15, minLengthWithFactor: 8 }, false)).toBe(15);
  });

  it('has no rule about kinds of characters', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('abcdefghijkmnopqrs', 'ABCDEFGHKLMNPQ', '23456789', '!?§$%&'),
        async (alphabet) => {
          const random = Array.from(
            { length: 24 },
            (_, index) => alphabet[Math.floor(((index * 0.618034) % 1) * alphabet.length)],
          );
          expect(await check.problem(random.join(''), rules)).toBeUndefined();
        },
      ),
    ));

  it('advises without quoting', () => {
    expect(passwordAdvice('too-short', 10)).toBe('must have at least 10 characters');
    expect(passwordRefused('common', 10)).toMatchObject({ code: 'PASSWORD_REFUSED' });
  });

  it('takes short texts for names and leaves everything else alone', () =>
    expect(personalWords(['Ada', 5, true, null, 'x'.repeat(41)])).toEqual(['Ada']));

  it('looks a password up as it is typed, without what is around it and in one piece', () => {
    expect(listedForms('Horse 99!')).toEqual(['horse 99!', 'horse99!', 'horse']);
    expect(listedForms('dragon 4857239847239847')).not.toContain('dragon');
  });
});

describe('the list elsewhere', () => {
  const lists = (askElsewhere: PasswordLists['askElsewhere']) =>
    passwordCheck({ hasAny: async (forms) => forms.includes('listed here'), askElsewhere });

  it('is asked about what ours lets pass, and nothing else', async () => {
    const asked: string[] = [];
    const { problem } = lists(async (password) => {
      asked.push(password);
      return password === 'listed there';
    });
    expect(await problem('listed here', rules)).toBe('common');
    expect(await problem('short', rules)).toBe('too-short');
    expect(asked).toEqual([]);
    expect(await problem('listed there', rules)).toBe('common');
    expect(await problem('listed nowhere', rules)).toBeUndefined();
  });

  it('leaves the decision to ours when it cannot be asked', async () => {
    const { problem } = lists(async () => undefined);
    expect(await problem('listed here', rules)).toBe('common');
    expect(await problem('listed nowhere', rules)).toBeUndefined();
  });
});
