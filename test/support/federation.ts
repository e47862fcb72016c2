import { dynamoAddressClaims } from '../../lambdas/adapters/address-claims.ts';
import { dynamoContacts } from '../../lambdas/adapters/contacts.ts';
import { dynamoIdentityOwners, dynamoWrittenSubjects } from '../../lambdas/adapters/links.ts';
import { dynamoPendingLinks } from '../../lambdas/adapters/pending-links.ts';
import type { Clock } from '../../lambdas/ports.ts';
import type { FederationPorts } from '../../lambdas/registration/federation.ts';
import { plainPseudonyms } from './registration.ts';
import type { TestTables } from './tables.ts';

/** What the registration function knows about providers' accounts, on real tables. */
export function federationStores(
  { client, names }: Pick<TestTables, 'client' | 'names'>,
  clock: Clock,
): Pick<
  FederationPorts,
  'claims' | 'identities' | 'contactOf' | 'pendingLinks' | 'rememberSubject' | 'subjectAsWritten'
> {
  const subjects = dynamoWrittenSubjects(client, names.risk, plainPseudonyms, clock);
  return {
    claims: dynamoAddressClaims(client, names.profiles),
    identities: dynamoIdentityOwners(client, names.profiles),
    contactOf: dynamoContacts(client, names.profiles),
    pendingLinks: dynamoPendingLinks(client, names.risk, { name: names.audit, ttlDays: 90 }, clock),
    rememberSubject: subjects.remember,
    subjectAsWritten: subjects.recall,
  };
}
