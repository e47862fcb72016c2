import { createHash, randomInt } from 'node:crypto';

const lowerCase = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const clientAlphabet = lowerCase + digits;
const poolAlphabet = `${lowerCase.toUpperCase()}${clientAlphabet}`;

const pick = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

export const newPoolId = (region: string): string => `${region}_${pick(poolAlphabet, 9)}`;
export const newClientId = (): string => pick(clientAlphabet, 26);
export const newClientSecret = (): string => pick(clientAlphabet, 51);
export const newCode = (length = 6): string => pick(digits, length);

/** Satisfies every character class a password policy can ask for. */
export function newTemporaryPassword(length: number): string {
  const classes = [lowerCase, lowerCase.toUpperCase(), digits, '!@#$%^&*'];
  const required = classes.map((alphabet) => pick(alphabet, 1)).join('');
  return required + pick(poolAlphabet, Math.max(length, 12) - required.length);
}

/** The same seed gives the same id, so that a resource of a template keeps its id over restarts. */
export const poolIdFrom = (region: string, seed: string): string =>
  `${region}_${derive(poolAlphabet, 9, seed)}`;
export const clientIdFrom = (seed: string): string => derive(clientAlphabet, 26, seed);

function derive(alphabet: string, length: number, seed: string): string {
  const bytes = createHash('sha512').update(seed).digest();
  return Array.from({ length }, (_, index) => alphabet[(bytes[index] ?? 0) % alphabet.length]).join('');
}
