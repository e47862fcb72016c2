import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { proveSrp, srpTimestamp, startSrp } from '../../../lambdas/adapters/srp.ts';

interface Helper {
  smallAValue: unknown;
  largeAValue: { toString(radix: number): string } | undefined;
  calculateA(
    a: unknown,
    callback: (error: unknown, value: { toString(radix: number): string }) => void,
  ): void;
  getPasswordAuthenticationKey(
    user: string,
    password: string,
    serverB: unknown,
    salt: unknown,
    callback: (error: unknown, key: Uint8Array) => void,
  ): void;
}
/** Internal modules of the library, without types of their own. */
const load = createRequire(import.meta.url);
const { default: HelperClass } = load('amazon-cognito-identity-js/lib/AuthenticationHelper.js') as {
  default: new (poolName: string) => Helper;
};
const { default: Big } = load('amazon-cognito-identity-js/lib/BigInteger.js') as {
  default: new (digits: string, radix: number) => unknown;
};

/** What AWS's own client library computes for the same numbers. */
async function referenceSignature(secret: bigint, at: string, password: string, challenge: typeof given) {
  const helper = new HelperClass(challenge.poolName);
  helper.smallAValue = new Big(secret.toString(16), 16);
  helper.largeAValue = await new Promise((resolve, reject) =>
    helper.calculateA(helper.smallAValue, (error, value) => (error ? reject(error) : resolve(value))),
  );
  const key = await new Promise<Uint8Array>((resolve, reject) =>
    helper.getPasswordAuthenticationKey(
      challenge.userId,
      password,
      new Big(challenge.serverPublicHex, 16),
      new Big(challenge.saltHex, 16),
      (error, value) => (error ? reject(error) : resolve(value)),
    ),
  );
  const signature = createHmac('sha256', key)
    .update(challenge.poolName)
    .update(challenge.userId)
    .update(Buffer.from(challenge.secretBlock, 'base64'))
    .update(at)
    .digest('base64');
  return { signature, publicHex: helper.largeAValue?.toString(16) };
}

const number = (seed: string, bytes: number) =>
  Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(`${seed}${index}`).digest('hex'),
  )
    .join('')
    .slice(0, 2 * bytes);
const NOW = new Date('2026-11-03T09:05:07.000Z');
const given = {
  poolName: 'Example',
  userId: '6f1a0c5e-0000-4000-8000-000000000001',
  saltHex: number('salt', 16),
  serverPublicHex: number('server', 380),
  secretBlock: randomBytes(64).toString('base64'),
};

describe('SRP', () => {
  it.each([
    { with: 'usual numbers', over: {}, password: 'correct horse' },
    {
      with: 'a salt whose highest bit is set',
      over: { saltHex: `f${number('s', 16).slice(1)}` },
      password: 'x',
    },
    {
      with: 'an odd number of digits',
      over: { saltHex: 'abc', serverPublicHex: `1${number('b', 300)}` },
      password: 'y',
    },
    { with: 'a password beyond ASCII', over: {}, password: 'pässwört 🔑' },
  ])('gives what the AWS library gives, with $with', async ({ over, password }) => {
    const challenge = { ...given, ...over };
    const start = startSrp(BigInt(`0x${number(password, 128)}`));
    const proof = proveSrp(start, password, challenge, NOW);
    const reference = await referenceSignature(start.secret, proof.timestamp, password, challenge);
    expect(start.publicHex).toBe(reference.publicHex);
    expect(proof.signature).toBe(reference.signature);
  });

  it('differs at every start', () => expect(startSrp().publicHex).not.toBe(startSrp().publicHex));

  it('refuses a server value of zero', () => {
    expect(() => proveSrp(startSrp(), 'x', { ...given, serverPublicHex: '0' }, NOW)).toThrow('unusable');
  });

  it('writes the time as Cognito reads it', () => {
    expect(srpTimestamp(NOW)).toBe('Tue Nov 3 09:05:07 UTC 2026');
    expect(srpTimestamp(new Date('2026-11-22T00:00:00Z'))).toBe('Sun Nov 22 00:00:00 UTC 2026');
  });
});
