import type { ServiceConfiguration } from '../configuration.ts';
import type { Identifier } from '../identifier.ts';

/**
 * Whether people with an address of this domain may register. A rule covers its subdomains; a denied domain stays
 * denied inside an allowed one; no allowed domains means all.
 */
export function mailDomainAllowed(
  identifier: Identifier,
  { allow, deny }: ServiceConfiguration['mailDomains'],
): boolean {
  const domain = identifier.slice(identifier.lastIndexOf('@') + 1);
  const covered = (rule: string): boolean => {
    const ruled = rule.toLowerCase();
    return domain === ruled || domain.endsWith(`.${ruled}`);
  };
  return !deny.some(covered) && (allow.length === 0 || allow.some(covered));
}
