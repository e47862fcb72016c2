import type { AuditOutbox, Pseudonyms } from '../../ports.ts';
import { CiamError } from '../errors.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { OwnerRequest } from '../profile/owner-request.ts';
import { linkCodeHash } from './code.ts';
import { identityPseudonym, linkId, type ProviderIdentity } from './identity.ts';
import type { Link, LinkDirectory, Links, PendingLink, PendingLinks } from './ports.ts';

export interface LinkPorts {
  readonly claims: { find(address: Pseudonym): Promise<Sub | undefined> };
  readonly pendingLinks: Pick<PendingLinks, 'attempt'>;
  readonly links: Links;
  readonly linkDirectory: LinkDirectory;
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
}

/** Cognito's limit per user, beside the one that it came with. */
const maxLinks = 5;

/**
 * Joins a provider's account to the caller's. Both sides are proven: the caller's by the session's fresh proof, the
 * provider's by the code that only its sign-in has shown; and the address that brought them together still has to be the
 * caller's. Repeating it with the same code goes on where it stopped.
 * @throws CiamError `LINK_REJECTED` whatever was wrong, `FACTOR_LIMIT`
 */
export async function joinIdentity(ports: LinkPorts, owner: OwnerRequest, code: string): Promise<Link> {
  const pending = await ports.pendingLinks.attempt(owner.sub);
  if (!pending || !(await isItsCode(ports, pending, code))) throw await refuse(ports, owner, 'CODE_REJECTED');
  if ((await ports.claims.find(pending.address)) !== owner.sub) {
    throw await refuse(ports, owner, 'ADDRESS_CHANGED');
  }
  const key = await identityPseudonym(ports.pseudonyms, pending.identity);
  const existing = await ports.links.list(owner.sub);
  const link: Link = {
    id: linkId(key),
    identity: pending.identity,
    primary: false,
    linkedAt: new Date(owner.now).toISOString(),
  };
  const others = existing.filter(({ primary, id }) => !primary && id !== link.id);
  if (others.length >= maxLinks) {
    await refuse(ports, owner, 'LINK_LIMIT');
    throw new CiamError('FACTOR_LIMIT', `At most ${maxLinks} accounts of providers can be linked.`);
  }
  const { provider } = pending.identity;
  if (!(await ports.links.begin(owner.sub, link, key, owner.event('link.added', { provider })))) {
    throw await refuse(ports, owner, 'IDENTITY_TAKEN');
  }
  const account = { sub: owner.sub, ...primaryOf(existing) };
  if ((await ports.linkDirectory.link(account, pending.identity)) === 'refused') {
    const event = refusedEvent(owner, 'POOL_REFUSED', { provider });
    await ports.links.remove(owner.sub, link, key, event);
    throw rejected();
  }
  await ports.links.settle(pending);
  return link;
}

/**
 * Undoes a link: the provider's account is nobody's again, and the caller's is what it was.
 * @throws CiamError `LINK_UNKNOWN`, `FACTOR_REQUIRED` for the one that the account came with
 */
export async function removeLink(ports: LinkPorts, owner: OwnerRequest, id: string): Promise<void> {
  const link = (await ports.links.list(owner.sub)).find((one) => one.id === id);
  if (!link) throw new CiamError('LINK_UNKNOWN', 'There is no such link.');
  if (link.primary) {
    throw new CiamError('FACTOR_REQUIRED', 'This account has no other way to sign in.');
  }
  const key = await identityPseudonym(ports.pseudonyms, link.identity);
  // The pool first: an identity that still signs in must stay in the list.
  await ports.linkDirectory.unlink(link.identity);
  const event = owner.event('link.removed', { provider: link.identity.provider });
  await ports.links.remove(owner.sub, link, key, event);
}

const isItsCode = async (
  { pseudonyms }: LinkPorts,
  { owner, identity, codeHash }: PendingLink,
  code: string,
): Promise<boolean> => (await linkCodeHash(pseudonyms, owner, identity, code)) === codeHash;

function primaryOf(links: readonly Link[]): { readonly primary?: ProviderIdentity } {
  const first = links.find(({ primary }) => primary);
  return first ? { primary: first.identity } : {};
}

async function refuse(ports: LinkPorts, owner: OwnerRequest, reason: string): Promise<CiamError> {
  await ports.outbox.put(refusedEvent(owner, reason, {}));
  return rejected();
}

const refusedEvent = (owner: OwnerRequest, reason: string, data: { readonly provider?: string }) => ({
  ...owner.event('link.refused', data),
  outcome: 'refused' as const,
  reasons: [reason],
});

const rejected = (): CiamError =>
  new CiamError('LINK_REJECTED', 'The code is wrong, used or too old. Start again at the provider.');
