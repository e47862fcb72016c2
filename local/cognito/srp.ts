import {
  createDiffieHellman,
  createHash,
  createHmac,
  getDiffieHellman,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { PasswordVerifier } from './model.ts';

/**
 * SRP-6a as Cognito speaks it: RFC 3526's 3072-bit group, SHA-256, keys derived with the label
 * `Caldera Derived Key`, and numbers hashed as Java writes them (a leading zero byte keeps them positive).
 */
const prime = getDiffieHellman('modp15').getPrime();
const generator = Buffer.from([2]);
const modulus = toNumber(prime);
/** OpenSSL's modular exponentiation, five times faster than BigInt's; used synchronously, so one is enough. */
const exponentiation = createDiffieHellman(prime, generator);
const multiplier = toNumber(hash(padded(prime), generator));
const derivationLabel = Buffer.from('Caldera Derived Key\u0001', 'utf8');
const ephemeralBytes = 32;

/** Server side of one exchange; secret, hence only ever kept sealed. Hexadecimal. */
export interface ServerEphemeral {
  readonly secret: string;
  readonly publicValue: string;
}

export function newPasswordVerifier(poolName: string, username: string, password: string): PasswordVerifier {
  const salt = padded(randomBytes(16));
  return { salt: salt.toString('hex'), verifier: derive(poolName, username, password, salt).toString('hex') };
}

/** Costs one exponentiation, whether the password is right or not. */
export function passwordMatches(
  stored: PasswordVerifier,
  poolName: string,
  username: string,
  password: string,
): boolean {
  const derived = derive(poolName, username, password, Buffer.from(stored.salt, 'hex'));
  return timingSafeEqual(derived, fixedLength(Buffer.from(stored.verifier, 'hex')));
}

export function newServerEphemeral(verifier: string): ServerEphemeral {
  const secret = randomBytes(ephemeralBytes);
  const publicValue =
    (multiplier * toNumber(Buffer.from(verifier, 'hex')) + toNumber(power(generator, secret))) % modulus;
  return { secret: secret.toString('hex'), publicValue: publicValue.toString(16) };
}

/** Whether a client's public value may be used at all: a multiple of the prime would make the key known. */
export function isUsablePublicValue(hex: string): boolean {
  return /^[0-9a-fA-F]{1,1536}$/.test(hex) && toNumber(fromHex(hex)) % modulus !== 0n;
}

/** A verifier that a client made itself has to be an element of the group. */
export function isUsableVerifier(hex: string): boolean {
  const verifier = hex.length <= prime.length * 2 + 2 ? toNumber(fromHex(hex)) : 0n;
  return verifier > 1n && verifier < modulus - 1n;
}

/** Key both sides share when the client knew the password; two exponentiations. */
export function sessionKey(verifier: string, server: ServerEphemeral, clientPublic: string): Buffer {
  const client = fromHex(clientPublic);
  const scrambler = hash(padded(client), padded(fromHex(server.publicValue)));
  const base = (toNumber(client) * toNumber(power(Buffer.from(verifier, 'hex'), scrambler))) % modulus;
  const shared = base <= 1n ? toBuffer(base) : power(toBuffer(base), Buffer.from(server.secret, 'hex'));
  const extracted = createHmac('sha256', padded(scrambler)).update(padded(shared)).digest();
  return createHmac('sha256', extracted).update(derivationLabel).digest().subarray(0, 16);
}

export interface Claim {
  readonly poolName: string;
  readonly username: string;
  readonly secretBlock: string;
  readonly timestamp: string;
}

export function signClaim(key: Buffer, claim: Claim): string {
  return createHmac('sha256', key)
    .update(claim.poolName)
    .update(claim.username)
    .update(Buffer.from(claim.secretBlock, 'base64'))
    .update(claim.timestamp)
    .digest('base64');
}

export function claimMatches(key: Buffer, claim: Claim, signature: string): boolean {
  const expected = Buffer.from(signClaim(key, claim), 'base64');
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Stretches secret bytes to a group element, for users that do not exist: no exponentiation, as a stored verifier needs none. */
export function verifierFrom(seed: Buffer): string {
  const stretched = createHash('shake256', { outputLength: prime.length }).update(seed).digest();
  stretched[0] = (stretched[0] ?? 0) & 0x7f; // below the prime, whose first bits are all set
  return stretched.toString('hex');
}

export const saltFrom = (seed: Buffer): string => padded(seed.subarray(0, 16)).toString('hex');

function derive(poolName: string, username: string, password: string, salt: Buffer): Buffer {
  const identity = createHash('sha256').update(`${poolName}${username}:${password}`).digest();
  return fixedLength(power(generator, hash(salt, identity)));
}

function power(base: Buffer, exponent: Buffer): Buffer {
  exponentiation.setPrivateKey(exponent);
  return exponentiation.computeSecret(base);
}

function hash(...parts: readonly Buffer[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function padded(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const minimal = value.subarray(start);
  return (minimal[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), minimal]) : minimal;
}

function fixedLength(value: Buffer): Buffer {
  if (value.length >= prime.length) return value.subarray(value.length - prime.length);
  return Buffer.concat([Buffer.alloc(prime.length - value.length), value]);
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function toNumber(value: Buffer): bigint {
  return value.length === 0 ? 0n : BigInt(`0x${value.toString('hex')}`);
}

function toBuffer(value: bigint): Buffer {
  return fromHex(value.toString(16));
}
