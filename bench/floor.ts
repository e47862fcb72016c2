import { createDiffieHellman, generateKeyPairSync, getDiffieHellman, randomBytes, sign } from 'node:crypto';

/**
 * What the server of one SRP sign-in has to compute, whoever implements it: `B = kv + g^b` when the sign-in begins,
 * `S = (A·v^u)^b` when the password is proven, and the signatures of the ID and the access token. Exponents are 256
 * bits: `u` is a SHA-256 hash, and `b` is what RFC 5054 asks for at least.
 */
export const floorOperations = { modularExponentiations: 3, rs256Signatures: 2 } as const;

const exponentBytes = 32;
const tokenBytes = 900;

export interface Floor {
  once(): void;
}

/** The same OpenSSL primitives that the local cloud uses; anything slower would flatter its ratio. */
export function openFloor(): Floor {
  const prime = getDiffieHellman('modp15').getPrime();
  const group = createDiffieHellman(prime, Buffer.from([2]));
  const signatures = openSignatureFloor();
  const power = (base: Buffer, exponent: Buffer): Buffer => {
    group.setPrivateKey(exponent);
    return group.computeSecret(base);
  };
  const verifier = power(Buffer.from([2]), randomBytes(exponentBytes));
  return {
    once: () => {
      const b = randomBytes(exponentBytes);
      power(Buffer.from([2]), b);
      power(power(verifier, randomBytes(exponentBytes)), b);
      signatures.once();
    },
  };
}

/** What new tokens cost whoever issues them: the signatures of the ID and the access token. */
export function openSignatureFloor(): Floor {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = Buffer.alloc(tokenBytes, 'x');
  return {
    once: () => {
      for (let n = 0; n < floorOperations.rs256Signatures; n += 1) sign('sha256', token, privateKey);
    },
  };
}

/** How often per second one core could do it if there were nothing but that arithmetic. */
export function measureFloor(floor: Floor, seconds: number): number {
  for (let i = 0; i < 10; i += 1) floor.once();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < seconds * 1000) {
    floor.once();
    done += 1;
  }
  return done / ((performance.now() - start) / 1000);
}
