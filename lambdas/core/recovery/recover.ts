import type { AuditOutbox, Clock, Mailer, Pseudonyms, Random } from '../../ports.ts';
import type { AuditEvent, AuditEventType } from '../audit/event.ts';
import { inBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import type { Pseudonym, Sub } from '../ids.ts';
import { renderMail } from '../messages/render.ts';
import type { AddressLimits } from '../registration/ports.ts';
import { addressEvent, type Request } from '../registration/requester.ts';
import { cutoffAt, untilNewSessionsCount } from '../session/cutoff.ts';
import type { MailboxCodes, PasswordProof, Recoveries } from './ports.ts';
import { isOpen, type Recovery, type RecoveryPolicy, requested, stateAt } from './recovery.ts';

export interface RecoveryPorts {
  readonly recoveries: Recoveries;
  readonly codes: MailboxCodes;
  readonly password: PasswordProof;
  /** Whose address it is; `undefined` for one that nobody has proven. */
  readonly ownerOf: (address: Pseudonym) => Promise<Sub | undefined>;
  readonly limits: AddressLimits;
  readonly outbox: AuditOutbox;
  readonly mailer: Mailer;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of a mail that could not be sent; the answer must not change by it. */
  readonly mailFailed: (error: unknown) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const recoveryCodeDigits = 8;
export const recoveryCodeSeconds = 600;

/** Mailbox and password: the two that somebody must have who lost the rest. */
export interface RecoveryProof {
  readonly code: string;
  readonly password: string;
}

/**
 * Mails a code, if the address is an account's. Everything else is the same for every address: counters, writes, event.
 * @throws CiamError `TOO_MANY_ATTEMPTS` by the caller's network address only
 */
export async function requestRecoveryCode(
  ports: RecoveryPorts,
  config: Pick<ServiceConfiguration, 'brand' | 'languages'>,
  request: Request,
  options: { readonly locale: string; readonly perAddressPerHour: number },
): Promise<void> {
  const { clock, codes, random } = ports;
  const wait = await ports.limits.take(request.requester.address, 'RECOVERIES', options.perAddressPerHour);
  if (wait !== undefined) {
    await told(ports, request, 'recovery.refused', ['ADDRESS_LIMIT']);
    throw new CiamError('TOO_MANY_ATTEMPTS', 'Too many requests from this address. Please wait.', {
      retryAfterSeconds: wait,
    });
  }
  const code = random.digits(recoveryCodeDigits);
  const [owner, hash] = await Promise.all([ports.ownerOf(request.pseudonym), codeHash(ports, request, code)]);
  const isIssued = await codes.issue(request.pseudonym, hash, clock.now() + recoveryCodeSeconds * 1000);
  await told(ports, request, 'recovery.code-requested', isIssued ? [] : ['CODE_LIMIT']);
  if (!owner || !isIssued) return;
  const mail = renderMail(
    'recovery-code',
    options.locale,
    { code, expiresInMinutes: recoveryCodeSeconds / 60 },
    inBrand(config, request.requester.brand),
  );
  await ports.mailer.send({ to: request.identifier, ...mail }).catch(ports.mailFailed);
}

/**
 * Starts the waiting time, or finds it running. The notices come from the event (see `recovery-notice.ts`).
 * @returns `undefined` when there is nothing to recover: the account has no further factor
 * @throws CiamError `RECOVERY_REJECTED` for a wrong code, a wrong password, nobody's address, alike
 */
export async function confirmRecovery(
  ports: RecoveryPorts,
  policy: RecoveryPolicy,
  request: Request,
  proof: RecoveryProof,
): Promise<Recovery | undefined> {
  const sub = await provenOwner(ports, request, proof);
  const standing = await ports.recoveries.find(sub);
  if (!isOpen(standing, ports.clock.now()) && !(await ports.recoveries.hasFactors(sub))) return undefined;
  return startRecovery(ports, policy, { sub, by: 'self' }, (recovery) => ({
    ...requestedEvent(ports, recovery),
    door: 'api',
    network: request.requester.network,
    device: request.requester.label,
  }));
}

/** For the person and for operators alike: the same waiting time, the same notices. */
export async function startRecovery(
  { recoveries, clock, random }: Pick<RecoveryPorts, 'recoveries' | 'clock' | 'random'>,
  policy: RecoveryPolicy,
  who: Pick<Recovery, 'sub' | 'by'>,
  eventOf: (recovery: Recovery) => AuditEvent,
): Promise<Recovery> {
  const standing = await recoveries.find(who.sub);
  const recovery = requested(standing, { ...who, id: random.id(), now: clock.now() }, policy);
  if (recovery === standing || (await recoveries.start(recovery, standing, eventOf(recovery))))
    return recovery;
  const faster = await recoveries.find(who.sub); // two requests at once: the first one counts
  if (!isOpen(faster, clock.now())) throw rejected();
  return faster;
}

export const requestedEvent = (
  { random, clock }: Pick<RecoveryPorts, 'random' | 'clock'>,
  { sub, id, by, readyAt, expiresAt }: Recovery,
): AuditEvent => ({
  v: 1,
  id: random.ulid(clock.now()),
  type: 'recovery.requested',
  at: iso(clock.now()),
  subject: { sub },
  actor: by,
  outcome: 'success',
  reasons: [],
  data: { recovery: id, readyAt: iso(readyAt), expiresAt: iso(expiresAt) },
});

/**
 * Ends a recovery for whoever holds the link of its notice, as often as it is asked.
 * @throws CiamError `RECOVERY_REJECTED` for a token that is not of a recovery which can be or was cancelled
 */
export async function cancelRecovery(
  ports: Pick<RecoveryPorts, 'recoveries' | 'clock' | 'random'>,
  sub: Sub,
  isTheirs: (recovery: Recovery) => Promise<boolean>,
): Promise<void> {
  const recovery = await ports.recoveries.find(sub);
  if (!recovery || !(await isTheirs(recovery))) throw rejected();
  if (recovery.status === 'cancelled') return;
  const isDone = await ports.recoveries.cancel(recovery, cancelledEvent(ports, recovery, ['LINK']));
  if (isDone) return;
  const now = await ports.recoveries.find(sub);
  if (now?.id !== recovery.id || now.status !== 'cancelled') throw rejected();
}

/** Somebody proved a further factor, so nothing is lost. True when a recovery was ended by it. */
export async function cancelByProof(
  ports: Pick<RecoveryPorts, 'recoveries' | 'clock' | 'random'>,
  sub: Sub,
  provenAt: number,
): Promise<boolean> {
  const recovery = await ports.recoveries.find(sub);
  // A proof from before the request says nothing about what was lost since; deliveries may come late.
  if (!isOpen(recovery, ports.clock.now()) || provenAt < recovery.requestedAt) return false;
  return ports.recoveries.cancel(recovery, cancelledEvent(ports, recovery, ['FACTOR_PROVEN']));
}

const cancelledEvent = (
  { random, clock }: Pick<RecoveryPorts, 'random' | 'clock'>,
  { sub, id }: Recovery,
  reasons: readonly string[],
): AuditEvent => ({
  v: 1,
  id: random.ulid(clock.now()),
  type: 'recovery.cancelled',
  at: iso(clock.now()),
  subject: { sub },
  actor: 'self',
  outcome: 'success',
  reasons,
  data: { recovery: id },
});

/**
 * After the waiting time: mailbox and password again, then the further factors and all sessions are gone.
 * @throws CiamError `RECOVERY_REJECTED`; `RECOVERY_WAITING` to somebody who proved both, before its time
 */
export async function completeRecovery(
  ports: RecoveryPorts,
  request: Request,
  proof: RecoveryProof,
): Promise<void> {
  const sub = await provenOwner(ports, request, proof);
  const recovery = await ports.recoveries.find(sub);
  const now = ports.clock.now();
  const state = stateAt(recovery, now);
  if (recovery && state === 'requested') {
    throw new CiamError('RECOVERY_WAITING', 'The waiting time is not over.', {
      retryAfterSeconds: (recovery.readyAt - now) / 1000,
    });
  }
  const cutoff = cutoffAt(sub, now);
  const isDone =
    recovery !== undefined &&
    state === 'ready' &&
    (await ports.recoveries.complete(recovery, now, cutoff, completedEvent(ports, request, recovery)));
  if (!isDone) {
    await told(ports, request, 'recovery.refused', ['NOT_READY']);
    throw rejected();
  }
  await ports.wait(untilNewSessionsCount(cutoff, ports.clock.now()));
}

const completedEvent = (
  { random, clock }: RecoveryPorts,
  { requester }: Request,
  { sub, id }: Recovery,
): AuditEvent => ({
  v: 1,
  id: random.ulid(clock.now()),
  type: 'recovery.completed',
  at: iso(clock.now()),
  subject: { sub },
  actor: 'self',
  outcome: 'success',
  reasons: [],
  door: 'api',
  network: requester.network,
  device: requester.label,
  data: { recovery: id },
});

/**
 * Both proofs are always asked for, also when the first is wrong, so that neither answer nor time tells which one it
 * was. The code is used up by success alone; wrong answers use up its attempts.
 */
async function provenOwner(ports: RecoveryPorts, request: Request, proof: RecoveryProof): Promise<Sub> {
  const hash = await codeHash(ports, request, proof.code);
  const [owner, isCode, isPassword] = await Promise.all([
    ports.ownerOf(request.pseudonym),
    ports.codes.matches(request.pseudonym, hash),
    ports.password.prove(request.identifier, proof.password),
  ]);
  const isProven = owner !== undefined && isCode && isPassword;
  if (isProven && (await ports.codes.spend(request.pseudonym, hash))) return owner;
  await told(ports, request, 'recovery.refused', ['PROOF_REJECTED']);
  throw rejected();
}

const codeHash = ({ pseudonyms }: RecoveryPorts, { pseudonym }: Request, code: string): Promise<Pseudonym> =>
  pseudonyms.of('code', `recovery\0${pseudonym}\0${code}`);

/** About the address: nobody may learn whether there is an account. */
const told = (
  { outbox, random, clock }: RecoveryPorts,
  request: Request,
  type: Extract<AuditEventType, 'recovery.refused' | 'recovery.code-requested'>,
  reasons: readonly string[],
): Promise<void> =>
  outbox.put(
    addressEvent(request, {
      id: random.ulid(clock.now()),
      now: clock.now(),
      type,
      outcome: type === 'recovery.refused' || reasons.length > 0 ? 'refused' : 'success',
      reasons,
    }),
  );

export const rejected = (): CiamError =>
  new CiamError('RECOVERY_REJECTED', 'This is not right, or no longer. Ask for a new code.');

const iso = (time: number): string => new Date(time).toISOString();
