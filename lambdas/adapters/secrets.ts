import { createHmac } from 'node:crypto';
import type { Pseudonym } from '../core/ids.ts';
import type { Clock, Pseudonyms, SigningKey, SigningKeys } from '../ports.ts';
import { openSecretsManager } from './aws-json/secrets-manager.ts';

/** `{ "key": "<random>" }` of one version; `undefined` when that version stage does not exist. */
export type SecretReader = (
  secretId: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS' | 'AWSPENDING',
) => Promise<{ versionId: string; key: string } | undefined>;

/** The client is opened at the first use: a function that never needs a secret has no settings for it. */
export const secretsManagerReader = (): SecretReader => {
  let reader: SecretReader | undefined;
  return (secretId, stage) => {
    reader ??= openReader();
    return reader(secretId, stage);
  };
};

const minKeyLength = 32;
export const keyForm = `{"key": "<at least ${minKeyLength} characters>"}`;

/** `undefined` for anything but {@link keyForm}. The parser's own error would quote the secret. */
export function keyIn(secret: string | undefined): string | undefined {
  try {
    const { key } = JSON.parse(secret ?? '') as { key?: unknown };
    return typeof key === 'string' && key.length >= minKeyLength ? key : undefined;
  } catch {
    return undefined;
  }
}

function openReader(): SecretReader {
  const get = openSecretsManager();
  return async (secretId, stage) => {
    try {
      const found = await get(secretId, stage);
      const key = keyIn(found.SecretString);
      if (key === undefined || !found.VersionId) {
        if (stage === 'AWSPENDING') return undefined; // the rotation refuses it; the keys in use stay in use
        throw new Error(`secret ${secretId} (${stage}): expected ${keyForm}`);
      }
      return { versionId: found.VersionId, key };
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException' && stage !== 'AWSCURRENT')
        return undefined;
      throw error;
    }
  };
}

/** How long a key set is used before it is read again; a rotation is complete everywhere after this time. */
export const keyCacheSeconds = 300;
/** How often an unknown key id may cause a new look; bounds what forged tokens can cost. */
const missLookSeconds = 10;

/** Keys with overlap: signs with AWSCURRENT, accepts AWSPREVIOUS and AWSPENDING too. */
export function rotatingKeys(secretId: string, read: SecretReader, clock: Clock): SigningKeys {
  let keys: SigningKey[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;
  const secondsSince = (time: number) => (clock.now() - time) / 1000;
  const load = async () => {
    const found = await Promise.all(
      (['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'] as const).map((stage) => read(secretId, stage)),
    );
    if (!found[0]) throw new Error(`secret ${secretId}: no current version`); // another version must not sign
    keys = found.flatMap((version) =>
      version ? [{ id: version.versionId, secret: deriveKey(version.key, 'context') }] : [],
    );
    loadedAt = clock.now();
  };
  return {
    current: async () => {
      if (secondsSince(loadedAt) > keyCacheSeconds) await load();
      const [current] = keys;
      if (!current) throw new Error(`secret ${secretId}: no current version`);
      return current;
    },
    find: async (keyId) => {
      const byId = () => keys.find((key) => key.id === keyId);
      if (secondsSince(loadedAt) > keyCacheSeconds) await load();
      // Timed by the last miss, not the last reading: a key may be newer than keys that were read a second ago.
      else if (!byId() && secondsSince(missedAt) > missLookSeconds) {
        missedAt = clock.now();
        await load();
      }
      return byId();
    },
  };
}

/** One secret, one key per use (HKDF is not needed: the input is uniformly random, NIST SP 800-108 HMAC counter mode with one block). */
const deriveKey = (secret: string, use: string): Uint8Array =>
  createHmac('sha256', secret).update(`vestibule/v1/${use}`).digest();

/** A key of its own use from a secret that is never rotated; read once per environment. */
export function derivedKey(
  secretId: string,
  read: SecretReader,
  use: 'migration',
): () => Promise<Uint8Array> {
  let key: Promise<Uint8Array> | undefined;
  const load = async () => {
    const version = await read(secretId, 'AWSCURRENT');
    if (!version) throw new Error(`secret ${secretId}: no current version`);
    return deriveKey(version.key, use);
  };
  return () => {
    key ??= load().catch((error: unknown) => {
      key = undefined; // the next call tries again
      throw error;
    });
    return key;
  };
}

/** A secret as it is; read once per environment. */
export function cachedSecret(read: SecretReader, secretId: string): () => Promise<string> {
  let cached: Promise<string> | undefined;
  const load = async () => {
    const version = await read(secretId, 'AWSCURRENT');
    if (!version) throw new Error(`secret ${secretId}: no current version`);
    return version.key;
  };
  return () => {
    cached ??= load().catch((error: unknown) => {
      cached = undefined; // the next call tries again
      throw error;
    });
    return cached;
  };
}

/** HMAC-SHA-256 truncated to 132 bits; `kind` separates the domains. */
export function keyedPseudonyms(secretId: string, read: SecretReader): Pseudonyms {
  let key: Promise<Uint8Array> | undefined;
  const load = () =>
    read(secretId, 'AWSCURRENT').then(
      (version) => {
        if (!version) throw new Error(`secret ${secretId}: no current version`);
        return deriveKey(version.key, 'pseudonym');
      },
      (error: unknown) => {
        key = undefined; // the next call tries again
        throw error;
      },
    );
  return {
    of: async (kind, value) => {
      key ??= load();
      const digest = createHmac('sha256', await key)
        .update(`${kind}\0${value}`)
        .digest('base64url');
      return digest.slice(0, 22) as Pseudonym;
    },
  };
}
