import { createDiffieHellman, createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';
import { type SrpChallenge, type SrpProof, srpTimestamp } from '../../lambdas/adapters/srp.ts';

const prime = getDiffieHellman('modp15').getPrime();
const modulus = toNumber(prime);
const group = createDiffieHellman(prime, Buffer.from([2]));
const generator = Buffer.from([2]);
const multiplier = toNumber(hash(padded(prime), generator));

/**
 * A client's half of SRP that leaves the core to the server: everything that does not depend on the server's answer
 * is computed once per person. One exponentiation remains per sign-in. Not for use outside a bench: the ephemeral
 * value is used again and again.
 */
export class LoadSrp {
  readonly publicHex: string;
  private readonly secret: bigint;
  private readonly password: string;
  private known: { readonly salt: string; readonly x: bigint; readonly masked: bigint } | undefined;

  constructor(password: string) {
    const secret = randomBytes(32);
    this.password = password;
    this.secret = toNumber(secret);
    this.publicHex = power(generator, secret).toString('hex');
  }

  prove(challenge: SrpChallenge, now: Date): SrpProof {
    const { x, masked } = this.identity(challenge);
    const server = toNumber(fromHex(challenge.serverPublicHex));
    const scrambler = hash(padded(fromHex(this.publicHex)), padded(fromHex(challenge.serverPublicHex)));
    const base = (((server - masked) % modulus) + modulus) % modulus;
    const shared = power(toBuffer(base), toBuffer(this.secret + toNumber(scrambler) * x));
    const extracted = createHmac('sha256', padded(scrambler)).update(padded(shared)).digest();
    const key = createHmac('sha256', extracted).update('Caldera Derived Key\u0001').digest().subarray(0, 16);
    const timestamp = srpTimestamp(now);
    const signature = createHmac('sha256', key)
      .update(challenge.poolName)
      .update(challenge.userId)
      .update(Buffer.from(challenge.secretBlock, 'base64'))
      .update(timestamp)
      .digest('base64');
    return { signature, timestamp };
  }

  private identity({ poolName, userId, saltHex }: SrpChallenge) {
    if (this.known?.salt === saltHex) return this.known;
    const inner = createHash('sha256').update(`${poolName}${userId}:${this.password}`).digest();
    const x = hash(padded(fromHex(saltHex)), inner);
    const masked = (multiplier * toNumber(power(generator, x))) % modulus;
    this.known = { salt: saltHex, x: toNumber(x), masked };
    return this.known;
  }
}

function power(base: Buffer, exponent: Buffer): Buffer {
  group.setPrivateKey(exponent);
  return group.computeSecret(base);
}

function hash(...parts: readonly Buffer[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function padded(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const minimal = value.subarray(start);
  return (minimal[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), minimal]) : minimal;
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function toNumber(value: Buffer): bigint {
  return BigInt(`0x${value.toString('hex')}`);
}

function toBuffer(value: bigint): Buffer {
  return fromHex(value.toString(16));
}
