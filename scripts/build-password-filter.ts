import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';
import { listedForms } from '../lambdas/core/registration/password.ts';
import { buildFilter, type PasswordFilter } from '../lambdas/core/registration/password-filter.ts';
import { ownWords } from './password-filter/own-words.ts';

const target = join(import.meta.dirname, '../lambdas/adapters/lazy/compromised-passwords.json');

/** Shorter ones are refused by length, with or without digits around them. */
const minLength = 4;

/** Every entry of the lists in the forms in which passwords are looked up; distinct and sorted. */
export function listedPasswords(): readonly string[] {
  const lists = [dictionary['passwords-common'] ?? [], ownWords].flat().map(String);
  // Folded as it will be looked up, and nothing stripped: `pass` must not be listed for the sake of `pass1`.
  const forms = lists.map((entry) => listedForms(entry)[0] ?? '');
  return [...new Set(forms)].filter((form) => form.length >= minLength).sort();
}

export function filterOf(passwords: readonly string[]): PasswordFilter {
  const digests = passwords.map((password) => createHash('sha256').update(password).digest());
  for (let extra = 0; extra < 1000; extra += 1) {
    const filter = buildFilter(digests, extra);
    if (filter) return filter;
  }
  throw new Error('the filter cannot be built from these entries');
}

/** The same sources give the same bytes: a test holds the file against them. */
export function filterFile(): string {
  const passwords = listedPasswords();
  const { cells } = filterOf(passwords);
  const bytes = Buffer.alloc(cells.length * 2);
  cells.forEach((cell, index) => {
    bytes.writeUInt16LE(cell, 2 * index);
  });
  return `${JSON.stringify({ entries: passwords.length, cells: bytes.toString('base64') }, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) await writeFile(target, filterFile());
