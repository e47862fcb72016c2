import { randomInt } from 'node:crypto';
import { AwsError } from '../../platform.ts';
import type { Fields } from '../fields.ts';

const kinds = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/**
 * A random password by the rules of `GenerateSecretString`; inside its template when there is one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export function generateSecret(rules: Fields): string {
  const password = generatePassword(rules);
  const template = rules.optionalText('SecretStringTemplate');
  const key = rules.optionalText('GenerateStringKey');
  if (template === undefined && key === undefined) return password;
  if (template === undefined || key === undefined) {
    return rules.refuse('GenerateStringKey', 'is given together with SecretStringTemplate');
  }
  return JSON.stringify({ ...(JSON.parse(template) as object), [key]: password });
}

export function generatePassword(rules: Fields): string {
  const length = rules.integer('PasswordLength', { min: 1, max: 4_096, default: 32 });
  const excluded = new Set(rules.optionalText('ExcludeCharacters') ?? '');
  const wanted = [
    rules.flag('ExcludeLowercase') ? '' : kinds.lower,
    rules.flag('ExcludeUppercase') ? '' : kinds.upper,
    rules.flag('ExcludeNumbers') ? '' : kinds.digits,
    rules.flag('ExcludePunctuation') ? '' : kinds.punctuation,
    rules.flag('IncludeSpace') ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((sign) => !excluded.has(sign)).join(''))
    .filter((kind) => kind.length > 0);
  const all = wanted.join('');
  if (all.length === 0)
    throw new AwsError('InvalidParameterException', 'every character is excluded from the password');
  const required = rules.flag('RequireEachIncludedType', true) ? wanted : [];
  if (required.length > length) return rules.refuse('PasswordLength', 'is too short for each included type');
  const signs = Array.from({ length }, (_, index) => pick(required[index] ?? all));
  return shuffled(signs).join('');
}

const pick = (signs: string): string => signs[randomInt(signs.length)] ?? '';

/** Fisher–Yates: the required kinds must not always come first. */
function shuffled(signs: string[]): string[] {
  for (let last = signs.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [signs[last], signs[other]] = [signs[other] ?? '', signs[last] ?? ''];
  }
  return signs;
}
