import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { argon2i, argon2id, bcrypt } from 'hash-wasm';
import { hashProblem, maxCheckMib, type PasswordHash } from '../../core/migration/hash.ts';

/** Loaded at the first check and built as a file of its own: hash-wasm is 0.2 MB that no other trigger needs. */
export async function checkHash(hash: PasswordHash, password: string): Promise<boolean> {
  if (hashProblem(hash) !== undefined) return false; // what was refused at import is not computed either
  const computed = await derive(hash, password);
  const expected = hash.algorithm === 'bcrypt' ? bcryptDigest(hash.encoded) : bytesOf(hash.hash);
  return computed.length === expected.length && timingSafeEqual(computed, expected);
}

type Scrypt = (
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>;
const scryptAsync = promisify(scrypt) as Scrypt;
const pbkdf2Async = promisify(pbkdf2);
/** Node refuses more than this; twice the memory itself, as OpenSSL counts a little on top. */
const maxmem = 2 * maxCheckMib * 2 ** 20;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

function derive(hash: PasswordHash, password: string): Promise<Buffer> {
  switch (hash.algorithm) {
    case 'bcrypt':
      return deriveBcrypt(hash.encoded, password);
    case 'argon2id':
    case 'argon2i':
      return deriveArgon2(hash, password);
    case 'scrypt': {
      const { cost: N, blockSize: r, parallelism: p } = hash;
      return scryptAsync(password, bytesOf(hash.salt), bytesOf(hash.hash).length, { N, r, p, maxmem });
    }
    case 'firebase-scrypt':
      return deriveFirebase(hash, password);
    case 'pbkdf2': {
      const length = bytesOf(hash.hash).length;
      return pbkdf2Async(password, bytesOf(hash.salt), hash.iterations, length, hash.digest);
    }
  }
}

/** bcrypt's alphabet has its own order, without padding. */
const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const bcryptBytes = (text: string): Buffer =>
  bytesOf(Array.from(text, (letter) => base64Alphabet[bcryptAlphabet.indexOf(letter)] ?? '').join(''));
const bcryptDigest = (encoded: string): Buffer => bcryptBytes(encoded.slice(29));

/** Everything after the first NUL, and after 72 bytes, never counted in bcrypt. */
const maxBcryptBytes = 72;

async function deriveBcrypt(encoded: string, password: string): Promise<Buffer> {
  const typed = Buffer.from(password, 'utf8');
  const end = typed.indexOf(0);
  const counted = typed.subarray(0, end < 0 ? typed.length : end).subarray(0, maxBcryptBytes);
  if (counted.length === 0) return Buffer.alloc(0);
  const computed = await bcrypt({
    password: counted,
    salt: bcryptBytes(encoded.slice(7, 29)).subarray(0, 16),
    costFactor: Number(encoded.slice(4, 6)),
    outputType: 'encoded',
  });
  return bcryptDigest(computed);
}

type Argon2 = Extract<PasswordHash, { algorithm: 'argon2id' | 'argon2i' }>;

async function deriveArgon2(hash: Argon2, password: string): Promise<Buffer> {
  if (password === '') return Buffer.alloc(0);
  const compute = hash.algorithm === 'argon2id' ? argon2id : argon2i;
  const computed = await compute({
    password,
    salt: bytesOf(hash.salt),
    memorySize: hash.memoryKib,
    iterations: hash.iterations,
    parallelism: hash.parallelism,
    hashLength: bytesOf(hash.hash).length,
    outputType: 'binary',
  });
  return Buffer.from(computed);
}

type Firebase = Extract<PasswordHash, { algorithm: 'firebase-scrypt' }>;

/** github.com/firebase/scrypt: the derived key encrypts the signer key with AES-256-CTR from a counter of zero. */
async function deriveFirebase(hash: Firebase, password: string): Promise<Buffer> {
  const salt = Buffer.concat([bytesOf(hash.salt), bytesOf(hash.saltSeparator)]);
  const options = { N: 2 ** hash.memCost, r: hash.rounds, p: 1, maxmem };
  const key = await scryptAsync(password, salt, 64, options);
  const cipher = createCipheriv('aes-256-ctr', key.subarray(0, 32), Buffer.alloc(16));
  return Buffer.concat([cipher.update(bytesOf(hash.signerKey)), cipher.final()]);
}
