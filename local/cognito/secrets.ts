import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Collection, Store } from '../platform.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** The service's own secret: seals what clients carry around, and derives what must be stable but not guessable. */
export class Secrets {
  private readonly key: Buffer;

  private constructor(key: Buffer) {
    this.key = key;
  }

  static async open(store: Store): Promise<Secrets> {
    const stored: Collection<string> = store.collection('cognito-secrets');
    if (!stored.has('key')) await stored.set('key', randomBytes(32).toString('hex'));
    return new Secrets(Buffer.from(stored.get('key') ?? '', 'hex'));
  }

  /** Authenticated encryption; base64, since clients decode a secret block. */
  seal(value: unknown): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** @returns `undefined` for anything this service did not seal */
  unseal(sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < nonceBytes + tagBytes) return undefined;
    const cipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, nonceBytes));
    cipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const clear = Buffer.concat([cipher.update(bytes.subarray(nonceBytes + tagBytes)), cipher.final()]);
      return JSON.parse(clear.toString('utf8'));
    } catch {
      return undefined; // forged or cut: the authentication tag does not match
    }
  }

  derive(purpose: string, ...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([purpose, ...parts]))
      .digest();
  }
}
