import type { PasswordHashes } from '../core/migration/hash.ts';

export const lazyPasswordHashes: PasswordHashes = {
  matches: async (hash, password) => (await import('./lazy/password-hashes.ts')).checkHash(hash, password),
};
