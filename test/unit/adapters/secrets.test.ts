import { beforeEach, describe, expect, it } from 'vitest';
import {
  keyCacheSeconds,
  keyedPseudonyms,
  keyIn,
  rotatingKeys,
  type SecretReader,
} from '../../../lambdas/adapters/secrets.ts';
import type { SigningKeys } from '../../../lambdas/ports.ts';
import { type TestClock, testClock } from '../../support/sign-in/services.ts';

type Stage = Parameters<SecretReader>[1];

/** A secret whose versions a test moves between the stages; `reads` counts complete readings of the three. */
function aSecret() {
  const stages = new Map<Stage, { versionId: string; key: string }>();
  const secret = {
    reads: 0,
    failure: undefined as Error | undefined,
    /** Version ids by stage; the key of a version follows from its id. */
    put: (versions: Partial<Record<Stage, string>>) => {
      stages.clear();
      for (const [stage, id] of Object.entries(versions))
        stages.set(stage as Stage, { versionId: id, key: `key of ${id}`.padEnd(32, '.') });
    },
    read: (async (_, stage) => {
      if (secret.failure) throw secret.failure;
      if (stage === 'AWSCURRENT') secret.reads += 1;
      return stages.get(stage);
    }) as SecretReader,
  };
  return secret;
}

describe('keys that rotate', () => {
  let clock: TestClock;
  let secret: ReturnType<typeof aSecret>;
  let keys: SigningKeys;
  beforeEach(() => {
    clock = testClock();
    secret = aSecret();
    secret.put({ AWSCURRENT: 'two', AWSPREVIOUS: 'one', AWSPENDING: 'three' });
    keys = rotatingKeys('signing', secret.read, clock);
  });
  const later = (seconds: number) => clock.advance(seconds * 1000);

  it('sign with the current one and accept the one before and the one after, each by its own id', async () => {
    expect((await keys.current()).id).toBe('two');
    const found = await Promise.all(['one', 'two', 'three'].map((id) => keys.find(id)));
    expect(found.map((key) => key?.id)).toEqual(['one', 'two', 'three']);
    expect(new Set(found.map((key) => Buffer.from(key?.secret ?? []).toString('hex'))).size).toBe(3);
    expect(found.map((key) => key?.secret.length)).toEqual([32, 32, 32]);
  });

  it('are derived: the secret itself signs nothing', async () => {
    const { secret: derived } = await keys.current();
    expect(Buffer.from(derived).toString()).not.toContain('key of two');
  });

  it('are read once, and again when they are old enough for a rotation to have ended', async () => {
    await keys.current();
    later(keyCacheSeconds);
    await keys.current();
    expect(secret.reads).toBe(1);
    secret.put({ AWSCURRENT: 'three', AWSPREVIOUS: 'two' });
    later(1);
    expect((await keys.current()).id).toBe('three');
    expect((await keys.find('two'))?.id).toBe('two');
    expect(await keys.find('one')).toBeUndefined();
  });

  it('overlap over a whole rotation, whenever each side has read them', async () => {
    for (const readerSeconds of [0, 1, 150, 299]) {
      secret.put({ AWSCURRENT: 'one' });
      const reader = rotatingKeys('signing', secret.read, clock);
      const signer = rotatingKeys('signing', secret.read, clock);
      await Promise.all([reader.find('one'), signer.current()]);
      later(readerSeconds);
      secret.put({ AWSCURRENT: 'two', AWSPREVIOUS: 'one' });
      const cold = rotatingKeys('signing', secret.read, clock);
      for (const each of [signer, cold]) {
        const { id } = await each.current();
        expect((await reader.find(id))?.id).toBe(id);
        expect((await cold.find(id))?.id).toBe(id);
      }
    }
  });

  it('are looked for again when an id is unknown, but forged ids cannot make that often', async () => {
    await keys.current();
    for (let forged = 0; forged < 50; forged += 1) {
      expect(await keys.find(`forged-${forged}`)).toBeUndefined();
      later(0.1);
    }
    expect(secret.reads).toBe(2);
    later(10);
    secret.put({ AWSCURRENT: 'four', AWSPREVIOUS: 'two' });
    expect((await keys.find('four'))?.id).toBe('four');
    expect(secret.reads).toBe(3);
  });

  it('are not read twice for one unknown id', async () => {
    expect(await keys.find('forged')).toBeUndefined();
    expect(secret.reads).toBe(1);
  });

  it('fail while they cannot be read, and work again afterwards', async () => {
    secret.failure = new Error('no network');
    await expect(keys.current()).rejects.toThrow('no network');
    await expect(keys.find('two')).rejects.toThrow('no network');
    secret.failure = undefined;
    expect((await keys.find('two'))?.id).toBe('two');
    secret.failure = new Error('no network');
    expect((await keys.current()).id).toBe('two');
  });

  it('do not sign without a current version', async () => {
    secret.put({ AWSPENDING: 'one' });
    await expect(keys.current()).rejects.toThrow('secret signing: no current version');
  });
});

describe('pseudonyms', () => {
  it('are the same for the same value, and differ by kind, value and key', async () => {
    const of = (key: string) => keyedPseudonyms('p', async () => ({ versionId: 'v', key: key.repeat(32) }));
    const [one, other] = [of('a'), of('b')];
    const first = await one.of('identifier', 'ada@harbour.example');
    expect(first).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await one.of('identifier', 'ada@harbour.example')).toBe(first);
    const different = await Promise.all([
      one.of('device', 'ada@harbour.example'),
      one.of('identifier', 'eve@harbour.example'),
      other.of('identifier', 'ada@harbour.example'),
    ]);
    expect(new Set([first, ...different]).size).toBe(4);
  });

  it('read their key once, after as many failures as there are', async () => {
    const secret = aSecret();
    const pseudonyms = keyedPseudonyms('p', secret.read);
    secret.failure = new Error('no network');
    await expect(pseudonyms.of('device', 'd')).rejects.toThrow('no network');
    secret.failure = undefined;
    secret.put({ AWSCURRENT: 'one' });
    await Promise.all([pseudonyms.of('device', 'd'), pseudonyms.of('device', 'e')]);
    expect(secret.reads).toBe(1);
  });
});

describe('the key in a secret', () => {
  it.each([undefined, '', 'hunter2', 'null', '[]', '{}', '{"key":1}', `{"key":"${'k'.repeat(31)}"}`])(
    'is none in %j',
    (text) => expect(keyIn(text)).toBeUndefined(),
  );
  it('has 32 characters or more', () => expect(keyIn(`{"key":"${'k'.repeat(32)}"}`)).toBe('k'.repeat(32)));
});
