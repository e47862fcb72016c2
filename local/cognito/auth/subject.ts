import { looksLikeEmail, looksLikePhone } from '../attributes.ts';
import { type Engine, hidesUsers, srpPoolName } from '../engine.ts';
import { userNotFound } from '../errors.ts';
import type { Client, PasswordVerifier, Pool, User } from '../model.ts';
import { saltFrom, verifierFrom } from '../srp.ts';
import type { Subject } from '../triggers/triggers.ts';

/** Whom a sign-in is for, with all that must look alike for people who exist and names that do not. */
export interface SignInSubject {
  readonly poolId: string;
  readonly subject: Subject;
  /** What the client typed. */
  readonly typedName: string;
  /** What it is answered: the username, or a stable invention of the same form. */
  readonly publicName: string;
  /** The stored password verifier, or a stable invention. */
  readonly verifier: PasswordVerifier;
}

/** @throws AwsError `UserNotFoundException` only where the client does not hide who exists */
export function findSubject(engine: Engine, pool: Pool, client: Client, typedName: string): SignInSubject {
  const user = engine.directory.find(pool.id, typedName);
  if (!user && !hidesUsers(client)) throw userNotFound();
  return user ? knownSubject(engine, user, typedName) : unknownSubject(engine, pool, typedName);
}

export function knownSubject(engine: Engine, user: User, typedName: string): SignInSubject {
  const verifier = user.password ?? inventVerifier(engine, user.poolId, user.username);
  return {
    poolId: user.poolId,
    subject: { known: true, user },
    typedName,
    publicName: user.username,
    verifier,
  };
}

export function unknownSubject(engine: Engine, pool: Pool, typedName: string): SignInSubject {
  const canonical = engine.directory.canonical(pool.id, typedName);
  const invented = (pool.settings.UsernameAttributes ?? []).length > 0;
  return {
    poolId: pool.id,
    subject: { known: false, typedName },
    typedName,
    publicName: invented ? inventSub(engine, pool.id, canonical) : typedName,
    verifier: inventVerifier(engine, pool.id, canonical),
  };
}

/** Wrong codes and passkeys are counted by this name, apart from passwords. */
export const attemptsOf = (engine: Engine, { poolId, subject, typedName }: SignInSubject): string =>
  `second/${subject.known ? subject.user.sub : engine.directory.canonical(poolId, typedName)}`;

/** Where a code to someone who does not exist would have gone: what they typed, or a stable invention. */
export function simulatedDestination(
  engine: Engine,
  { poolId, typedName }: SignInSubject,
  attribute: 'email' | 'phone_number',
): string {
  if (attribute === 'email' && looksLikeEmail(typedName)) return typedName;
  if (attribute === 'phone_number' && looksLikePhone(typedName)) return typedName;
  const seed = engine.secrets.derive('unknown-address', poolId, attribute, typedName);
  const letter = (index: number) => String.fromCharCode(97 + ((seed[index] ?? 0) % 26));
  if (attribute === 'email') return `${letter(0)}@${letter(1)}`;
  return `+1${String(seed.readUInt32BE(0) % 10_000).padStart(4, '0')}`;
}

/** Locks and counters go by this name, the same for a person however they were called. */
export function counterName(engine: Engine, pool: Pool, typedName: string): string {
  return engine.directory.find(pool.id, typedName)?.sub ?? engine.directory.canonical(pool.id, typedName);
}

function inventVerifier(engine: Engine, poolId: string, name: string): PasswordVerifier {
  const seed = engine.secrets.derive('unknown-user', srpPoolName(poolId), name);
  return { salt: saltFrom(seed), verifier: verifierFrom(seed) };
}

function inventSub(engine: Engine, poolId: string, name: string): string {
  const hex = engine.secrets.derive('unknown-sub', poolId, name).toString('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
