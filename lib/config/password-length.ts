import type { PasswordConfig } from './types.ts';

/** Characters of a password when the configuration says nothing: NIST SP 800-63B-4, where it stands alone. */
export const defaultPasswordLength = 15;

/** What the user pool itself asks for; it does not know who has a further factor. */
export const poolPasswordLength = ({
  minLength = defaultPasswordLength,
  minLengthWithFactor = minLength,
}: PasswordConfig = {}): number => Math.min(minLength, minLengthWithFactor);
