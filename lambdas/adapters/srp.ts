import { createDiffieHellman, createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * The client's side of Cognito's SRP-6a (RFC 5054 group of 3072 bits, SHA-256, key by HKDF). Exponentiation is
 * OpenSSL's through the Diffie-Hellman class: 6 times faster than BigInt, which is what libraries use.
 */
const primeHex =
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74' +
  '020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437' +
  '4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED' +
  'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05' +
  '98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB' +
  '9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
  'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718' +
  '3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33' +
  'A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7' +
  'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864' +
  'D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2' +
  '08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF';
const prime = BigInt(`0x${primeHex}`);
const generator = 2n;
/**
 * RFC 5054 §3.1 asks for at least 256 bits, as strong as the group and what the other exponents have. AWS's browser
 * library takes 1024, which triples the work of a sign-in and adds nothing.
 */
const ephemeralBytes = 32;
const derivedKeyInfo = Buffer.from('Caldera Derived Key\u0001');

export interface SrpStart {
  /** Ephemeral secret; never leaves the function. */
  readonly secret: bigint;
  /** `SRP_A`, hex. */
  readonly publicHex: string;
}

export interface SrpChallenge {
  /** Pool id without region: `eu-west-1_Example` is `Example`. */
  readonly poolName: string;
  readonly userId: string;
  readonly saltHex: string;
  readonly serverPublicHex: string;
  /** Base64, handed back unread. */
  readonly secretBlock: string;
}

export interface SrpProof {
  readonly signature: string;
  readonly timestamp: string;
}

export function startSrp(secret: bigint = toNumber(randomBytes(ephemeralBytes).toString('hex'))): SrpStart {
  return { secret, publicHex: power(generator, secret).toString(16) };
}

/** @throws Error for a server value that would make the key guessable (RFC 5054 §2.5.3: B or u zero) */
export function proveSrp(
  { secret, publicHex }: SrpStart,
  password: string,
  challenge: SrpChallenge,
  now: Date,
): SrpProof {
  const serverPublic = toNumber(challenge.serverPublicHex);
  const scrambler = toNumber(hash(padded(toNumber(publicHex)) + padded(serverPublic)));
  if (serverPublic % prime === 0n || scrambler === 0n) throw new Error('SRP: unusable server value');
  const key = sessionKey(challenge, password, serverPublic, secret, scrambler);
  const timestamp = srpTimestamp(now);
  const signature = createHmac('sha256', key)
    .update(challenge.poolName)
    .update(challenge.userId)
    .update(Buffer.from(challenge.secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64');
  return { signature, timestamp };
}

function sessionKey(
  { poolName, userId, saltHex }: SrpChallenge,
  password: string,
  serverPublic: bigint,
  secret: bigint,
  scrambler: bigint,
): Buffer {
  const identity = createHash('sha256').update(`${poolName}${userId}:${password}`).digest('hex');
  const x = toNumber(hash(padded(toNumber(saltHex)) + identity));
  const base = mod(serverPublic - multiplier * power(generator, x));
  const shared = power(base, secret + scrambler * x);
  const pseudoRandomKey = createHmac('sha256', Buffer.from(padded(scrambler), 'hex'))
    .update(Buffer.from(padded(shared), 'hex'))
    .digest();
  return createHmac('sha256', pseudoRandomKey).update(derivedKeyInfo).digest().subarray(0, 16);
}

/** `Tue Nov 3 09:05:07 UTC 2026`: English names, UTC, day without leading zero. */
export function srpTimestamp(now: Date): string {
  const [, day = '', date = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(now.toUTCString()) ?? [];
  return `${day} ${month} ${Number(date)} ${time} UTC ${year}`;
}

/** base ^ exponent mod prime. */
function power(base: bigint, exponent: bigint): bigint {
  const group = createDiffieHellman(primeHex, 'hex', 2);
  group.setPrivateKey(evenHex(exponent), 'hex');
  return toNumber(group.computeSecret(evenHex(base), 'hex', 'hex'));
}

const mod = (value: bigint): bigint => ((value % prime) + prime) % prime;
const toNumber = (hex: string): bigint => BigInt(`0x${hex}`);
const hash = (hex: string): string => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

function evenHex(value: bigint): string {
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

/** Cognito hashes numbers as two's complement: a zero byte in front when the highest bit is set. */
function padded(value: bigint): string {
  const hex = evenHex(value);
  return /^[89a-f]/.test(hex) ? `00${hex}` : hex;
}

const multiplier = toNumber(hash(padded(prime) + padded(generator)));
