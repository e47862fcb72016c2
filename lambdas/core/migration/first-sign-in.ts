import type { AuditOutbox, Clock, Pseudonyms } from '../../ports.ts';
import type { AuditEvent } from '../audit/event.ts';
import { CiamError } from '../errors.ts';
import { canonicalIdentifier, type Identifier } from '../identifier.ts';
import type { Pseudonym } from '../ids.ts';
import { decoyPseudonym } from './decoy.ts';
import { decoyHash, type HashShape, type PasswordHashes } from './hash.ts';
import type { MigrationAttempts, WaitingPeople, WaitingRecord } from './ports.ts';
import { type LegacyAnswer, type LegacyDirectory, LegacyUnavailable } from './ports.ts';
import type { WaitingPerson } from './record.ts';

export interface MigrationPorts {
  readonly waiting: WaitingPeople;
  readonly attempts: MigrationAttempts;
  readonly hashes: PasswordHashes;
  /** The system that people come from, where it is still asked. */
  readonly legacy?: LegacyDirectory;
  readonly pseudonyms: Pseudonyms;
  readonly outbox: AuditOutbox;
  readonly clock: Clock;
  /** The same id for the same facts within a while, so that a repeated trigger writes one event. */
  readonly eventId: (at: number, ...about: readonly string[]) => string;
}

export interface MigrationAttempt {
  /** As typed. */
  readonly userName: string;
  readonly client: string;
}

type Refusal = 'NOT_WAITING' | 'PASSWORD_WRONG' | 'ATTEMPTS_SPENT' | 'LEGACY_REFUSED';

/**
 * The first sign-in of somebody who comes from elsewhere: their old password against the imported hash or the legacy
 * system. The same reads, count, derivation and event for people who are not there, so that nobody learns who waits.
 * Repeating it gives the same answer until the account is complete.
 * @returns whom Cognito may make an account for; `undefined` for everybody else
 * @throws CiamError `UNAVAILABLE` when the legacy system has to be asked and cannot be
 */
export async function provePassword(
  ports: MigrationPorts,
  attempt: MigrationAttempt,
  password: string,
): Promise<WaitingPerson | undefined> {
  const asked = await addressed(ports, attempt);
  if (!asked) return undefined;
  const [mayTry, record, shapes] = await Promise.all([
    ports.attempts.take(asked.address),
    ports.waiting.find(asked.lookUp),
    ports.waiting.shapes(),
  ]);
  if (!mayTry) return refuse(ports, asked, 'ATTEMPTS_SPENT');
  const isRight = await ports.hashes.matches(hashFor(asked.address, record, shapes), password);
  if (record?.person.password) {
    if (!isRight) return refuse(ports, asked, 'PASSWORD_WRONG');
    if (await ports.waiting.startMoving(asked.address)) return record.person;
    return refuse(ports, asked, 'NOT_WAITING'); // somebody finished it a moment ago: the account has the password
  }
  if (record || !ports.legacy) return refuse(ports, asked, 'NOT_WAITING');
  return askLegacy(ports, asked, (legacy) => legacy.authenticate(asked.identifier, password));
}

/**
 * The password is forgotten: whoever waits gets an account without one, for which Cognito then mails a code.
 * @throws CiamError `UNAVAILABLE` when the legacy system has to be asked and cannot be
 */
export async function recoverWaiting(
  ports: MigrationPorts,
  attempt: MigrationAttempt,
): Promise<WaitingPerson | undefined> {
  const asked = await addressed(ports, attempt);
  if (!asked) return undefined;
  const record = await ports.waiting.find(asked.lookUp);
  if (record) return (await ports.waiting.startMoving(asked.address)) ? record.person : undefined;
  return ports.legacy && askLegacy(ports, asked, (legacy) => legacy.lookUp(asked.identifier));
}

interface Asked extends MigrationAttempt {
  readonly identifier: Identifier;
  /** Counted and recorded under this one. */
  readonly address: Pseudonym;
  /** Looked up under this one: of a decoy nobody's. */
  readonly lookUp: Pseudonym;
}

async function addressed(
  { pseudonyms }: MigrationPorts,
  attempt: MigrationAttempt,
): Promise<Asked | undefined> {
  const identifier = canonicalIdentifier(attempt.userName);
  if (!identifier) return undefined;
  const lookUp = await pseudonyms.of('identifier', identifier);
  return { ...attempt, identifier, lookUp, address: decoyPseudonym(identifier) ?? lookUp };
}

/** One and the same shape for one address at every attempt, or repeated attempts would tell. */
function hashFor(address: Pseudonym, record: WaitingRecord | undefined, shapes: readonly HashShape[]) {
  if (record?.person.password) return record.person.password;
  const number = Buffer.from(address, 'base64url').readUInt32BE(0);
  return decoyHash(shapes[number % Math.max(shapes.length, 1)] ?? { algorithm: 'bcrypt', cost: 10 });
}

async function askLegacy(
  ports: MigrationPorts,
  asked: Asked,
  ask: (legacy: LegacyDirectory) => Promise<LegacyAnswer>,
): Promise<WaitingPerson | undefined> {
  if (!ports.legacy) return undefined;
  const answer = await ask(ports.legacy).catch(async (error: unknown) => {
    if (!(error instanceof LegacyUnavailable)) throw error;
    await ports.outbox.put(refusal(ports, asked, `LEGACY_${error.reason}`, 'failure'));
    throw new CiamError('UNAVAILABLE', 'This is not possible at the moment.', { cause: error });
  });
  if (answer.kind === 'refused') return refuse(ports, asked, 'LEGACY_REFUSED');
  // Whatever the other system says, it speaks about the address that was asked for and about no other.
  if (answer.person.email !== asked.identifier) return refuse(ports, asked, 'LEGACY_REFUSED');
  await ports.waiting.keepMoving(asked.address, answer.person);
  return answer.person;
}

async function refuse(ports: MigrationPorts, asked: Asked, reason: Refusal): Promise<undefined> {
  await ports.outbox.put(refusal(ports, asked, reason, 'refused'));
  return undefined;
}

function refusal(
  { clock, eventId }: MigrationPorts,
  { address, client }: Asked,
  reason: string,
  outcome: 'refused' | 'failure',
): AuditEvent {
  const now = clock.now();
  return {
    v: 1,
    id: eventId(now, 'migration.refused', address, reason),
    type: 'migration.refused',
    at: new Date(now).toISOString(),
    subject: { pseudonym: address },
    actor: 'self',
    outcome,
    reasons: [reason],
    client,
  };
}
