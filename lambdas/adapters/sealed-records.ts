import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** Records that lie in a table for a while and hold what nobody may read there, bound to the person they are about. */
export interface RecordSeal {
  seal(owner: string, value: object): Promise<Uint8Array>;
  /** @throws Error when it was changed, or is another owner's */
  open<T>(owner: string, sealed: Uint8Array): Promise<T>;
  /** Keyed fingerprint of the content: equal for equal records, and no way back to a guessed one without the key. */
  fingerprint(owner: string, value: object): Promise<string>;
}

/** AES-256-GCM with a random nonce (NIST SP 800-38D); the owner is authenticated with it. */
export const recordSeal = (key: () => Promise<Uint8Array>): RecordSeal => ({
  seal: async (owner, value) => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', await key(), nonce).setAAD(Buffer.from(owner, 'utf8'));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  },
  open: async <T>(owner: string, bytes: Uint8Array) => {
    const sealed = Buffer.from(bytes);
    const decipher = createDecipheriv('aes-256-gcm', await key(), sealed.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(owner, 'utf8'));
    decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    const clear = Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
    return JSON.parse(clear.toString('utf8')) as T;
  },
  fingerprint: async (owner, value) =>
    createHmac('sha256', await key())
      .update(`${owner}\0${JSON.stringify(value)}`)
      .digest('base64url')
      .slice(0, 22),
});
