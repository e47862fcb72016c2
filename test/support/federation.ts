import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { dynamoAddressClaims } from '../../lambdas/adapters/address-claims.ts';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import {
  dynamoCompletedRegistrations,
  dynamoSignUpDevices,
} from '../../lambdas/adapters/completed-registrations.ts';
import { dynamoContacts } from '../../lambdas/adapters/contacts.ts';
import { derivedEventId } from '../../lambdas/adapters/event-ids.ts';
import { dynamoIdentityOwners, dynamoWrittenSubjects } from '../../lambdas/adapters/links.ts';
import { dynamoPendingLinks } from '../../lambdas/adapters/pending-links.ts';
import { dynamoPendingRegistrations } from '../../lambdas/adapters/pending-registrations.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { AuditEvent, AuditEventType } from '../../lambdas/core/audit/event.ts';
import { verifiedClaim } from '../../lambdas/core/configuration.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { LinkRequired } from '../../lambdas/core/linking/admit-federated.ts';
import type { Clock } from '../../lambdas/ports.ts';
import type { FederationPorts } from '../../lambdas/registration/federation.ts';
import {
  type RegistrationEvent,
  type RegistrationTriggerPorts,
  registrationTrigger,
} from '../../lambdas/registration/triggers.ts';
import { testLinks } from './links.ts';
import { NOW, plainPseudonyms } from './registration.ts';
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

/** One visit of a provider's account, as Cognito tells it to the registration function. */
export interface Visit {
  readonly provider: string;
  readonly subject: string;
  /** What the provider says about the person. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Providers of these tests: one whose word for an address counts, and one whose does not. */
export const testProviders = [
  { name: 'Acme', trustsEmail: true, emailClaim: 'email', verifiedClaim: 'email_verified' },
  { name: 'Loose', trustsEmail: false, emailClaim: 'email' },
] as const;

const eventFrame = (triggerSource: string, userName: string) => ({
  version: '1',
  triggerSource,
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_pool',
  userName,
  callerContext: { awsSdkVersion: 'HostedUI', clientId: 'shop' },
});

/** The registration function and the account's own routes over the same tables, with a user pool in memory between them. */
export function federationWorld(tables: Pick<TestTables, 'client' | 'names'>) {
  const time = { now: NOW };
  const clock = { now: () => time.now };
  const audit = { name: tables.names.audit, ttlDays: 90 };
  const links = testLinks(tables, clock);
  const ports: RegistrationTriggerPorts = {
    ...federationStores(tables, clock),
    outbox: dynamoAuditOutbox(tables.client, audit),
    pseudonyms: plainPseudonyms,
    clock,
    random: systemRandom,
    readContext: async () => ({ status: 'missing' }),
    spendContext: async () => true,
    signUpDevices: dynamoSignUpDevices(tables.client, tables.names.risk, clock),
    eventId: (at, ...about) => derivedEventId(at - (at % 60_000), ...about),
    pending: dynamoPendingRegistrations(tables.client, tables.names.risk, audit, clock),
    passwordResets: { record: async () => {} },
    wait: async () => {},
    registrations: dynamoCompletedRegistrations(tables.client, { ...tables.names, audit }),
  };
  const rules = { mailDomains: { allow: [], deny: [] }, contextMandatory: false, providers: testProviders };
  const run = (event: object) => registrationTrigger(ports, rules, event as RegistrationEvent);
  const nameOf = ({ provider, subject }: Visit) => `${provider}_${subject}`.toLowerCase();

  const statements = async (provider: string, subject: string, attributes: object) => {
    const answer = await run({
      ...eventFrame('InboundFederation_ExternalProvider', `${provider}_${subject}`.toLowerCase()),
      request: { providerName: provider, providerType: 'OIDC', attributes },
      response: { userAttributesToMap: {} },
    });
    const { userAttributesToMap: map } = (
      answer as { response: { userAttributesToMap: Record<string, string> } }
    ).response;
    return { email: map.email ?? '', email_verified: map[verifiedClaim] ?? 'false' };
  };
  const inbound = ({ provider, subject, claims }: Visit) =>
    statements(provider, subject, { idToken: { sub: subject, ...claims }, userInfo: {} });
  /** A SAML provider's attributes may have any name, and the person may have written them. */
  const assertion = (provider: string, nameId: string, attributes: object) =>
    statements(provider, nameId, { samlResponse: { ...attributes, NameID: nameId } });
  const admit = (visit: Visit, userAttributes: Readonly<Record<string, string>>) =>
    run({
      ...eventFrame('PreSignUp_ExternalProvider', nameOf(visit)),
      request: { userAttributes },
      response: {},
    });
  const confirm = (sub: Sub, userName: string, userAttributes: Readonly<Record<string, string>>) =>
    run({
      ...eventFrame('PostConfirmation_ConfirmSignUp', userName),
      request: { userAttributes: { sub, ...userAttributes } },
      response: {},
    });
  return {
    time,
    links,
    inbound,
    assertion,
    statements,
    admit,
    confirm,
    run,
    /** A registration with a password, confirmed by the code in the mail. */
    register: (sub: Sub, email: string) => confirm(sub, sub, { email, email_verified: 'true' }),
    /** The first sign-in of a provider's account, from its word to the finished account. */
    arrive: async (sub: Sub, visit: Visit) => {
      const attributes = await inbound(visit);
      await admit(visit, attributes);
      await confirm(sub, nameOf(visit), {
        ...attributes,
        'cognito:user_status': 'EXTERNAL_PROVIDER',
        identities: JSON.stringify([{ userId: visit.subject, providerName: visit.provider }]),
      });
    },
    /** The code that a refused sign-in shows. */
    codeShownTo: async (visit: Visit): Promise<string> => {
      const refusal = await inbound(visit)
        .then((attributes) => admit(visit, attributes))
        .catch((error: unknown) => error);
      if (!(refusal instanceof LinkRequired)) throw new Error('was not refused with a code');
      return refusal.linkCode;
    },
    owner: (sub: Sub) => ({
      sub,
      now: time.now,
      event: (type: AuditEventType, data: NonNullable<AuditEvent['data']>): AuditEvent => ({
        v: 1,
        id: systemRandom.ulid(time.now),
        type,
        at: new Date(time.now).toISOString(),
        subject: { sub },
        actor: 'self',
        outcome: 'success',
        reasons: [],
        data,
      }),
    }),
    ownerOfAddress: async (email: string) => ports.claims.find(await plainPseudonyms.of('identifier', email)),
    events: async (subject: string): Promise<AuditEvent[]> => {
      const { Items = [] } = await tables.client.send(
        new QueryCommand({
          TableName: tables.names.audit,
          KeyConditionExpression: 'subject = :subject',
          ExpressionAttributeValues: marshall({ ':subject': subject }),
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => JSON.parse(String(unmarshall(item).event)) as AuditEvent);
    },
  };
}
