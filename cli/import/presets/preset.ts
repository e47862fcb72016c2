import type { Candidate } from '../../../lambdas/core/migration/candidate.ts';
import { readEncodedHash } from '../../../lambdas/core/migration/encoded-hash.ts';
import type { PasswordHash } from '../../../lambdas/core/migration/hash.ts';
import type { FileFormat } from '../records.ts';

export type Raw = Readonly<Record<string, unknown>>;

/** How one system writes its people. */
export interface Preset {
  /** From the file's name, where the system has several. */
  format(file: string): FileFormat;
  read(raw: Raw): Omit<Candidate, 'fields' | 'consents'>;
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const objectOf = (value: unknown): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** JSON in a text, as Keycloak nests it; empty for anything else. */
export function parsedText(value: unknown): Raw {
  try {
    return objectOf(JSON.parse(String(value)));
  } catch {
    return {};
  }
}

export const encodedPassword = (text: string | undefined): PasswordHash | 'unreadable' | undefined =>
  text === undefined ? undefined : (readEncodedHash(text) ?? 'unreadable');

/** A value by its column, or by a path into nested objects: `user_metadata.city`. */
export const valueAt = (raw: Raw, path: string): unknown =>
  Object.hasOwn(raw, path)
    ? raw[path]
    : path
        .split('.')
        .reduce<unknown>(
          (value, key) => (Object.hasOwn(objectOf(value), key) ? objectOf(value)[key] : undefined),
          raw,
        );

export const csvOrLines = (file: string): FileFormat => (/\.csv$/i.test(file) ? 'csv' : 'json-lines');
