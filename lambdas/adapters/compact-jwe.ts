import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Compact JWE (RFC 7516), `dir` with A256GCM: exactly the one form that we make ourselves. node:crypto only: by a JOSE library
 * one seal and one look cost seven times the processor time, and 60 kB of every start; tests hold this against one.
 */
export interface JweHeader {
  /** Key id. */
  readonly kid: string;
  /** Full `typ`: a token of one kind is never taken for another. */
  readonly typ: string;
}

type Content = Readonly<Record<string, unknown>>;

const cipherName = 'aes-256-gcm';
/** RFC 7518 §5.3: 96 bits, and the whole tag. */
const nonceBytes = 12;
const tagBytes = 16;
const base64url = /^[A-Za-z0-9_-]+$/;
const headerNames = ['alg', 'enc', 'kid', 'typ'];

/** @param key - 32 bytes */
export function encryptJwe({ kid, typ }: JweHeader, key: Uint8Array, content: Content): string {
  const head = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid, typ })).toString('base64url');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(head));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  const parts = [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [head, '', ...parts].join('.');
}

/** What the header says, before anything is known to be true; `undefined` for any other form than ours. */
export function readJweHeader(token: string): JweHeader | undefined {
  const header = object(bytesOf(token.split('.', 1)[0]));
  if (header?.alg !== 'dir' || header.enc !== 'A256GCM') return undefined;
  const names = Object.keys(header);
  // Whatever else a header may carry (zip, crit, jku, jwk, epk) is not ours.
  if (names.length !== headerNames.length || !names.every((name) => headerNames.includes(name)))
    return undefined;
  const { kid, typ } = header;
  return typeof kid === 'string' && typeof typ === 'string' ? { kid, typ } : undefined;
}

/** @returns `undefined` for anything that was not made with this key, or was changed since */
export function decryptJwe(token: string, key: Uint8Array): Content | undefined {
  const parts = token.split('.');
  const [head = '', encryptedKey, ...rest] = parts;
  const [nonce, sealed, tag] = rest.map(bytesOf);
  if (parts.length !== 5 || encryptedKey !== '' || !nonce || !sealed || !tag) return undefined;
  if (nonce.length !== nonceBytes || tag.length !== tagBytes) return undefined;
  const cipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(head));
  cipher.setAuthTag(tag);
  const clear = cipher.update(sealed);
  try {
    return object(Buffer.concat([clear, cipher.final()]));
  } catch {
    return undefined; // the tag does not match: forged or of another key, which is an expected input
  }
}

/** Canonical base64url only: no padding, and no second spelling of the same bytes. */
function bytesOf(part: string | undefined): Buffer | undefined {
  if (!part || !base64url.test(part)) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function object(bytes: Buffer | undefined): Content | undefined {
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Content) : undefined;
  } catch {
    return undefined; // not JSON or not UTF-8: a made-up token
  }
}
