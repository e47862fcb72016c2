import type { Identifier } from '../identifier.ts';
import { commonPasswords } from './common-passwords.ts';

export type PasswordProblem = 'too-short' | 'too-long' | 'has-address' | 'common';

/** Cognito's own limit, in UTF-16 units. */
export const passwordMaxLength = 256;
/** A local part shorter than this is inside too many good passwords by chance. */
const minTellingLength = 4;

/**
 * NIST SP 800-63B-4 §3.1.1.2: length and a list, no composition rules. Length is counted in code points, and nothing
 * is trimmed or folded for storage: what a password manager fills in is what counts.
 * @returns `undefined` for a password that may be used
 */
export function passwordProblem(
  password: string,
  identifier: Identifier,
  minLength: number,
): PasswordProblem | undefined {
  if ([...password].length < minLength) return 'too-short';
  if (password.length > passwordMaxLength) return 'too-long';
  if (hasAddress(password.toLowerCase(), identifier)) return 'has-address';
  return isCommon(password.toLowerCase()) ? 'common' : undefined;
}

function hasAddress(lower: string, identifier: Identifier): boolean {
  const local = identifier.slice(0, identifier.lastIndexOf('@'));
  return lower.includes(identifier) || (local.length >= minTellingLength && lower.includes(local));
}

/** One on the list also with digits and signs around it (`password123!`), one repeated character, one run of keys. */
function isCommon(lower: string): boolean {
  const core = lower.replace(/^[^a-z]+|[^a-z]+$/g, '');
  return commonPasswords.has(lower) || commonPasswords.has(core) || new Set(lower).size < 3 || isRun(lower);
}

const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];
const isRun = (lower: string): boolean =>
  runs.some((run) => run.includes(lower) || [...run].reverse().join('').includes(lower));

/** What a person may be told about each problem. */
export const passwordAdvice = (problem: PasswordProblem, minLength: number): string =>
  ({
    'too-short': `must have at least ${minLength} characters`,
    'too-long': `must have at most ${passwordMaxLength} characters`,
    'has-address': 'must not contain the e-mail address',
    common: 'is one of the passwords that are tried first; choose another one',
  })[problem];
