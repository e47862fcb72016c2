import type { Clock, Pseudonyms, Random } from '../../ports.ts';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import type { LedgerEntry } from '../consent/ledger.ts';
import { canonicalIdentifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { identityPseudonym, linkId, type ProviderIdentity } from '../linking/identity.ts';
import type { Link } from '../linking/ports.ts';
import type { FieldRecords } from '../profile/profile.ts';
import type { RequestContext } from '../risk/context.ts';
import { type FirstDevice, firstDevice, type SignUpDevices } from './first-device.ts';
import type { PendingRegistration, PendingRegistrations } from './ports.ts';

/** A confirmed person as Cognito describes them. */
export interface ConfirmedPerson {
  readonly sub: Sub;
  /** Cognito's name for the account, the same in all its triggers. */
  readonly userName: string;
  readonly email: string;
  /** Whether the mailbox was proven, by our code or by a provider that is trusted with it. Nothing else claims an address. */
  readonly addressProven: boolean;
  /** The provider's account that this one came into being with. */
  readonly identity?: ProviderIdentity;
  readonly locale?: string;
  readonly client: string;
  /** What our API saw when the code came in; absent for a confirmation through an SDK. */
  readonly context?: RequestContext;
}

/** Everything that a finished registration leaves behind; written in one transaction or not at all. */
export interface CompletedRegistration {
  readonly profile: {
    readonly sub: Sub;
    /** Absent where the address was not proven, or was another account's by the time. */
    readonly email?: string;
    readonly locale?: string;
    /** Under which the account was made. */
    readonly brand?: string;
    readonly createdAt: string;
    readonly fields: FieldRecords;
  };
  /** The address becomes this account's. */
  readonly claim?: Pseudonym;
  readonly identity?: { readonly link: Link; readonly key: Pseudonym };
  readonly consents: readonly LedgerEntry[];
  readonly events: readonly AuditEvent[];
  /** Known from now on. */
  readonly firstDevice?: FirstDevice;
  /** Consumed with it. */
  readonly pending?: PendingRegistration;
}

export interface CompletedRegistrations {
  /**
   * `done` also when it had been completed already, in which case nothing is written; `raced` when something else
   * changed in between: read again. A profile that the account API made in the meantime is completed: fields and
   * consents that the person has answered since stay as they are. `address-taken`: nothing was written, because the
   * address belongs to another account. `has-history`: nothing was written, because the account has a history of sign-ins,
   * or of what ended all trust, and makes no device known this way.
   */
  complete(registration: CompletedRegistration): Promise<'done' | 'raced' | 'address-taken' | 'has-history'>;
}

export interface CompletionPorts {
  readonly pending: Pick<PendingRegistrations, 'find'>;
  readonly registrations: CompletedRegistrations;
  readonly signUpDevices: Pick<SignUpDevices, 'find'>;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
}

export interface CompletionRules {
  /** The policy takes the mailed code for the proof that a device needs. @default false */
  readonly learnsFirstDevice?: boolean;
}

/** One for each outcome from which there is something to learn, and one more for a race. */
const attempts = 4;

/**
 * Makes profile, first consents and events of a confirmed address. Repeating it changes nothing: the profile exists
 * once, and everything else is written only together with it. An address that became another account's in the meantime
 * stays that one's: this account has none until its owner proves one, and the two are never joined.
 */
export async function completeRegistration(
  ports: CompletionPorts,
  rules: CompletionRules,
  person: ConfirmedPerson,
): Promise<void> {
  let addressTaken = false;
  let learns = rules.learnsFirstDevice === true;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const address = addressTaken ? undefined : await addressOf(ports, person);
    const pending = await pendingOf(ports, person);
    const registration = completed(ports, person, address, {
      pending,
      firstDevice: address && learns ? await provenFrom(ports, person, pending) : undefined,
      identity: person.identity && (await linkOf(ports, person.identity)),
    });
    const outcome = await ports.registrations.complete(registration);
    if (outcome === 'done') return;
    addressTaken ||= outcome === 'address-taken';
    learns &&= outcome !== 'has-history';
  }
  throw new Error('completing a registration kept losing races');
}

interface ProvenAddress {
  readonly email: string;
  readonly pseudonym: Pseudonym;
}

