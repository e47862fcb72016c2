/** A stored password hash with everything that its check needs. Binary parts are base64 (RFC 4648, with padding). */
export type PasswordHash =
  | { readonly algorithm: 'bcrypt'; readonly encoded: string }
  | Argon2Hash
  | ScryptHash
  | FirebaseHash
  | Pbkdf2Hash;

interface Argon2Hash extends Salted {
  readonly algorithm: 'argon2id' | 'argon2i';
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

interface ScryptHash extends Salted {
  readonly algorithm: 'scrypt';
  /** N of RFC 7914, a power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
}

/** Firebase Authentication: scrypt, whose output encrypts the project's signer key (AES-256-CTR). */
interface FirebaseHash extends Salted {
  readonly algorithm: 'firebase-scrypt';
  readonly rounds: number;
  /** log2 of N. */
  readonly memCost: number;
  readonly saltSeparator: string;
  readonly signerKey: string;
}

interface Pbkdf2Hash extends Salted {
  readonly algorithm: 'pbkdf2';
  readonly digest: 'sha1' | 'sha256' | 'sha512';
  readonly iterations: number;
}

interface Salted {
  readonly salt: string;
  readonly hash: string;
}

/** Checks a password; core says what to check, an adapter computes. */
export interface PasswordHashes {
  /** Compares in constant time. `false` for whatever cannot be computed with these parameters. */
  matches(hash: PasswordHash, password: string): Promise<boolean>;
}

/** Longest check that is accepted at import. The trigger has 5 s in all, cold start and tables included. */
export const maxCheckMs = 2_500;
/** Memory a check may need beside the rest of the function. */
export const maxCheckMib = 256;

/** Longest salt and digest that are looked at, in bytes; real ones have 8 to 64. */
const maxPartBytes = 256;

/**
 * Milliseconds of one check on the memory that `lib` gives the function (1,769 MB: one vCPU), rounded up from what
 * half as fast a core needs: bcrypt cost 10 = 130, argon2 3 per MiB and pass, scrypt 0.7 per 1,000 blocks, PBKDF2 0.5
 * per 1,000 iterations.
 */
export function checkCostMs(hash: PasswordHash): number {
  switch (hash.algorithm) {
    case 'bcrypt':
      return 130 * 2 ** (bcryptCost(hash.encoded) - 10);
    case 'argon2id':
    case 'argon2i':
      return 3 * (hash.memoryKib / 1024) * hash.iterations;
    case 'scrypt':
      return (0.7 * hash.cost * hash.blockSize * hash.parallelism) / 1_000;
    case 'firebase-scrypt':
      return (0.7 * 2 ** hash.memCost * hash.rounds) / 1_000;
    case 'pbkdf2': {
      const bytes = Buffer.byteLength(hash.hash, 'base64');
      const blocks = Math.ceil(bytes / { sha1: 20, sha256: 32, sha512: 64 }[hash.digest]);
      return (0.5 * hash.iterations * blocks) / 1_000;
    }
  }
}

const checkMib = (hash: PasswordHash): number => {
  switch (hash.algorithm) {
    case 'argon2id':
    case 'argon2i':
      return hash.memoryKib / 1024;
    case 'scrypt':
      return (128 * hash.cost * hash.blockSize) / 2 ** 20;
    case 'firebase-scrypt':
      return (128 * 2 ** hash.memCost * hash.rounds) / 2 ** 20;
    default:
      return 0;
  }
};

const bcryptCost = (encoded: string): number => Number(encoded.slice(4, 6));
const isBetween = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

const hasParts = ({ salt, hash }: Salted): boolean =>
  isBetween(Buffer.byteLength(salt, 'base64'), 1, maxPartBytes) &&
  isBetween(Buffer.byteLength(hash, 'base64'), 16, maxPartBytes);

/** Why a hash cannot be taken over, in words for the import report; `undefined` when it can. Quotes nothing secret. */
export function hashProblem(hash: PasswordHash): string | undefined {
  if (!isWellFormed(hash)) return 'its parameters are outside what the algorithm allows';
  if (checkMib(hash) > maxCheckMib) {
    return `one check needs ${Math.ceil(checkMib(hash))} MiB, the limit is ${maxCheckMib}`;
  }
  const milliseconds = Math.ceil(checkCostMs(hash));
  return milliseconds > maxCheckMs
    ? `one check takes about ${milliseconds} ms, the limit is ${maxCheckMs}`
    : undefined;
}

function isWellFormed(hash: PasswordHash): boolean {
  switch (hash.algorithm) {
    case 'bcrypt':
      return /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(hash.encoded);
    case 'argon2id':
    case 'argon2i':
      return (
        hasParts(hash) &&
        Buffer.byteLength(hash.salt, 'base64') >= 8 &&
        isBetween(hash.parallelism, 1, 64) &&
        isBetween(hash.iterations, 1, 1_000) &&
        isBetween(hash.memoryKib, 8 * hash.parallelism, 2 ** 24)
      );
    case 'scrypt':
      return (
        hasParts(hash) &&
        isBetween(Math.log2(hash.cost), 1, 30) &&
        isBetween(hash.blockSize, 1, 64) &&
        isBetween(hash.parallelism, 1, 64)
      );
    case 'firebase-scrypt':
      return (
        hasParts(hash) &&
        isBetween(hash.memCost, 1, 30) &&
        isBetween(hash.rounds, 1, 64) &&
        Buffer.byteLength(hash.saltSeparator, 'base64') <= maxPartBytes &&
        // The stored hash is the encrypted signer key: other lengths belong to another project.
        Buffer.byteLength(hash.signerKey, 'base64') === Buffer.byteLength(hash.hash, 'base64')
      );
    case 'pbkdf2':
      return hasParts(hash) && isBetween(hash.iterations, 1, 100_000_000);
  }
}

/** What a check costs and nothing that tells whose it is: the work that is done for people who are not there. */
export type HashShape = { readonly [Key in string]: string | number };

export function shapeOf(hash: PasswordHash): HashShape {
  if (hash.algorithm === 'bcrypt') return { algorithm: 'bcrypt', cost: bcryptCost(hash.encoded) };
  const { salt: _, hash: digest, ...rest } = hash;
  const bytes = Buffer.byteLength(digest, 'base64');
  if (rest.algorithm !== 'firebase-scrypt') return { ...rest, bytes };
  const { signerKey: _key, ...parameters } = rest;
  return { ...parameters, bytes };
}

/** A hash of this shape that no password matches in practice; checking it takes as long as a real one. */
export function decoyHash(shape: HashShape): PasswordHash {
  if (shape.algorithm === 'bcrypt') {
    return { algorithm: 'bcrypt', encoded: `$2b$${String(shape.cost).padStart(2, '0')}$${'.'.repeat(53)}` };
  }
  const { bytes, ...parameters } = shape;
  const zeros = Buffer.alloc(Number(bytes)).toString('base64');
  const salted = { salt: Buffer.alloc(16).toString('base64'), hash: zeros };
  const firebase = shape.algorithm === 'firebase-scrypt' ? { signerKey: zeros } : {};
  return { ...parameters, ...salted, ...firebase } as unknown as PasswordHash;
}
