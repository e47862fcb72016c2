import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Collection, Store } from '../../platform.ts';

type TokenUse = 'id' | 'access';

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly kid: string;
  /** The header of every token of this key, encoded once. */
  readonly header: string;
}

interface PoolKeys {
  readonly id: SigningKey;
  readonly access: SigningKey;
}

const signAsync = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;
const generate = promisify(generateKeyPair) as unknown as (
  type: 'rsa',
  options: { modulusLength: number },
) => Promise<{ privateKey: KeyObject }>;

/** Two RSA keys per pool, as AWS has: one for ID tokens and one for access tokens. */
export class Keys {
  private readonly stored: Collection<Readonly<Record<TokenUse, JsonWebKey>>>;
  private readonly opened = new Map<string, PoolKeys>();

  constructor(store: Store) {
    this.stored = store.collection('cognito-keys');
  }

  /** Makes the keys of a new pool; those of an existing one stay. */
  async ensure(poolId: string): Promise<void> {
    if (this.stored.has(poolId)) return;
    const [id, access] = await Promise.all([newKey(), newKey()]);
    await this.stored.set(poolId, { id, access });
  }

  remove(poolId: string): Promise<void> {
    this.opened.delete(poolId);
    return this.stored.delete(poolId);
  }

  async sign(poolId: string, use: TokenUse, claims: Readonly<Record<string, unknown>>): Promise<string> {
    const key = this.open(poolId)[use];
    const content = `${key.header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    // Signed on the thread pool: the two tokens of a sign-in take the time of one, and nobody else waits.
    const signature = await signAsync('sha256', Buffer.from(content), key.privateKey);
    return `${content}.${signature.toString('base64url')}`;
  }

  /** @returns the claims, `undefined` when the token was not signed by this pool for this use */
  verify(poolId: string, use: TokenUse, token: string): Record<string, unknown> | undefined {
    const parts = token.split('.');
    const [header, claims, signature] = parts;
    if (parts.length !== 3 || !header || !claims || !signature || !this.stored.has(poolId)) return undefined;
    const key = this.open(poolId)[use];
    if (header !== key.header) return undefined;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify('sha256', signed, key.publicKey, Buffer.from(signature, 'base64url'))) return undefined;
    return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  }

  jwks(poolId: string): { keys: JsonWebKey[] } | undefined {
    if (!this.stored.has(poolId)) return undefined;
    const { id, access } = this.open(poolId);
    return { keys: [id, access].map(publicJwk) };
  }

  private open(poolId: string): PoolKeys {
    const known = this.opened.get(poolId);
    if (known) return known;
    const stored = this.stored.get(poolId);
    if (!stored) throw new Error(`no signing keys for ${poolId}`);
    const keys = { id: openKey(stored.id), access: openKey(stored.access) };
    this.opened.set(poolId, keys);
    return keys;
  }
}

async function newKey(): Promise<JsonWebKey> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'jwk' });
}

function openKey(jwk: JsonWebKey): SigningKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const kid = createHash('sha256').update(String(jwk.n)).digest('base64');
  const header = Buffer.from(JSON.stringify({ kid, alg: 'RS256' })).toString('base64url');
  return { privateKey, publicKey: createPublicKey(privateKey), kid, header };
}

function publicJwk({ publicKey, kid }: SigningKey): JsonWebKey {
  const { e, kty, n } = publicKey.export({ format: 'jwk' });
  return { alg: 'RS256', e, kid, kty, n, use: 'sig' };
}
