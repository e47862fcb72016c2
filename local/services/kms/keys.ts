import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { AwsError, type Cloud, type Collection } from '../../platform.ts';
import { arnOf } from '../arns.ts';

export type KeySpec = 'SYMMETRIC_DEFAULT' | 'ECC_NIST_P256';

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly description: string;
  readonly enabled: boolean;
  readonly rotation: boolean;
  readonly createdAt: number;
  /** Base64: 32 bytes, or a PKCS #8 private key. */
  readonly material: string;
}

export type EncryptionContext = Readonly<Record<string, string>>;

const idBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const signingAlgorithm = 'ECDSA_SHA_256';

/** Keys of the template. The material is in the store: local data stays readable, and a leak is of local data only. */
export class Keys {
  private readonly cloud: Cloud;
  private readonly keys: Collection<Key>;
  private readonly aliases: Collection<{ readonly keyId: string }>;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.keys = cloud.store.collection('kms-keys');
    this.aliases = cloud.store.collection('kms-aliases');
  }

  /** Existing material is never replaced: what it encrypted would be lost. */
  async create(
    id: string | undefined,
    settings: Pick<Key, 'spec' | 'description' | 'enabled' | 'rotation'>,
  ): Promise<Key> {
    const known = id ? this.keys.get(id) : undefined;
    if (known && known.spec !== settings.spec)
      throw new AwsError('ValidationException', 'KeySpec: a key cannot change its kind');
    const keyId = id ?? randomUUID();
    const key: Key = {
      ...settings,
      id: keyId,
      arn: arnOf(this.cloud, 'kms', `key/${keyId}`),
      createdAt: known?.createdAt ?? this.cloud.clock.now(),
      material: known?.material ?? newMaterial(settings.spec),
    };
    await this.keys.set(keyId, key);
    return key;
  }

  async alias(name: string, keyId: string): Promise<void> {
    await this.aliases.set(name, { keyId: this.find(keyId).id });
  }

  /** By id, ARN, alias name or alias ARN. */
  find(reference: string): Key {
    const name = reference.startsWith('arn:') ? reference.split(':').slice(5).join(':') : reference;
    const id = name.startsWith('alias/') ? this.aliases.get(name)?.keyId : name.replace(/^key\//, '');
    const found = this.keys.get(id ?? '');
    if (found) return found;
    const what = name.startsWith('alias/') ? `Alias ${arnOf(this.cloud, 'kms', name)}` : `Key '${name}'`;
    throw new AwsError('NotFoundException', `${what} is not found.`);
  }

  aliasNames(): readonly { readonly name: string; readonly keyId: string }[] {
    return [...this.aliases.entries()].map(([name, { keyId }]) => ({ name, keyId }));
  }

  encrypt(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', materialOf(key, 'SYMMETRIC_DEFAULT'), nonce).setAAD(
      canonical(context),
    );
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([
      Buffer.from(key.id.replaceAll('-', ''), 'hex'),
      nonce,
      cipher.getAuthTag(),
      sealed,
    ]);
  }

  /** The key that a ciphertext names. @throws AwsError `InvalidCiphertextException` */
  keyOf(ciphertext: Buffer): Key {
    const hex = ciphertext.subarray(0, idBytes).toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const found = this.keys.get(id);
    if (!found) throw invalidCiphertext();
    return found;
  }

  decrypt(ciphertext: Buffer, context: EncryptionContext): Buffer {
    const key = materialOf(this.keyOf(ciphertext), 'SYMMETRIC_DEFAULT');
    const [nonceAt, tagAt, dataAt] = [idBytes, idBytes + nonceBytes, idBytes + nonceBytes + tagBytes];
    if (ciphertext.length < dataAt) throw invalidCiphertext();
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(nonceAt, tagAt))
        .setAAD(canonical(context))
        .setAuthTag(ciphertext.subarray(tagAt, dataAt));
      return Buffer.concat([decipher.update(ciphertext.subarray(dataAt)), decipher.final()]);
    } catch {
      throw invalidCiphertext(); // wrong context or an altered byte: indistinguishable on purpose
    }
  }

  sign(key: Key, message: Buffer, algorithm: string): Buffer {
    return sign('sha256', message, privateKey(key, algorithm));
  }

  verify(key: Key, message: Buffer, signature: Buffer, algorithm: string): boolean {
    return verify('sha256', message, createPublicKey(privateKey(key, algorithm)), signature);
  }

  publicKey(key: Key): Buffer {
    return createPublicKey(privateKey(key, signingAlgorithm)).export({ type: 'spki', format: 'der' });
  }
}

const newMaterial = (spec: KeySpec): string =>
  spec === 'SYMMETRIC_DEFAULT'
    ? randomBytes(32).toString('base64')
    : generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'der' })
        .toString('base64');

function materialOf(key: Key, spec: KeySpec): Buffer {
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  if (key.spec === spec) return Buffer.from(key.material, 'base64');
  throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage does not allow this operation.`);
}

function privateKey(key: Key, algorithm: string) {
  const material = materialOf(key, 'ECC_NIST_P256');
  if (algorithm === signingAlgorithm)
    return createPrivateKey({ key: material, format: 'der', type: 'pkcs8' });
  throw new AwsError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
  );
}

const canonical = (context: EncryptionContext): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));

const invalidCiphertext = (): AwsError => new AwsError('InvalidCiphertextException', '');
