import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Ten codes of 50 random bits: beyond guessing online, and slow to search should the table ever leak. */
export const recoveryCodeCount = 10;
const codeLength = 10;
/** Crockford's base 32: nothing to confuse when it is read from paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** OWASP's scrypt setting with 2^15 (about 70 ms and 32 MB): one derivation per set and answer. */
const scryptOptions: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** What is typed from paper in the one form that is hashed; `undefined` for what cannot be a code. */
export function canonicalRecoveryCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return code.length === codeLength && [...code].every((letter) => alphabet.includes(letter))
    ? code
    : undefined;
}

export const newRecoverySalt = (): string => randomBytes(16).toString('base64url');

/** `ABCDE-12345` */
export const newRecoveryCode = (): string =>
  Array.from(randomBytes(codeLength), (byte) => alphabet[byte & 31])
    .join('')
    .replace(/^(.{5})/, '$1-');

/** @param code - canonical form */
export const recoveryCodeHash = async (code: string, salt: string): Promise<string> =>
  (await derive(code, Buffer.from(salt, 'base64url'), 32, scryptOptions)).toString('base64url');
