import type { Pseudonyms } from '../../ports.ts';
import type { Pseudonym } from '../ids.ts';

/** One account at a provider. */
export interface ProviderIdentity {
  /** Cognito's name of the provider. */
  readonly provider: string;
  /** The provider's own id of the person, as it writes it. */
  readonly subject: string;
}

/** `<Provider>_<id>`; provider names have no underscore. A pool without case writes all of it in lower case. */
export function identityOfUserName(
  userName: string,
  providers: readonly { readonly name: string }[],
): ProviderIdentity | undefined {
  const end = userName.indexOf('_');
  const written = userName.slice(0, Math.max(end, 0)).toLowerCase();
  const provider = providers.find(({ name }) => name.toLowerCase() === written);
  const subject = userName.slice(end + 1);
  return provider && subject !== '' ? { provider: provider.name, subject } : undefined;
}

/** Stands for the identity in keys; without case, as the pool compares them. */
export const identityPseudonym = (
  pseudonyms: Pseudonyms,
  { provider, subject }: ProviderIdentity,
): Promise<Pseudonym> =>
  // No identifier contains a NUL, so the two uses of this key cannot meet.
  pseudonyms.of('identifier', `provider\0${provider.toLowerCase()}\0${subject.toLowerCase()}`);

/** Id of a link in routes: the pseudonym in characters that a path takes. */
export const linkId = (pseudonym: Pseudonym): string => Buffer.from(pseudonym, 'base64url').toString('hex');
