import type { AuditOutbox } from '../../ports.ts';
import { CiamError } from '../errors.ts';
import type { Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { type OperatorRequest, operatorEvent } from './operator-event.ts';
import type { OperatorDirectory, OwnerOf, PoolAccount } from './ports.ts';

/** Whom an operator looks for, each exactly; there is no search. */
export type Sought =
  | { readonly kind: 'sub'; readonly sub: Sub }
  | { readonly kind: 'address'; readonly identifier: Identifier; readonly pseudonym: Pseudonym }
  /** Somebody's account at a provider, by the provider's own id of them. */
  | { readonly kind: 'identity'; readonly pseudonym: Pseudonym };

export interface FindingPorts {
  readonly directory: OperatorDirectory;
  /** Of a proven address. */
  readonly ownerOf: OwnerOf;
  /** Of an account at a provider. */
  readonly identityOwnerOf: OwnerOf;
  readonly outbox: AuditOutbox;
}

export interface FoundPerson {
  readonly account: PoolAccount;
  /** Further accounts with the address: from providers whose word on it does not count. */
  readonly others: readonly Sub[];
}

/**
 * Looking for somebody who is not there is told as well, about the address's pseudonym, or about the operator.
 * @param id - of that event
 * @throws CiamError `ACCOUNT_UNKNOWN`
 */
export async function findPerson(
  ports: FindingPorts,
  request: OperatorRequest,
  sought: Sought,
  id: string,
): Promise<FoundPerson> {
  const found = await search(ports, sought);
  if (found) return found;
  const event = operatorEvent(request, id, 'account.looked-up', undefined, { by: sought.kind });
  await ports.outbox.put({
    ...event,
    ...('pseudonym' in sought && { subject: { pseudonym: sought.pseudonym } }),
    outcome: 'refused',
    reasons: ['ACCOUNT_UNKNOWN'],
  });
  throw unknownAccount();
}

async function search(ports: FindingPorts, sought: Sought): Promise<FoundPerson | undefined> {
  switch (sought.kind) {
    case 'sub':
      return alone(await ports.directory.find(sought.sub));
    case 'identity':
      return ownedBy(ports, await ports.identityOwnerOf(sought.pseudonym));
    case 'address':
      return withAddress(ports, sought);
  }
}

const alone = (account: PoolAccount | undefined): FoundPerson | undefined =>
  account && { account, others: [] };

const ownedBy = async ({ directory }: Pick<FindingPorts, 'directory'>, owner: Sub | undefined) =>
  owner && alone(await directory.find(owner));

/** Who signs in with it or proved it comes first; then whoever else carries it, oldest account first. */
async function withAddress(
  { directory, ownerOf }: FindingPorts,
  { identifier, pseudonym }: Extract<Sought, { kind: 'address' }>,
): Promise<FoundPerson | undefined> {
  const [named, owner, carriers] = await Promise.all([
    directory.find(identifier),
    ownerOf(pseudonym),
    directory.subsWith(identifier),
  ]);
  const subs = [...new Set([named?.sub, owner, ...carriers].filter((sub) => sub !== undefined))];
  for (const [index, sub] of subs.entries()) {
    const account = sub === named?.sub ? named : await directory.find(sub);
    // A claim may outlive its account for a moment of an erasure.
    if (account) return { account, others: subs.slice(index + 1) };
  }
  return undefined;
}

export const unknownAccount = () => new CiamError('ACCOUNT_UNKNOWN', 'There is no such account.');
