import type { PasswordHash } from './hash.ts';

/**
 * Reads the text forms in which password hashes are exported: bcrypt's own, PHC strings (argon2, scrypt, PBKDF2 also in
 * passlib's spelling), Django, ASP.NET Identity v2 and v3.
 * @returns `undefined` for anything else, for example an unsalted digest
 */
export function readEncodedHash(text: string): PasswordHash | undefined {
  if (text.length > 1_024) return undefined;
  for (const read of [bcrypt, argon2, scrypt, pbkdf2, django, aspNet]) {
    const hash = read(text);
    if (hash) return hash;
  }
  return undefined;
}

/** PHC leaves the padding out, passlib writes `.` for `+`: both become plain base64; `undefined` when it is none. */
function base64(text: string): string | undefined {
  const plain = text.replaceAll('.', '+').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return undefined;
  return Buffer.from(plain, 'base64').toString('base64');
}

const parts = (salt = '', hash = '') => {
  const [readSalt, readHash] = [base64(salt), base64(hash)];
  return readSalt && readHash ? { salt: readSalt, hash: readHash } : undefined;
};

const bcrypt = (text: string): PasswordHash | undefined =>
  /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(text) ? { algorithm: 'bcrypt', encoded: text } : undefined;

function argon2(text: string): PasswordHash | undefined {
  // Version 19 (1.3) only: an earlier one computes something else.
  const form = /^\$argon2(id|i)\$v=19\$m=(\d{1,9}),t=(\d{1,6}),p=(\d{1,4})\$([^$]+)\$([^$]+)$/;
  const [, kind, memory, iterations, parallelism, salt, hash] = form.exec(text) ?? [];
  const salted = parts(salt, hash);
  if (!salted) return undefined;
  return {
    algorithm: kind === 'id' ? 'argon2id' : 'argon2i',
    memoryKib: Number(memory),
    iterations: Number(iterations),
    parallelism: Number(parallelism),
    ...salted,
  };
}

function scrypt(text: string): PasswordHash | undefined {
  const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([^$]+)\$([^$]+)$/;
  const [, ln, blockSize, parallelism, salt, hash] = form.exec(text) ?? [];
  const salted = parts(salt, hash);
  if (!salted) return undefined;
  return {
    algorithm: 'scrypt',
    cost: 2 ** Number(ln),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    ...salted,
  };
}

const digests = { '': 'sha1', '-sha1': 'sha1', '-sha256': 'sha256', '-sha512': 'sha512' } as const;

function pbkdf2(text: string): PasswordHash | undefined {
  const form = /^\$pbkdf2(-sha1|-sha256|-sha512|)\$(?:i=)?(\d{1,9})(?:,l=\d{1,4})?\$([^$]+)\$([^$]+)$/;
  const [, digest, iterations, salt, hash] = form.exec(text) ?? [];
  const salted = parts(salt, hash);
  if (!salted) return undefined;
  return {
    algorithm: 'pbkdf2',
    digest: digests[digest as keyof typeof digests],
    iterations: Number(iterations),
    ...salted,
  };
}

/** `pbkdf2_sha256$600000$salt$hash`; the salt is text. Also Django's argon2 and bcrypt, which carry a prefix. */
function django(text: string): PasswordHash | undefined {
  if (text.startsWith('argon2$argon2')) return argon2(text.slice('argon2'.length));
  if (text.startsWith('bcrypt$$2')) return bcrypt(text.slice('bcrypt$'.length));
  const [, digest, iterations, salt = '', hash = ''] =
    /^pbkdf2_(sha1|sha256)\$(\d{1,9})\$([^$]+)\$([^$]+)$/.exec(text) ?? [];
  const readHash = base64(hash);
  if (!readHash) return undefined;
  return {
    algorithm: 'pbkdf2',
    digest: digest === 'sha1' ? 'sha1' : 'sha256',
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'utf8').toString('base64'),
    hash: readHash,
  };
}

const aspNetDigests = ['sha1', 'sha256', 'sha512'] as const;

/** Version 2: 0x00, 16 bytes of salt, 32 of PBKDF2-SHA1 with 1,000 iterations. Version 3: 0x01 and a header of 12. */
function aspNet(text: string): PasswordHash | undefined {
  if (!/^[A-Za-z0-9+/]{60,512}={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const encoded = (from: number, to: number) => bytes.subarray(from, to).toString('base64');
  if (bytes[0] === 0 && bytes.length === 49) {
    const salted = { salt: encoded(1, 17), hash: encoded(17, 49) };
    return { algorithm: 'pbkdf2', digest: 'sha1', iterations: 1_000, ...salted };
  }
  if (bytes[0] !== 1 || bytes.length < 13 + 16 + 16) return undefined;
  const digest = aspNetDigests[bytes.readUInt32BE(1)];
  const saltLength = bytes.readUInt32BE(9);
  if (!digest || saltLength < 16 || bytes.length < 13 + saltLength + 16) return undefined;
  const salted = { salt: encoded(13, 13 + saltLength), hash: encoded(13 + saltLength, bytes.length) };
  return { algorithm: 'pbkdf2', digest, iterations: bytes.readUInt32BE(5), ...salted };
}