async function addressOf(
  { pseudonyms }: CompletionPorts,
  { email, addressProven }: ConfirmedPerson,
): Promise<ProvenAddress | undefined> {
  const identifier = addressProven ? canonicalIdentifier(email) : undefined;
  return identifier && { email: identifier, pseudonym: await pseudonyms.of('identifier', identifier) };
}

async function linkOf(
  { pseudonyms, clock }: CompletionPorts,
  identity: ProviderIdentity,
): Promise<NonNullable<CompletedRegistration['identity']>> {
  const key = await identityPseudonym(pseudonyms, identity);
  const linkedAt = new Date(clock.now()).toISOString();
  return { key, link: { id: linkId(key), identity, primary: true, linkedAt } };
}

/** Only the registration that created this very account: an address may have been tried by others before. */
async function pendingOf(
  { pending, pseudonyms }: CompletionPorts,
  { email, sub }: ConfirmedPerson,
): Promise<PendingRegistration | undefined> {
  const identifier = canonicalIdentifier(email);
  if (!identifier) return undefined;
  const found = await pending.find(await pseudonyms.of('identifier', identifier));
  return found?.sub === sub ? found : undefined;
}

/** A proven mailbox, by our code: what a provider vouches for says nothing about a device of ours. */
async function provenFrom(
  { signUpDevices }: CompletionPorts,
  { identity, context, userName }: ConfirmedPerson,
  pending: PendingRegistration | undefined,
): Promise<FirstDevice | undefined> {
  if (identity || !context?.nextDevice) return undefined;
  const asksSdk = context.door === 'sdk' && pending === undefined;
  return firstDevice(context, pending, asksSdk ? await signUpDevices.find(userName) : undefined);
}

function completed(
  { clock, random }: CompletionPorts,
  person: ConfirmedPerson,
  address: ProvenAddress | undefined,
  {
    pending,
    identity,
    firstDevice: first,
  }: Pick<CompletedRegistration, 'pending' | 'identity' | 'firstDevice'>,
): CompletedRegistration {
  const now = clock.now();
  const event = (type: AuditEventType, data: AuditEvent['data']): AuditEvent => ({
    v: 1,
    id: random.ulid(now),
    type,
    at: new Date(now).toISOString(),
    subject: { sub: person.sub },
    actor: 'self',
    outcome: 'success',
    reasons: [],
    door: person.identity ? 'managed-login' : (person.context?.door ?? 'sdk'),
    client: person.client,
    ...(person.context && { network: person.context.network, device: person.context.label }),
    data,
  });
  const consents = consentsOf(pending, random);
  const fields = fieldsOf(pending);
  const locale = pending?.locale ?? person.locale;
  return {
    profile: {
      sub: person.sub,
      ...(address && { email: address.email }),
      ...(locale && { locale }),
      ...(pending?.brand && { brand: pending.brand }),
      createdAt: new Date(now).toISOString(),
      fields,
    },
    consents,
    events: [
      event('registration.confirmed', {
        fields: Object.keys(fields),
        form: pending !== undefined,
        address: address !== undefined,
        ...(person.identity && { provider: person.identity.provider }),
        ...(first && { deviceId: first.device }),
      }),
      ...consents.map(({ id: ledgerId, purpose, decision, version, language, textHash }) =>
        event(`consent.${decision}`, { purpose, version, language, textHash, ledgerId }),
      ),
    ],
    ...(first && { firstDevice: first }),
    ...(pending && { pending }),
    ...(address && { claim: address.pseudonym }),
    ...(identity && { identity }),
  };
}

/** The moment of a consent is when the form was sent, not when the mail was read. */
const consentsOf = (pending: PendingRegistration | undefined, random: Random): readonly LedgerEntry[] =>
  (pending?.answers.consents ?? []).map((consent) => ({
    id: random.ulid(Date.parse(pending?.at ?? '')),
    purpose: consent.purpose,
    decision: consent.decision,
    version: consent.version,
    language: consent.language,
    textHash: consent.textHash,
    at: pending?.at ?? '',
    source: 'registration',
  }));

const fieldsOf = (pending: PendingRegistration | undefined): FieldRecords =>
  Object.fromEntries(
    Object.entries(pending?.answers.fields ?? {}).map(([name, { value, purpose }]) => [
      name,
      { value, purpose, source: 'registration' as const, at: pending?.at ?? '' },
    ]),
  );
