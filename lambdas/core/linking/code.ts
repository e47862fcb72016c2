import type { Pseudonyms } from '../../ports.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { ProviderIdentity } from './identity.ts';

/** How long a refused provider sign-in waits for its owner. */
export const pendingLinkSeconds = 15 * 60;
/** Codes that may be tried for one of them. */
export const maxLinkAttempts = 5;

/** Crockford's: no letter that looks like a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * What the provider's sign-in shows, and nothing else: 40 bits as eight letters and digits. A keyed hash instead of a
 * random number, so that a repeated trigger shows the same code; it counts only while the pending link is there.
 * @param window - number of the time window that repeats share
 */
export async function linkCode(
  pseudonyms: Pseudonyms,
  owner: Sub,
  { provider, subject }: ProviderIdentity,
  window: number,
): Promise<string> {
  const hash = await pseudonyms.of('code', ['link-code', owner, provider, subject, window].join('\0'));
  const bits = BigInt(`0x${Buffer.from(hash, 'base64url').subarray(0, 5).toString('hex')}`);
  const letters = Array.from(
    { length: 8 },
    (_, place) => alphabet[Number((bits >> BigInt(35 - 5 * place)) & 31n)],
  );
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** What a person may have made of it: lower case, spaces, O for 0. */
export const readLinkCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');

/** How the code is kept: bound to the owner and to the identity. */
export const linkCodeHash = (
  pseudonyms: Pseudonyms,
  owner: Sub,
  { provider, subject }: ProviderIdentity,
  code: string,
): Promise<Pseudonym> =>
  pseudonyms.of('code', ['link', owner, provider, subject, readLinkCode(code)].join('\0'));
