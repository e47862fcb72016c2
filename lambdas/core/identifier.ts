/**
 * What a person types to say who they are, in the one form that everything else uses. Two spellings of one mailbox
 * that Cognito would treat alike must give one pseudonym, and nothing may ever address two mailboxes.
 */
export type Identifier = string & { readonly kind: 'Identifier' };

/** RFC 5321: 64 octets before the `@`, 254 in all. */
const maxLocalPartLength = 64;
const maxIdentifierLength = 254;

const isAscii = /^[ -~]*$/;
/** RFC 5322 dot-atom, ASCII: quoted local parts and internationalised mailboxes (RFC 6531) are refused, which rules out homographs, lists and header tricks. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** At least two labels of letters, digits and inner hyphens; the last one is not a number, so address literals are out. */
const domain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Trimmed and lower case; exactly one address. Plus tags and dots stay: they are different mailboxes elsewhere.
 * Non-ASCII is refused before anything is folded (the Kelvin sign lower-cases to `k`), and ASCII is always in NFC.
 * @returns `undefined` for anything else: lists, display names, control characters, non-ASCII, longer than 254
 */
export function canonicalIdentifier(typed: string): Identifier | undefined {
  if (typed.length > 2 * maxIdentifierLength || !isAscii.test(typed)) return undefined;
  // Only plain spaces are trimmed: a line break or another control character at the end is an attack, not a typo.
  const canonical = typed.replace(/^ +| +$/g, '').toLowerCase();
  const at = canonical.lastIndexOf('@');
  const isOneAddress =
    at > 0 &&
    at <= maxLocalPartLength &&
    canonical.length <= maxIdentifierLength &&
    localPart.test(canonical.slice(0, at)) &&
    domain.test(canonical.slice(at + 1));
  return isOneAddress ? (canonical as Identifier) : undefined;
}

/**
 * How a code challenge names the mailbox: first character and domain's last label, nothing that tells a stranger more.
 * It depends on the typed identifier alone, so that it looks the same whether or not an account exists.
 */
export function maskedDestination(identifier: Identifier): string {
  const [local = '', host = ''] = identifier.split('@');
  return `${local.slice(0, 1)}***@${host.slice(0, 1)}***.${host.slice(host.lastIndexOf('.') + 1)}`;
}
