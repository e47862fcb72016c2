import type { PasswordHash } from '../../../lambdas/core/migration/hash.ts';
import { type Preset, type Raw, textOf } from './preset.ts';

/** "Password hash parameters" of the project's console, the same for everybody in it. */
export interface FirebaseParameters {
  readonly signerKey: string;
  readonly saltSeparator: string;
  readonly rounds: number;
  readonly memCost: number;
}

/** `firebase auth:export`, JSON (`users`) or CSV, whose 28 columns have no header. */
export const firebase = (parameters: FirebaseParameters | undefined): Preset => ({
  format: (file) => (/\.csv$/i.test(file) ? 'csv-without-header' : 'json-array'),
  read: (raw) => {
    const user = Object.hasOwn(raw, '0') ? fromColumns(raw) : raw;
    return {
      email: user.email,
      emailVerified: user.emailVerified,
      blocked: user.disabled,
      password: passwordOf(user, parameters),
      phone: user.phoneNumber,
      name: user.displayName,
    };
  },
});

const fromColumns = (raw: Raw): Raw => ({
  email: raw[1],
  emailVerified: raw[2],
  passwordHash: raw[3],
  salt: raw[4],
  displayName: raw[5],
  phoneNumber: raw[25],
  disabled: raw[26],
});

/** Exports have plain base64, the API the web-safe kind. */
const plain = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

function passwordOf(
  user: Raw,
  parameters: FirebaseParameters | undefined,
): PasswordHash | 'unreadable' | undefined {
  const [hash, salt] = [textOf(user.passwordHash), textOf(user.salt)];
  if (!hash) return undefined; // came with a provider or a link in a mail
  if (!salt || !parameters) return 'unreadable';
  return {
    algorithm: 'firebase-scrypt',
    ...parameters,
    signerKey: plain(parameters.signerKey),
    saltSeparator: plain(parameters.saltSeparator),
    salt: plain(salt),
    hash: plain(hash),
  };
}
