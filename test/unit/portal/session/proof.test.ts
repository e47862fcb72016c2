import { describe, expect, it } from 'vitest';
import { otherWays, type ProofFacts, waysTo } from '../../../../portal/src/session/proof.ts';

const at = '2026-11-22T10:00:00.000Z';
const passkey = { id: 'p', name: 'Laptop', synced: false, enrolledAt: at };
const nothing: ProofFacts['factors'] = { passkeys: [] };
const totp = { name: 'App', enrolledAt: at };
const recoveryCodes = { left: 4, createdAt: at };
const byPassword: ProofFacts['session'] = { methods: ['password', 'email-code'], level: 1 };

describe('the ways to prove that it is the owner', () => {
  it.each([
    { who: 'nobody with factors', level: 1, factors: nothing, ways: ['password', 'email-code'] },
    { who: 'a passkey', level: 2, factors: { passkeys: [passkey] }, ways: ['passkey'] },
    {
      who: 'an app and codes',
      level: 2,
      factors: { ...nothing, totp, recoveryCodes },
      ways: ['totp', 'recovery-code'],
    },
    {
      who: 'used-up codes',
      level: 2,
      factors: { ...nothing, totp, recoveryCodes: { left: 0, createdAt: at } },
      ways: ['totp'],
    },
    {
      who: 'everything, at level 1',
      level: 1,
      factors: { passkeys: [passkey], totp, phone: { number: '+49…78', country: 'DE', enrolledAt: at } },
      ways: ['passkey', 'totp', 'sms-code', 'password'],
    },
  ] as const)('offers $ways for $who', ({ level, factors, ways }) => {
    expect(waysTo({ level }, { session: byPassword, factors })).toEqual(ways);
  });

  it('asks whoever came from a provider to prove it there, and for no password or mailed code', () => {
    const session: ProofFacts['session'] = { methods: [], level: 1 };
    const facts = { session, factors: nothing, provider: 'Acme' };
    expect(waysTo({ level: 1 }, facts)).toEqual(['provider']);
    expect(waysTo({ level: 1 }, { ...facts, factors: { passkeys: [passkey] } })).toEqual([
      'passkey',
      'provider',
    ]);
  });

  it('takes the password alone while the session still stands at level 2, and no longer afterwards', () => {
    const factors = { ...nothing, totp };
    const methods: ProofFacts['session']['methods'] = ['password', 'totp'];
    expect(waysTo({ level: 2 }, { session: { methods, level: 2 }, factors })).toContain('password');
    expect(waysTo({ level: 2 }, { session: { methods, level: 1 }, factors })).toEqual(['totp']);
  });

  it('begins with a part where no single way is enough', () => {
    const session: ProofFacts['session'] = { methods: ['email-code'], level: 1 };
    expect(waysTo({ level: 2 }, { session, factors: { ...nothing, totp } })).toEqual(['totp', 'password']);
    const half: ProofFacts['session'] = { methods: ['email-code', 'totp'], level: 1 };
    expect(waysTo({ level: 2 }, { session: half, factors: { ...nothing, totp } })).toEqual(['password']);
  });
});

describe('the other ways beside the one on the screen', () => {
  it('are what the API offers once it has asked, and the password where it would do', () => {
    expect(otherWays(['totp', 'password'], 'totp', ['totp', 'recovery-code', 'magic-link'])).toEqual([
      'password',
      'recovery-code',
    ]);
    expect(otherWays(['totp'], 'totp', ['totp', 'sms-code'])).toEqual(['sms-code']);
  });

  it('are the possible ones before that', () => {
    expect(otherWays(['password', 'email-code'], 'password', undefined)).toEqual(['email-code']);
  });
});
