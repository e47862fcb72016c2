import fc from 'fast-check';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { sealedFactorSecrets } from '../../../lambdas/adapters/factor-secrets.ts';
import {
  canonicalRecoveryCode,
  newRecoveryCode,
  newRecoverySalt,
  recoveryCodeHash,
} from '../../../lambdas/adapters/recovery-codes.ts';
import { fromBase32, matchingStep, toBase32, totpCode, totpStep } from '../../../lambdas/adapters/totp.ts';
import type { SigningKey, SigningKeys } from '../../../lambdas/ports.ts';
import { aSub, NOW } from '../../support/account.ts';

describe('authenticator app', () => {
  // RFC 6238 appendix B, SHA-1, last six of the eight digits given there.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('makes the code of the standard for second %i', (seconds, code) => {
    const secret = toBase32(Buffer.from('12345678901234567890'));
    expect(totpCode(secret, totpStep(seconds * 1000))).toBe(code);
  });

  it('agrees with another implementation for any secret and time', () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 0, max: 4e12 }),
        (bytes, at) => {
          const secret = toBase32(bytes);
          expect(fromBase32(secret)).toEqual(Buffer.from(bytes));
          const other = new TOTP({ secret: Secret.fromBase32(secret) });
          expect(totpCode(secret, totpStep(at))).toBe(other.generate({ timestamp: at }));
        },
      ),
    ));

  it('accepts the step before and after, and names the step', () => {
    const secret = toBase32(Buffer.from('12345678901234567890'));
    const step = totpStep(NOW);
    for (const drift of [-1, 0, 1]) {
      expect(matchingStep(secret, totpCode(secret, step + drift), NOW)).toBe(step + drift);
    }
    for (const drift of [-2, 2])
      expect(matchingStep(secret, totpCode(secret, step + drift), NOW)).toBeUndefined();
    for (const junk of ['', '12345', '1234567', 'ääääää']) {
      expect(matchingStep(secret, junk, NOW)).toBeUndefined();
    }
  });
});

describe('recovery codes', () => {
  it('reads what is typed from paper', () => {
    const code = newRecoveryCode();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const plain = code.replace('-', '');
    for (const typed of [code, plain, code.toLowerCase(), ` ${code.replace('-', ' ')} `]) {
      expect(canonicalRecoveryCode(typed)).toBe(plain);
    }
    expect(canonicalRecoveryCode('oOiIl-00000')).toBe('0011100000');
    for (const junk of ['', '123', 'UUUUU-UUUUU', `${code}0`])
      expect(canonicalRecoveryCode(junk)).toBeUndefined();
  });

  it('hashes the same code the same under one salt and otherwise under another', async () => {
    const [one, two] = [newRecoverySalt(), newRecoverySalt()];
    expect(await recoveryCodeHash('ABCDE12345', one)).toBe(await recoveryCodeHash('ABCDE12345', one));
    expect(await recoveryCodeHash('ABCDE12345', one)).not.toBe(await recoveryCodeHash('ABCDE12345', two));
  });
});

describe('secrets of factors at rest', () => {
  const key = (id: string): SigningKey => ({ id, secret: Buffer.from(`secret of ${id}`) });
  const keysOf = (...keys: readonly [SigningKey, ...SigningKey[]]): SigningKeys => ({
    current: async () => keys[0],
    find: async (id) => keys.find((candidate) => candidate.id === id),
  });
  const sub = aSub();

  it('opens for the same person, also after the key has changed', async () => {
    const sealed = await sealedFactorSecrets(keysOf(key('a'))).seal(sub, 'SECRET');
    expect(sealed).not.toContain('SECRET');
    expect(await sealedFactorSecrets(keysOf(key('b'), key('a'))).open(sub, sealed)).toBe('SECRET');
  });

  it('opens for nobody else, with no other key, and not after any change', async () => {
    const secrets = sealedFactorSecrets(keysOf(key('a')));
    const sealed = await secrets.seal(sub, 'SECRET');
    expect(await secrets.open(aSub(), sealed)).toBeUndefined();
    expect(await sealedFactorSecrets(keysOf(key('b'))).open(sub, sealed)).toBeUndefined();
    const [id = '', body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(await secrets.open(sub, `${id}.${changed.toString('base64url')}`)).toBeUndefined();
    }
    for (const junk of ['', '.', 'a.', 'a.AAAA', sealed.slice(0, -2)]) {
      expect(await secrets.open(sub, junk)).toBeUndefined();
    }
  });
});
