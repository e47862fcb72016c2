import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Sub } from '../core/ids.ts';
import type { SigningKey, SigningKeys } from '../ports.ts';

/** Secrets of factors at rest: readable by the functions that hold the sealing key, and only as this person's. */
export interface FactorSecrets {
  seal(sub: Sub, secret: string): Promise<string>;
  /** `undefined` for what is not ours, was changed, belongs to somebody else or was sealed by a key that is gone. */
  open(sub: Sub, sealed: string): Promise<string | undefined>;
}

const ivBytes = 12;
const tagBytes = 16;

/**
 * `<key id>.<iv, ciphertext and tag in base64url>`: AES-256-GCM with the person as associated data. Without lifetime,
 * and without jose, which a sign-in would otherwise load for every code of an authenticator app.
 */
export const sealedFactorSecrets = (keys: SigningKeys): FactorSecrets => ({
  seal: async (sub, secret) => {
    const key = await keys.current();
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', keyOf(key), iv).setAAD(associated(sub));
    const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${key.id}.${sealed.toString('base64url')}`;
  },
  open: async (sub, sealed) => {
    const dot = sealed.lastIndexOf('.');
    const key = dot > 0 ? await keys.find(sealed.slice(0, dot)) : undefined;
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
    if (!key || bytes.length < ivBytes + tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', keyOf(key), bytes.subarray(0, ivBytes))
      .setAAD(associated(sub))
      .setAuthTag(bytes.subarray(-tagBytes));
    const opened = decipher.update(bytes.subarray(ivBytes, -tagBytes));
    try {
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      return undefined; // the one thing that `final` throws for is a tag that does not fit
    }
  },
});

const associated = (sub: Sub): Buffer => Buffer.from(`factor\0${sub}`);

const keyOf = (key: SigningKey): Buffer =>
  createHmac('sha256', key.secret).update('vestibule/v1/seal/factor').digest();
