import { describe, expect, it } from 'vitest';
import { lazyPasswordHashes } from '../../../lambdas/adapters/password-hashes.ts';
import { readEncodedHash } from '../../../lambdas/core/migration/encoded-hash.ts';
import {
  checkCostMs,
  decoyHash,
  hashProblem,
  maxCheckMs,
  type PasswordHash,
  shapeOf,
} from '../../../lambdas/core/migration/hash.ts';

const hex = (text: string) => Buffer.from(text, 'hex').toString('base64');
const ascii = (text: string) => Buffer.from(text, 'utf8').toString('base64');

const pbkdf2 = (digest: 'sha1' | 'sha256' | 'sha512', iterations: number, salt: string, hash: string) =>
  ({ algorithm: 'pbkdf2', digest, iterations, salt: ascii(salt), hash: hex(hash) }) as const;

/** Published vectors, each with its source. */
const vectors: readonly { source: string; password: string; hash: PasswordHash | string }[] = [
  {
    source: 'bcrypt 2a, Openwall crypt_blowfish 1.3 wrapper.c',
    password: 'U*U',
    hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  },
  {
    source: 'bcrypt 2y, Openwall: 72 bytes count',
    password:
      '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
    hash: '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
  },
  {
    source: 'bcrypt 2b, jBCrypt test suite (2a there: the same for ASCII)',
    password: 'abcdefghijklmnopqrstuvwxyz',
    hash: '$2b$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq',
  },
  {
    source: 'argon2i, reference implementation test.c (v=19, m=65536, t=2, p=1)',
    password: 'password',
    hash: '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  },
  {
    source: 'argon2id, reference implementation test.c (v=19, m=65536, t=2, p=1)',
    password: 'password',
    hash: '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  },
  {
    source: 'scrypt, RFC 7914 section 12, second vector',
    password: 'password',
    hash: {
      algorithm: 'scrypt',
      cost: 1024,
      blockSize: 8,
      parallelism: 16,
      salt: ascii('NaCl'),
      hash: hex(
        'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      ),
    },
  },
  {
    source: 'Firebase, github.com/firebase/scrypt README',
    password: 'user1password',
    hash: {
      algorithm: 'firebase-scrypt',
      rounds: 8,
      memCost: 14,
      salt: '42xEC+ixf3L2lw==',
      saltSeparator: 'Bw==',
      signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
      hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    },
  },
  {
    source: 'PBKDF2-SHA1, RFC 6070, third vector',
    password: 'password',
    hash: pbkdf2('sha1', 4096, 'salt', '4b007901b765489abead49d926f721d065a429c1'),
  },
  {
    source: 'PBKDF2-SHA256, RFC 7914 section 11, first vector',
    password: 'passwd',
    hash: pbkdf2(
      'sha256',
      1,
      'salt',
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
    ),
  },
  {
    source: 'PBKDF2-SHA512, the inputs of RFC 6070 (third vector)',
    password: 'password',
    hash: pbkdf2(
      'sha512',
      4096,
      'salt',
      'd197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5',
    ),
  },
  {
    source: 'Django 1.x, tests/auth_tests/test_hashers.py',
    password: 'lètmein',
    hash: 'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=',
  },
  {
    source: 'ASP.NET Identity v3, PasswordHasherTest.cs',
    password: 'my password',
    hash: 'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
  },
  {
    source: 'ASP.NET Identity v2, PasswordHasherTest.cs',
    password: 'my password',
    hash: 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==',
  },
];

const read = (hash: PasswordHash | string): PasswordHash => {
  const found = typeof hash === 'string' ? readEncodedHash(hash) : hash;
  if (!found) throw new Error('the form is not read');
  return found;
};

describe.each(vectors)('$source', ({ password, hash }) => {
  it('opens with its password and with no other', async () => {
    const known = read(hash);
    expect(hashProblem(known)).toBeUndefined();
    expect(await lazyPasswordHashes.matches(known, password)).toBe(true);
    for (const wrong of ['', ` ${password}`, `${password}.`.slice(1)]) {
      expect(await lazyPasswordHashes.matches(known, wrong)).toBe(false);
    }
  });

  it('has a decoy that costs the same and opens with nothing', async () => {
    const known = read(hash);
    const decoy = decoyHash(shapeOf(known));
    expect(checkCostMs(decoy)).toBe(checkCostMs(known));
    expect(await lazyPasswordHashes.matches(decoy, password)).toBe(false);
    expect(JSON.stringify(shapeOf(known))).not.toMatch(/signerKey|"salt"|"hash"/);
  });
});

describe('what is refused', () => {
  it.each([
    ['bcrypt cost 15', '$2b$15$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq'],
    [
      'argon2 with 512 MiB',
      '$argon2id$v=19$m=524288,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ],
    [
      'PBKDF2 with 10 million iterations',
      `$pbkdf2-sha256$10000000$0ZrzXitFSGltTQnBWOsdew$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M`,
    ],
    ['scrypt with ln=22', '$scrypt$ln=22,r=8,p=1$c29tZXNhbHQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M'],
  ])('%s: too costly, and not computed', async (_name, encoded) => {
    const hash = read(encoded);
    expect(hashProblem(hash)).toMatch(/the limit is/);
    const begun = performance.now();
    expect(await lazyPasswordHashes.matches(hash, 'password')).toBe(false);
    expect(performance.now() - begun).toBeLessThan(maxCheckMs);
  });

  it.each([
    ['an unsalted digest', '5f4dcc3b5aa765d61d8327deb882cf99'],
    [
      'argon2 of another version',
      '$argon2i$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
    ],
    ['a plain password', 'quiet harbour'],
    ['nothing', ''],
    ['base64 of something', Buffer.alloc(60, 7).toString('base64')],
  ])('%s is no form that is read', (_name, text) => expect(readEncodedHash(text)).toBeUndefined());
});
