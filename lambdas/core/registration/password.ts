import { CiamError } from '../errors.ts';
import type { Identifier } from '../identifier.ts';

export type PasswordProblem = 'too-short' | 'too-long' | 'has-address' | 'has-word' | 'common';

/** What a password is held against. */
export interface PasswordRules {
  /** Characters; see {@link passwordLength}. */
  readonly minLength: number;
  readonly identifier?: Identifier;
  /** What an attacker would try for this person and service: brand, name, and the like. */
  readonly words?: readonly string[];
}

export interface PasswordCheck {
  /** @returns `undefined` for a password that may be used */
  problem(password: string, rules: PasswordRules): Promise<PasswordProblem | undefined>;
}

/** Lists of compromised passwords. */
export interface PasswordLists {
  /** Whether one of these forms of a password is on the list that is shipped. */
  hasAny(forms: readonly string[]): Promise<boolean>;
  /** Whether a list elsewhere has the password; `undefined` when it cannot be asked. */
  readonly askElsewhere?: (password: string) => Promise<boolean | undefined>;
}

/** Cognito's own limit, in UTF-16 units. */
export const passwordMaxLength = 256;
/** A local part or a word shorter than this is inside too many good passwords by chance. */
const minTellingLength = 4;
/** More digits than a year and a few signs are no ornament any more. */
const maxOrnamentLength = 10;
/** What must be left of a password without the words that an attacker knows. */
const minOwnLength = 8;

/** NIST SP 800-63B-4 §3.1.1.2: 15 characters where the password stands alone, fewer beside another factor. */
export const passwordLength = (
  { minLength, minLengthWithFactor = minLength }: { minLength: number; minLengthWithFactor?: number },
  hasSecondFactor: boolean,
): number => (hasSecondFactor ? Math.min(minLength, minLengthWithFactor) : minLength);

/**
 * NIST SP 800-63B-4 §3.1.1.2: length and lists, no composition rules. The lists are asked last, and the one elsewhere
 * only about a password that ours lets pass; when it cannot be asked, ours is the answer.
 */
export const passwordCheck = (lists: PasswordLists): PasswordCheck => ({
  problem: async (password, rules) => {
    const problem = passwordProblem(password, rules);
    if (problem) return problem;
    if (await lists.hasAny(listedForms(password))) return 'common';
    return (await lists.askElsewhere?.(password)) ? 'common' : undefined;
  },
});

/**
 * Everything that needs no list. Length is counted in code points, and nothing is trimmed or folded for storage: what
 * a password manager fills in is what counts.
 */
export function passwordProblem(
  password: string,
  { minLength, identifier, words = [] }: PasswordRules,
): PasswordProblem | undefined {
  if ([...password].length < minLength) return 'too-short';
  if (password.length > passwordMaxLength) return 'too-long';
  const folded = fold(password);
  if (identifier !== undefined && hasAddress(folded, identifier)) return 'has-address';
  if (isMadeOf(folded, words)) return 'has-word';
  return new Set(folded).size < 3 || isRun(folded) ? 'common' : undefined;
}

/** Names and the like; a longer text is a sentence, whose words are everybody's. */
const maxNameLength = 40;

/** The texts among what a person typed into the form or keeps in the profile. */
export const personalWords = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string').filter((value) => value.length <= maxNameLength);

/** NFKC and lower case, for comparing only: full-width letters and capitals make no password another one. */
const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * The forms in which a password is looked up: folded; without the digits and signs around it (`Password123!`); and
 * without those inside it (`p a s s w o r d`), where there is nothing else than a listed word.
 */
export function listedForms(password: string): readonly string[] {
  const folded = fold(password);
  const core = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const joined = folded.replace(/[\s._-]+/g, '');
  const forms = [folded, joined, ...(folded.length - core.length <= maxOrnamentLength ? [core] : [])];
  return [...new Set(forms)].filter((form) => form.length >= minTellingLength);
}

function hasAddress(folded: string, identifier: Identifier): boolean {
  const local = identifier.slice(0, identifier.lastIndexOf('@'));
  return folded.includes(identifier) || (local.length >= minTellingLength && folded.includes(local));
}

/** Known words may be in a password, but they add nothing: what is left without them has to be one by itself. */
function isMadeOf(folded: string, words: readonly string[]): boolean {
  const telling = words
    .flatMap((word) => [...fold(word).split(/[^\p{L}\p{N}]+/u), fold(word).replace(/[^\p{L}\p{N}]+/gu, '')])
    .filter((word) => word.length >= minTellingLength)
    .sort((left, right) => right.length - left.length);
  const left = telling.reduce((rest, word) => rest.replaceAll(word, ''), folded);
  return left !== folded && [...left.replace(/[^\p{L}\p{N}]+/gu, '')].length < minOwnLength;
}

const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];
const isRun = (folded: string): boolean =>
  runs.some((run) => run.includes(folded) || [...run].reverse().join('').includes(folded));

/** What a person may be told about each problem. */
export const passwordAdvice = (problem: PasswordProblem | 'not-allowed', minLength: number): string =>
  ({
    'too-short': `must have at least ${minLength} characters`,
    'too-long': `must have at most ${passwordMaxLength} characters`,
    'has-address': 'must not contain the e-mail address',
    'has-word': 'must not be made of the name of this service or of your own',
    // The directory's own word: its history, for one.
    'not-allowed': 'was used before or is not allowed',
    common: 'is one of the passwords that are tried first; choose another one',
  })[problem];

export const passwordRefused = (problem: PasswordProblem | 'not-allowed', minLength: number): CiamError =>
  new CiamError('PASSWORD_REFUSED', 'This password cannot be used.', {
    fields: [{ pointer: '/password', detail: passwordAdvice(problem, minLength) }],
  });
