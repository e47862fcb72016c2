import type { AuditOutbox, Clock, Mailer, Pseudonyms, Random } from '../../ports.ts';
import { inBrand, knownBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import type { Pseudonym } from '../ids.ts';
import { renderMail } from '../messages/render.ts';
import { checkForm, type RegistrationAnswers, type TypedForm } from './form.ts';
import { mailDomainAllowed } from './mail-domains.ts';
import { type PasswordCheck, passwordRefused, personalWords } from './password.ts';
import type {
  AddressLimits,
  Directory,
  NoticeBudget,
  PendingRegistration,
  PendingRegistrations,
} from './ports.ts';
import { addressEvent, type Request } from './requester.ts';

export interface RegistrationPorts {
  readonly directory: Directory;
  readonly pending: PendingRegistrations;
  readonly limits: AddressLimits;
  readonly notices: NoticeBudget;
  readonly passwords: PasswordCheck;
  readonly outbox: AuditOutbox;
  readonly mailer: Mailer;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when the notice to an owner could not be sent; it must not change the answer. */
  readonly noticeFailed: (error: unknown) => void;
}

export interface RegistrationRules
  extends Pick<
    ServiceConfiguration,
    'brand' | 'brands' | 'languages' | 'mailDomains' | 'password' | 'profile' | 'purposes'
  > {
  readonly perAddressPerHour: number;
}

export interface RegistrationRequest extends Request {
  readonly password: string;
  readonly locale: string;
  readonly form: TypedForm;
  /** Signed context for our own trigger. */
  readonly context: string;
}

/**
 * Starts a registration and returns the handle that its confirmation needs.
 *
 * An address can be registered by somebody who does not own it, with a password only they know; Cognito keeps that
 * first password, and the mailed code proves the mailbox, not the password (the "trojan" and "classic" pre-hijacking
 * of Sudhodanan and Paverd, 2022). So the code alone confirms nothing here: it needs the handle of the registration
 * that set the password, and nobody else's registration replaces that one, its data or its handle, or has its code
 * sent again. Only the same device may start over. Everybody else gets the same answer with a handle that opens
 * nothing, and the owner of the mailbox a notice, at most once a day. An address that is never confirmed comes back
 * with `expireUnconfirmed`.
 *
 * @returns the handle, also for an address that is taken: the caller cannot tell
 * @throws CiamError `MAIL_DOMAIN_REFUSED`, `PASSWORD_REFUSED`, `REQUEST_INVALID`, `CONSENT_TEXT_MISMATCH`,
 *   `TOO_MANY_ATTEMPTS`, `REGISTRATION_REFUSED`; none of them depends on an account
 */
export async function register(
  ports: RegistrationPorts,
  rules: RegistrationRules,
  request: RegistrationRequest,
): Promise<string> {
  const answers = await checkRequest(ports, rules, request);
  const handle = ports.random.id();
  const standing = await ports.pending.find(request.pseudonym);
  const pending = await pendingOf(ports, rules, request, handle, answers, standing);
  const mayStart = standing === undefined || mayStartOver(standing, request, ports.clock.now());
  if (!mayStart || !(await ports.pending.reserve(pending, standing?.handle))) {
    await addressTaken(ports, rules, request);
    return handle;
  }
  await createAccount(ports, rules, request, pending);
  return handle;
}

/** Time in which a request that has not heard from Cognito yet may still be under way. */
const signUpSeconds = 60;

/** A double click must not take the registration away from its own first half. */
const mayStartOver = (standing: PendingRegistration, { requester }: Request, now: number): boolean =>
  standing.device === requester.device &&
  (standing.sub !== undefined || now - Date.parse(standing.at) > signUpSeconds * 1000);

/** Handles are secrets of one registration and stored as keyed hashes only. */
export const handleHash = (pseudonyms: Pseudonyms, handle: string): Promise<Pseudonym> =>
  pseudonyms.of('code', `registration\0${handle}`);

async function pendingOf(
  { clock, pseudonyms }: RegistrationPorts,
  rules: RegistrationRules,
  { pseudonym, requester, locale }: RegistrationRequest,
  handle: string,
  answers: RegistrationAnswers,
  standing: PendingRegistration | undefined,
): Promise<PendingRegistration> {
  const brand = knownBrand(rules, requester.brand);
  return {
    identifier: pseudonym,
    handle: await handleHash(pseudonyms, handle),
    device: requester.device,
    ...(standing?.sub && { sub: standing.sub }),
    locale,
    ...(brand && { brand }),
    at: new Date(clock.now()).toISOString(),
    answers,
  };
}

async function createAccount(
  ports: RegistrationPorts,
  rules: RegistrationRules,
  request: RegistrationRequest,
  pending: PendingRegistration,
): Promise<void> {
  const { identifier, password, locale, context } = request;
  const outcome = await ports.directory.signUp({
    identifier,
    password,
    locale,
    context,
    ...(pending.brand && { brand: pending.brand }),
  });
  switch (outcome.kind) {
    case 'created':
      return ports.pending.settle(pending, outcome.sub, requested(ports, request, pending));
    case 'refused':
      await ports.pending.release(pending);
      throw await refusal(
        ports,
        request,
        'REGISTRATION_REFUSED',
        'Registration is not possible.',
        outcome.code,
      );
    case 'unavailable':
      await ports.pending.release(pending);
      throw new CiamError('UNAVAILABLE', 'This is not possible right now. Please try again.', {
        retryAfterSeconds: 2,
        cause: outcome.cause,
      });
    case 'unsent':
      // An address that is taken needs no code: saying that this one got none would tell them apart.
      await ports.pending.release(pending);
      return recordRefusal(ports, request, 'MAIL_NOT_SENT');
    case 'taken':
      return startOver(ports, rules, request, pending);
  }
}

/** The same device again: its account is still unconfirmed and keeps the password of the first time. */
async function startOver(
  ports: RegistrationPorts,
  rules: RegistrationRules,
  request: RegistrationRequest,
  pending: PendingRegistration,
): Promise<void> {
  const { sub, brand } = pending;
  if (sub && (await ports.directory.resendConfirmation(request.identifier, request.locale, brand))) {
    return ports.pending.settle(pending, sub, requested(ports, request, pending));
  }
  await ports.pending.release(pending);
  return addressTaken(ports, rules, request);
}

const requested = (
  { random, clock }: RegistrationPorts,
  request: Request,
  { answers }: PendingRegistration,
) =>
  addressEvent(request, {
    id: random.ulid(clock.now()),
    now: clock.now(),
    type: 'registration.requested',
    outcome: 'success',
    data: {
      fields: Object.keys(answers.fields),
      purposes: answers.consents.map(({ purpose, decision }) => `${purpose}:${decision}`),
    },
  });

/** The event first: no answer without it. A mail that fails is reported, and changes nothing a caller could see. */
async function addressTaken(
  ports: RegistrationPorts,
  rules: RegistrationRules,
  request: RegistrationRequest,
): Promise<void> {
  const { outbox, notices, mailer, random, clock } = ports;
  const now = clock.now();
  await outbox.put(
    addressEvent(request, {
      id: random.ulid(now),
      now,
      type: 'registration.address-taken',
      outcome: 'refused',
      reasons: ['ADDRESS_TAKEN'],
    }),
  );
  if (!(await notices.claim(request.pseudonym, 'ADDRESS-TAKEN'))) return;
  await mailer
    .send({
      to: request.identifier,
      ...renderMail('address-taken', request.locale, {}, inBrand(rules, request.requester.brand)),
    })
    .catch(ports.noticeFailed);
}

async function checkRequest(
  ports: RegistrationPorts,
  rules: RegistrationRules,
  request: RegistrationRequest,
): Promise<RegistrationAnswers> {
  const { identifier, password, requester, form } = request;
  const wait = await ports.limits.take(requester.address, 'REGISTRATIONS', rules.perAddressPerHour);
  if (wait !== undefined)
    throw await refusal(ports, request, 'TOO_MANY_ATTEMPTS', tooMany, 'ADDRESS_LIMIT', wait);
  if (!mailDomainAllowed(identifier, rules.mailDomains)) {
    throw await refusal(ports, request, 'MAIL_DOMAIN_REFUSED', domainRefused, 'MAIL_DOMAIN');
  }
  const { minLength } = rules.password;
  const words = [rules.brand.name, ...personalWords(Object.values(form.profile ?? {}))];
  const problem = await ports.passwords.problem(password, { minLength, identifier, words });
  if (problem) throw passwordRefused(problem, minLength);
  return checkForm(form, rules, ports.clock.now());
}

const tooMany = 'Too many registrations from this address. Please wait.';
const domainRefused = 'Addresses of this mail domain cannot be registered.';

/** A refusal by rule is an event too; a form that was filled in wrongly is not. */
async function refusal(
  ports: RegistrationPorts,
  request: Request,
  code: 'MAIL_DOMAIN_REFUSED' | 'TOO_MANY_ATTEMPTS' | 'REGISTRATION_REFUSED',
  line: string,
  reason: string,
  retryAfterSeconds?: number,
): Promise<CiamError> {
  await recordRefusal(ports, request, reason);
  return new CiamError(code, line, { retryAfterSeconds });
}

async function recordRefusal(
  { outbox, random, clock }: RegistrationPorts,
  request: Request,
  reason: string,
): Promise<void> {
  const now = clock.now();
  await outbox.put(
    addressEvent(request, {
      id: random.ulid(now),
      now,
      type: 'registration.refused',
      outcome: 'refused',
      reasons: [reason],
    }),
  );
}
