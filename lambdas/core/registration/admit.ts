import type { AuditOutbox, Clock, Pseudonyms } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { CiamError, type CiamErrorCode } from '../errors.ts';
import { canonicalIdentifier } from '../identifier.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import type { ContextReading, RequestContext } from '../risk/context.ts';
import type { SignUpDevices } from './first-device.ts';
import { mailDomainAllowed } from './mail-domains.ts';

export interface AdmissionPorts {
  readonly outbox: AuditOutbox;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  /** Signed context of audience `registration`. */
  readonly readContext: (token: string | undefined) => Promise<ContextReading>;
  /** Which account has an address. */
  readonly claims: { find(address: Pseudonym): Promise<Sub | undefined> };
  /** True for one user name per context, and for the same one again: a trigger may be repeated. */
  readonly spendContext: (context: RequestContext, userName: string) => Promise<boolean>;
  /** For the confirmation, which a device of the same sign-up may make known. */
  readonly signUpDevices: Pick<SignUpDevices, 'note'>;
  /** The same id for the same facts within a while, so that a repeated trigger writes one event. */
  readonly eventId: (at: number, ...about: readonly string[]) => string;
}

export interface AdmissionRules extends Pick<ServiceConfiguration, 'mailDomains'> {
  readonly contextMandatory: boolean;
}

export interface SignUpAttempt {
  readonly email: string;
  /** Cognito's name for the account that is about to be made. */
  readonly userName: string;
  readonly context: string | undefined;
  readonly client: string;
}

/**
 * Decides whether a sign-up may go on. SignUp is open to everybody who knows a client id, so whatever our own route
 * checks is checked here again, and only a signed context proves that the route was used.
 * Cognito refuses an address that it knows as a sign-in name; that of an account which came from a provider is none, so
 * its owner is looked up here.
 * @throws CiamError `REQUEST_INVALID`, `MAIL_DOMAIN_REFUSED`, `ADDRESS_TAKEN`, and where a context is mandatory `CONTEXT_REQUIRED` or
 *   `CONTEXT_REJECTED`
 */
export async function admitSignUp(
  ports: AdmissionPorts,
  rules: AdmissionRules,
  attempt: SignUpAttempt,
): Promise<void> {
  const identifier = canonicalIdentifier(attempt.email);
  if (!identifier) throw new CiamError('REQUEST_INVALID', 'This is not one e-mail address.');
  const pseudonym = await ports.pseudonyms.of('identifier', identifier);
  if (!mailDomainAllowed(identifier, rules.mailDomains)) {
    throw await refused(ports, attempt, pseudonym, 'MAIL_DOMAIN_REFUSED');
  }
  const context = await boundContext(ports, attempt, pseudonym);
  if (!context && rules.contextMandatory) {
    throw await refused(ports, attempt, pseudonym, attempt.context ? 'CONTEXT_REJECTED' : 'CONTEXT_REQUIRED');
  }
  if (await ports.claims.find(pseudonym)) throw await refused(ports, attempt, pseudonym, 'ADDRESS_TAKEN');
  // The Identity API has noted the device and written the event of its own door.
  if (context?.door === 'sdk' && context.device) {
    await ports.signUpDevices.note(attempt.userName, context.device);
  }
  if (context?.door !== 'api') await ports.outbox.put(eventOf(ports, attempt, pseudonym, context));
}

/** Genuine, for exactly this address, and not spent on another sign-up. */
async function boundContext(
  ports: AdmissionPorts,
  { context, userName }: SignUpAttempt,
  pseudonym: Pseudonym,
): Promise<RequestContext | undefined> {
  const reading = await ports.readContext(context);
  if (reading.status !== 'genuine' || reading.context.identifier !== pseudonym) return undefined;
  return (await ports.spendContext(reading.context, userName)) ? reading.context : undefined;
}

async function refused(
  ports: AdmissionPorts,
  attempt: SignUpAttempt,
  pseudonym: Pseudonym,
  code: CiamErrorCode & ('MAIL_DOMAIN_REFUSED' | 'ADDRESS_TAKEN' | 'CONTEXT_REQUIRED' | 'CONTEXT_REJECTED'),
): Promise<CiamError> {
  await ports.outbox.put(eventOf(ports, attempt, pseudonym, undefined, code));
  return new CiamError(code, 'Registration is not possible this way.');
}

function eventOf(
  { clock, eventId }: AdmissionPorts,
  { userName, client }: SignUpAttempt,
  pseudonym: Pseudonym,
  context: RequestContext | undefined,
  refusal?: string,
): AuditEvent {
  const now = clock.now();
  const type = refusal ? 'registration.refused' : 'registration.requested';
  return {
    v: 1,
    id: eventId(now, type, userName),
    type,
    at: new Date(now).toISOString(),
    subject: { pseudonym },
    actor: 'self',
    outcome: refusal ? 'refused' : 'success',
    reasons: refusal ? [refusal] : [],
    door: 'sdk',
    client,
    ...(context && { network: context.network, device: context.label }),
  };
}
