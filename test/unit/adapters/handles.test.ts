import { decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { derivedEventId } from '../../../lambdas/adapters/event-ids.ts';
import { sealed } from '../../../lambdas/adapters/sealed.ts';
import { sessionTokens } from '../../../lambdas/adapters/session-tokens.ts';
import type { SigningKey, SigningKeys } from '../../../lambdas/ports.ts';
import { type TestClock, testClock, testKeys } from '../../support/sign-in/services.ts';

const keysOf = (...keys: SigningKey[]): SigningKeys => ({
  current: async () => keys[0] as SigningKey,
  find: async (id) => keys.find((key) => key.id === id),
});
const aKey = (id: string, byte: number): SigningKey => ({ id, secret: Buffer.alloc(32, byte) });
const [older, newer] = [aKey('old', 1), aKey('new', 2)];

let clock: TestClock;
beforeEach(() => {
  clock = testClock();
});

/** The token with one character of one part replaced. */
const changed = (token: string, part: number): string => {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  parts[part] = `${text.slice(0, 2)}${text[2] === 'A' ? 'B' : 'A'}${text.slice(3)}`;
  return parts.join('.');
};

describe('a sealed handle', () => {
  const value = { session: 's'.repeat(1_500), to: 'ada@harbour.example' };
  const flowHandles = (keys = testKeys) => sealed<typeof value>('flow', keys, clock, 900);

  it('comes back as it was sealed, and shows nothing of it', async () => {
    const token = await flowHandles().seal(value);
    expect(await flowHandles().open(token)).toEqual(value);
    expect(Buffer.from(token, 'base64url').toString()).not.toContain('harbour');
    expect(await flowHandles().seal(value)).not.toBe(token);
  });

  // security.md: "Enumeration by text or time": Cognito's name for an account is longer than an address of nobody's.
  it('of a sign-in is as long for everybody', async () => {
    const lengths = new Set<number>();
    for (const username of ['a@b.example', 'c0b4660a-9f22-4b13-8932-1bf7512d7a7b', 'ü'.repeat(254)]) {
      for (const session of ['s'.repeat(900), 's'.repeat(1_500)])
        lengths.add((await sealed<object>('flow', testKeys, clock, 900).seal({ username, session })).length);
    }
    expect([...lengths]).toHaveLength(1);
  });

  it('of a sign-in is opened up to what a request may bring', async () => {
    const long = { session: 's'.repeat(5_850), to: 'x' };
    const token = await flowHandles().seal(long);
    expect(token.length).toBeLessThanOrEqual(8_192);
    expect(await flowHandles().open(token)).toEqual(long);
  });

  it('is good until its time is over', async () => {
    const token = await flowHandles().seal(value);
    clock.advance(899_000);
    expect(await flowHandles().open(token)).toEqual(value);
    clock.advance(1_000);
    expect(await flowHandles().open(token)).toBeUndefined();
  });

  it('is opened with the key that sealed it, while that one is accepted', async () => {
    const token = await flowHandles(keysOf(older)).seal(value);
    expect(decodeProtectedHeader(token).kid).toBe('old');
    expect(await flowHandles(keysOf(newer, older)).open(token)).toEqual(value);
    expect(await flowHandles(keysOf(newer)).open(token)).toBeUndefined();
    expect(await flowHandles(keysOf({ ...newer, id: 'old' })).open(token)).toBeUndefined();
  });

  it('is of one use only', async () => {
    const token = await flowHandles().seal(value);
    expect(await sealed('refresh', testKeys, clock, 900).open(token)).toBeUndefined();
  });

  it.each([0, 2, 3, 4])('is nothing with its part %d changed', async (part) => {
    const token = await flowHandles().seal(value);
    expect(await flowHandles().open(changed(token, part))).toBeUndefined();
  });

  it.each(['', 'x', 'a.b.c', 'e30.e30.e30.e30.e30', 'ä'.repeat(50), 'a'.repeat(8_193)])(
    'is nothing that somebody made up: %.20s',
    async (token) => expect(await flowHandles().open(token)).toBeUndefined(),
  );

  it('fails, and is not refused, while the keys cannot be read', async () => {
    const token = await flowHandles().seal(value);
    const failing: SigningKeys = { ...testKeys, find: () => Promise.reject(new Error('no network')) };
    await expect(flowHandles(failing).open(token)).rejects.toThrow('no network');
  });
});

describe('the statement about a session', () => {
  const statement = {
    id: 'refresh-1',
    sub: '11111111-1111-4111-8111-111111111111',
    client: 'web',
    flow: 'flow-1',
    level: 1 as const,
    methods: ['password', 'email-code'] as const,
  };

  it('is read as it was minted, for a minute', async () => {
    const tokens = sessionTokens(testKeys, clock);
    const token = await tokens.mint(statement);
    expect(await tokens.read(token)).toEqual({ ...statement, issuedAt: clock.now() / 1000 });
    clock.advance(60_000);
    expect(await tokens.read(token)).toBeUndefined();
  });

  it('is nothing when it is absent, changed, incomplete or signed by another key', async () => {
    const tokens = sessionTokens(testKeys, clock);
    const token = await tokens.mint(statement);
    const refused = [
      undefined,
      ...[0, 1, 2].map((part) => changed(token, part)),
      await tokens.mint({ ...statement, flow: '' }),
      await tokens.mint({ ...statement, level: 0 as never }),
      await sessionTokens(keysOf(newer), clock).mint(statement),
    ];
    for (const each of refused) expect(await tokens.read(each)).toBeUndefined();
  });

  it('names no method that we do not know', async () => {
    const tokens = sessionTokens(testKeys, clock);
    const token = await tokens.mint({ ...statement, methods: ['password', 'magic' as never] });
    expect((await tokens.read(token))?.methods).toEqual(['password']);
  });
});

describe('the id of an event that a repeated trigger writes again', () => {
  const at = Date.parse('2026-11-22T12:00:00.000Z');

  it('is the same ULID for the same moment and matter, and another for any other', () => {
    const ids = [
      derivedEventId(at, 'flow', 'refused'),
      derivedEventId(at + 1, 'flow', 'refused'),
      derivedEventId(at, 'flow', 'other'),
      derivedEventId(at, 'flowr', 'efused'),
      derivedEventId(at, 'flow', 'refused', 1),
    ];
    expect(derivedEventId(at, 'flow', 'refused')).toBe(ids[0]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('sorts by its moment', () => {
    const ids = [3, 1, 2].map((seconds) => derivedEventId(at + seconds * 1000, seconds));
    expect(ids.toSorted()).toEqual([ids[1], ids[2], ids[0]]);
  });
});
