import type { AuditOutbox, Clock, Pseudonyms } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import { canonicalIdentifier, type Identifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { mailDomainAllowed } from '../registration/mail-domains.ts';
import { linkCode, linkCodeHash } from './code.ts';
import { identityOfUserName, type ProviderIdentity } from './identity.ts';
import type { PendingLinks } from './ports.ts';

export interface FederatedAdmissionPorts {
  readonly claims: { find(address: Pseudonym): Promise<Sub | undefined> };
  readonly pendingLinks: Pick<PendingLinks, 'record'>;
  /** The id as the provider wrote it, from moments ago; the user name has lost its case. */
  readonly subjectAsWritten: (identity: ProviderIdentity) => Promise<string | undefined>;
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly eventId: (at: number, ...about: readonly string[]) => string;
}

export type FederationRules = Pick<ServiceConfiguration, 'mailDomains' | 'providers'>;

export interface FederatedAttempt {
  readonly userName: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly client: string;
}

/** Refused for now: the code is for the person at the provider's sign-in, and for nobody else. */
export class LinkRequired extends CiamError {
  readonly linkCode: string;
  constructor(code: string) {
    super('LINK_REQUIRED', 'This address has an account. Sign in to it and enter the code to link the two.');
    this.linkCode = code;
  }
}

/** Repeats of one trigger come within seconds of each other. */
const repeatMs = 60_000;

/**
 * Decides about the first sign-in of a provider's account. It never joins an account that is there: Sudhodanan and Paverd
 * (2022) took over accounts by exactly that, in both directions (classic-federated merge, non-verifying provider).
 *
 * - An address that nobody vouches for gives an account of its own, with no say in the address: it neither meets nor
 *   claims it, so the answer does not depend on who has it.
 * - A proven address that is free becomes the account's, when the registration completes.
 * - A proven address with an account: refused, with a code. Who enters it from within that account joins the two.
 * @throws LinkRequired, CiamError `REQUEST_INVALID`, `MAIL_DOMAIN_REFUSED`, `REGISTRATION_REFUSED`
 */
export async function admitFederated(
  ports: FederatedAdmissionPorts,
  rules: FederationRules,
  attempt: FederatedAttempt,
): Promise<void> {
  const identity = identityOfUserName(attempt.userName, rules.providers);
  if (!identity)
    throw new CiamError('REGISTRATION_REFUSED', 'This provider is not part of the configuration.');
  const identifier = canonicalIdentifier(attempt.email);
  if (!identifier) throw new CiamError('REQUEST_INVALID', 'The provider names no usable e-mail address.');
  const address = await ports.pseudonyms.of('identifier', identifier);
  const proven = isProven(rules, identity, attempt);
  if (!mayRegister(rules, identifier, proven)) {
    await ports.outbox.put(refused(ports, attempt, identity, address));
    throw new CiamError('MAIL_DOMAIN_REFUSED', 'Registration is not possible with this address.');
  }
  const owner = proven ? await ports.claims.find(address) : undefined;
  if (owner) throw await linkRequired(ports, attempt, identity, { owner, address });
  await ports.outbox.put(requested(ports, attempt, identity, address, proven));
}

/** By the provider's word, where the configuration takes it. */
export const isProven = (
  { providers }: Pick<FederationRules, 'providers'>,
  { provider }: Pick<ProviderIdentity, 'provider'>,
  { emailVerified }: Pick<FederatedAttempt, 'emailVerified'>,
): boolean => emailVerified && providers.some(({ name, trustsEmail }) => name === provider && trustsEmail);

/** Where only some domains may register, an address that nobody proved is of none of them. */
const mayRegister = ({ mailDomains }: FederationRules, identifier: Identifier, proven: boolean): boolean =>
  mailDomainAllowed(identifier, mailDomains) && (proven || mailDomains.allow.length === 0);

async function linkRequired(
  ports: FederatedAdmissionPorts,
  attempt: FederatedAttempt,
  named: ProviderIdentity,
  { owner, address }: { owner: Sub; address: Pseudonym },
): Promise<LinkRequired> {
  const now = ports.clock.now();
  const written = await ports.subjectAsWritten(named);
  const identity = { provider: named.provider, subject: written ?? named.subject };
  const window = Math.floor(now / repeatMs);
  const code = await linkCode(ports.pseudonyms, owner, identity, window);
  const codeHash = await linkCodeHash(ports.pseudonyms, owner, identity, code);
  const at = new Date(now).toISOString();
  await ports.pendingLinks.record(
    { owner, identity, address, codeHash, at },
    {
      ...frame(ports, attempt, identity),
      id: ports.eventId(now, 'link.requested', owner, attempt.userName),
      type: 'link.requested',
      subject: { sub: owner },
      outcome: 'refused',
      reasons: ['LINK_REQUIRED'],
    },
  );
  return new LinkRequired(code);
}

const frame = (
  { clock }: FederatedAdmissionPorts,
  { client }: FederatedAttempt,
  { provider }: ProviderIdentity,
) =>
  ({
    v: 1,
    at: new Date(clock.now()).toISOString(),
    actor: 'self',
    door: 'managed-login',
    client,
    data: { provider },
  }) as const;

const requested = (
  ports: FederatedAdmissionPorts,
  attempt: FederatedAttempt,
  identity: ProviderIdentity,
  address: Pseudonym,
  proven: boolean,
): AuditEvent => ({
  ...frame(ports, attempt, identity),
  id: ports.eventId(ports.clock.now(), 'registration.requested', attempt.userName),
  type: 'registration.requested',
  subject: { pseudonym: address },
  outcome: 'success',
  reasons: proven ? [] : ['ADDRESS_NOT_PROVEN'],
});

const refused = (
  ports: FederatedAdmissionPorts,
  attempt: FederatedAttempt,
  identity: ProviderIdentity,
  address: Pseudonym,
): AuditEvent => ({
  ...frame(ports, attempt, identity),
  id: ports.eventId(ports.clock.now(), 'registration.refused', attempt.userName),
  type: 'registration.refused',
  subject: { pseudonym: address },
  outcome: 'refused',
  reasons: ['MAIL_DOMAIN_REFUSED'],
});
