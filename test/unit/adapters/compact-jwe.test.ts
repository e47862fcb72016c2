import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { decryptJwe, encryptJwe, readJweHeader } from '../../../lambdas/adapters/compact-jwe.ts';

const key = Buffer.alloc(32, 7);
const header = { kid: 'k1', typ: 'vestibule-refresh' };
const content = { value: { token: 'ä'.repeat(300) }, iat: 1, exp: 2 };
const bytes = Buffer.from(JSON.stringify(content));
const byJose = (protectedHeader: object, plain: Uint8Array = bytes) =>
  new CompactEncrypt(plain)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header, ...protectedHeader })
    .encrypt(key);

describe('a compact JWE', () => {
  it('of ours is read by a JOSE library', async () => {
    const token = encryptJwe(header, key, content);
    const { plaintext, protectedHeader } = await compactDecrypt(token, key);
    expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual(content);
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', ...header });
  });

  it('of a JOSE library is read by us', async () => {
    const token = await byJose({});
    expect(readJweHeader(token)).toEqual(header);
    expect(decryptJwe(token, key)).toEqual(content);
  });

  it('is never made twice the same', () =>
    expect(encryptJwe(header, key, content)).not.toBe(encryptJwe(header, key, content)));

  it.each([
    { what: 'a critical extension', more: { crit: ['b64'], b64: true } },
    { what: 'a key of its own', more: { jwk: {} } },
    { what: 'no kind', more: { typ: undefined } },
    { what: 'a key id that is no text', more: { kid: 7 } },
  ])('whose header has $what is not ours', async ({ more }) => {
    const [, ...rest] = encryptJwe(header, key, content).split('.');
    const head = { alg: 'dir', enc: 'A256GCM', ...header, ...more };
    const token = [Buffer.from(JSON.stringify(head)).toString('base64url'), ...rest].join('.');
    expect(readJweHeader(token)).toBeUndefined();
  });

  it('of another algorithm is not ours', async () => {
    const token = await new CompactEncrypt(bytes)
      .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', ...header })
      .encrypt(key);
    expect(readJweHeader(token)).toBeUndefined();
    expect(decryptJwe(token, key)).toBeUndefined();
  });

  const [head = '', , nonce = '', sealed = '', tag = ''] = encryptJwe(header, key, content).split('.');
  const short = Buffer.from(tag, 'base64url').subarray(0, 12).toString('base64url');
  const long = Buffer.concat([Buffer.from(nonce, 'base64url'), Buffer.alloc(4)]).toString('base64url');
  const otherHead = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: 'k2', typ: header.typ }));
  it.each([
    { what: 'a shorter tag', parts: [head, '', nonce, sealed, short] },
    { what: 'a longer nonce', parts: [head, '', long, sealed, tag] },
    { what: 'an encrypted key', parts: [head, 'AAAA', nonce, sealed, tag] },
    { what: 'a part more', parts: [head, '', nonce, sealed, tag, ''] },
    { what: 'no content', parts: [head, '', nonce, '', tag] },
    { what: 'padding', parts: [head, '', nonce, sealed, `${tag}==`] },
    { what: 'another header', parts: [otherHead.toString('base64url'), '', nonce, sealed, tag] },
    { what: 'parts in another order', parts: [head, '', nonce, tag, sealed] },
  ])('with $what is nothing', ({ parts }) => expect(decryptJwe(parts.join('.'), key)).toBeUndefined());

  it('is nothing to another key', () =>
    expect(decryptJwe([head, '', nonce, sealed, tag].join('.'), Buffer.alloc(32, 8))).toBeUndefined());

  it.each(['[]', '7', 'null', '{'])('that holds %s holds nothing', async (text) =>
    expect(decryptJwe(await byJose({}, Buffer.from(text)), key)).toBeUndefined(),
  );
});
