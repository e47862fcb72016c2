import { canonicalIdentifier, type Identifier } from '../identifier.ts';
import type { Pseudonym } from '../ids.ts';

/** RFC 2606: nobody has a mailbox there. */
const decoyDomain = 'nobody.invalid';

/**
 * A name under which the Identity API has the trigger work as hard as for somebody who waits: it holds the pseudonym of
 * what was typed (hexadecimal, as sign-in names ignore case), so that attempts are counted and recorded for that one.
 */
export const decoyIdentifier = (address: Pseudonym): Identifier =>
  canonicalIdentifier(`${Buffer.from(address, 'utf8').toString('hex')}@${decoyDomain}`) as Identifier;

/** The pseudonym in a decoy; `undefined` for a real address. */
export function decoyPseudonym(identifier: Identifier): Pseudonym | undefined {
  const [, encoded = ''] = /^([0-9a-f]{44})@nobody\.invalid$/.exec(identifier) ?? [];
  const address = Buffer.from(encoded, 'hex').toString('utf8');
  return /^[\w-]{22}$/.test(address) ? (address as Pseudonym) : undefined;
}
