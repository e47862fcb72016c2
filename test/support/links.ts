import { ulid } from 'ulid';
import type { LinkServices } from '../../lambdas/account-api/links/routes.ts';
import { dynamoAddressClaims } from '../../lambdas/adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoLinks } from '../../lambdas/adapters/links.ts';
import { dynamoPendingLinks } from '../../lambdas/adapters/pending-links.ts';
import type { ProviderIdentity } from '../../lambdas/core/linking/identity.ts';
import type { LinkAccount, LinkDirectory } from '../../lambdas/core/linking/ports.ts';
import type { Clock, Pseudonyms } from '../../lambdas/ports.ts';
import { plainPseudonyms } from './registration.ts';
import type { TestTables } from './tables.ts';

/** The user pool, as far as linking reaches it: whose sign-in an identity is. */
export class FakeLinkDirectory implements LinkDirectory {
  readonly linked = new Map<string, LinkAccount>();
  /** Identities that have a user of their own. */
  readonly grown = new Set<string>();
  failing = false;

  async link(account: LinkAccount, identity: ProviderIdentity) {
    if (this.failing) throw new Error('the user pool is down');
    if (this.grown.has(JSON.stringify(identity))) return 'refused' as const;
    this.linked.set(JSON.stringify(identity), account);
    return 'linked' as const;
  }

  async unlink(identity: ProviderIdentity) {
    if (this.failing) throw new Error('the user pool is down');
    this.linked.delete(JSON.stringify(identity));
  }

  ownerOf = (identity: ProviderIdentity): string | undefined =>
    this.linked.get(JSON.stringify(identity))?.sub;
}

/** Real stores on real tables beside a user pool in memory. */
export function testLinks(
  { client, names }: Pick<TestTables, 'client' | 'names'>,
  clock: Clock,
  pseudonyms: Pseudonyms = plainPseudonyms,
): LinkServices & { readonly linkDirectory: FakeLinkDirectory } {
  const audit = { name: names.audit, ttlDays: 90 };
  return {
    claims: dynamoAddressClaims(client, names.profiles),
    pendingLinks: dynamoPendingLinks(client, names.risk, audit, clock),
    links: dynamoLinks(client, { profiles: names.profiles, risk: names.risk, audit }),
    linkDirectory: new FakeLinkDirectory(),
    outbox: dynamoAuditOutbox(client, audit),
    pseudonyms,
    random: { ulid },
  };
}
