import type { PasswordHash } from '../../../lambdas/core/migration/hash.ts';
import { objectOf, type Preset, parsedText, type Raw, textOf } from './preset.ts';

/** `kc.sh export`: a realm document (or a users file beside it) with `users`, each with its credentials. */
export const keycloak: Preset = {
  format: (file) => (/\.(jsonl|ndjson)$/i.test(file) ? 'json-lines' : 'json-array'),
  read: (raw) => {
    const attributes = objectOf(raw.attributes);
    return {
      email: raw.email,
      emailVerified: raw.emailVerified,
      // Absent means enabled in a partial export; anything but true is not.
      blocked: raw.enabled === undefined || raw.enabled === true ? false : 'disabled',
      password: passwordOf(raw),
      phone: first(attributes.phoneNumber) ?? first(attributes.phone),
      name: [raw.firstName, raw.lastName].filter((part) => textOf(part)).join(' '),
      birthDate: first(attributes.birthdate),
      locale: first(attributes.locale),
    };
  },
};

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

const digests = {
  pbkdf2: 'sha1',
  'pbkdf2-sha256': 'sha256',
  'pbkdf2-sha512': 'sha512',
} as const;

function passwordOf({ credentials }: Raw): PasswordHash | 'unreadable' | undefined {
  const found = (Array.isArray(credentials) ? credentials : [])
    .map(objectOf)
    .find(({ type }) => type === 'password');
  if (!found) return undefined;
  const data = parsedText(found.credentialData);
  const secret = parsedText(found.secretData);
  const [salt, hash] = [textOf(secret.salt), textOf(secret.value)];
  const algorithm = textOf(data.algorithm) ?? '';
  const iterations = Number(data.hashIterations);
  if (!salt || !hash) return 'unreadable';
  if (Object.hasOwn(digests, algorithm)) {
    return {
      algorithm: 'pbkdf2',
      digest: digests[algorithm as keyof typeof digests],
      iterations,
      salt,
      hash,
    };
  }
  return algorithm === 'argon2'
    ? argon2(objectOf(data.additionalParameters), { iterations, salt, hash })
    : 'unreadable';
}

/** Parameters are lists of texts there: `{"memory":["7168"],"type":["id"],…}`. */
function argon2(
  parameters: Raw,
  base: { iterations: number; salt: string; hash: string },
): PasswordHash | 'unreadable' {
  const kind = first(parameters.type);
  if ((kind !== 'id' && kind !== 'i') || first(parameters.version) !== '1.3') return 'unreadable';
  return {
    algorithm: kind === 'id' ? 'argon2id' : 'argon2i',
    memoryKib: Number(first(parameters.memory)),
    parallelism: Number(first(parameters.parallelism)),
    ...base,
  };
}
