import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { dynamoCompletedMigrations } from '../../lambdas/adapters/completed-migrations.ts';
import { dynamoLegacyCircuit } from '../../lambdas/adapters/legacy-circuit.ts';
import {
  dynamoMigrationAttempts,
  migrationAttemptsPerHour,
} from '../../lambdas/adapters/migration-attempts.ts';
import { recordSeal } from '../../lambdas/adapters/sealed-records.ts';
import {
  dynamoIsWaiting,
  dynamoWaitingImport,
  dynamoWaitingPeople,
} from '../../lambdas/adapters/waiting-people.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type { WaitingPerson } from '../../lambdas/core/migration/record.ts';
import { onEachEngine } from '../support/engines.ts';

onEachEngine((under) => {
  const time = { now: Date.parse('2026-11-22T12:00:00Z') };
  const clock = { now: () => time.now };
  const seal = recordSeal(async () => Buffer.alloc(32, 9));
  let serial = 0;
  const anAddress = () => `address-${serial++}`.padEnd(22, '0') as Pseudonym;
  const aPerson = (changes: Partial<WaitingPerson> = {}): WaitingPerson => ({
    email: 'ada@example.com',
    fields: { city: { value: 'Bergen', purpose: 'account' } },
    consents: [],
    exportedAt: '2026-11-01T00:00:00.000Z',
    ...changes,
  });
  const audit = { name: 'audit', ttlDays: 90 };
  const event = (type: AuditEvent['type']): AuditEvent => ({
    v: 1,
    id: `EVENT${serial++}`.padEnd(26, '0'),
    type,
    at: new Date(time.now).toISOString(),
    subject: { pseudonym: 'somebody' as Pseudonym },
    actor: 'operator',
    outcome: 'success',
    reasons: [],
  });
  const imports = () =>
    dynamoWaitingImport(under.tables.client, { migration: 'migration', audit }, seal, clock);
  const waiting = () => dynamoWaitingPeople(under.tables.client, 'migration', seal, clock);
  const add = (address: Pseudonym, person: WaitingPerson, replace = false) =>
    imports().add(address, person, {
      replace,
      expiresAt: Math.floor(time.now / 1000) + 3_600,
      event: event('migration.imported'),
    });
  const stored = async (table: string, key: Record<string, string>) => {
    const { Item } = await under.tables.client.send(
      new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  };

  it('keeps a person once; the same again, also exported later, changes nothing', async () => {
    const address = anAddress();
    expect(await add(address, aPerson())).toBe('added');
    expect(await add(address, aPerson({ exportedAt: '2026-11-09T00:00:00.000Z' }))).toBe('unchanged');
    expect(await add(address, aPerson({ locale: 'de' }))).toBe('conflict');
    expect((await waiting().find(address))?.person).toEqual(aPerson());
    expect(await add(address, aPerson({ locale: 'de' }), true)).toBe('replaced');
    expect((await waiting().find(address))?.person.locale).toBe('de');
  });

  it('lets one of many imports of a person write', async () => {
    const address = anAddress();
    const all = await Promise.all(Array.from({ length: under.racers(12) }, () => add(address, aPerson())));
    expect(all.filter((outcome) => outcome === 'added')).toHaveLength(1);
    expect(all.filter((outcome) => outcome !== 'added').every((outcome) => outcome === 'unchanged')).toBe(
      true,
    );
  });

  it('binds a sealed record to its person', async () => {
    const [one, other] = [anAddress(), anAddress()];
    await add(one, aPerson());
    const item = await stored('migration', { subject: `WAITING#${one}`, kind: 'PERSON' });
    await expect(seal.open(`WAITING#${other}`, item?.sealed)).rejects.toThrow();
  });

  it('forgets a person after their time, and whoever is done', async () => {
    const address = anAddress();
    await add(address, aPerson());
    expect(await dynamoIsWaiting(under.tables.client, 'migration', clock)(address)).toBe(true);
    time.now += 3_601_000;
    expect(await waiting().find(address)).toBeUndefined();
    expect(await waiting().startMoving(address)).toBe(false);
    expect(await dynamoIsWaiting(under.tables.client, 'migration', clock)(address)).toBe(false);
  });

  it('completes once: profile, consent, claim and event together, and nothing personal stays', async () => {
    const address = anAddress();
    const sub = `sub-${serial++}` as Sub;
    await add(address, aPerson());
    const migrations = dynamoCompletedMigrations(under.tables.client, {
      profiles: 'profiles',
      consents: 'consents',
      risk: 'risk',
      migration: 'migration',
      audit,
    });
    const migration = {
      address,
      profile: {
        sub,
        email: 'ada@example.com',
        createdAt: new Date(time.now).toISOString(),
        fields: {
          city: {
            value: 'Bergen',
            purpose: 'account',
            source: 'import' as const,
            at: '2026-11-01T00:00:00.000Z',
          },
        },
      },
      consents: [],
      events: [event('migration.completed')],
    };
    // Nobody has proven anything yet.
    expect(await migrations.complete(migration)).toBe('raced');
    expect(await stored('profiles', { sub, item: 'profile' })).toBeUndefined();

    expect(await waiting().startMoving(address)).toBe(true);
    const outcomes = await Promise.all(
      Array.from({ length: under.racers(6) }, () =>
        migrations.complete({ ...migration, events: [event('migration.completed')] }),
      ),
    );
    expect(outcomes).toContain('done');
    expect(await stored('profiles', { sub, item: 'profile' })).toMatchObject({
      version: 1,
      email: 'ada@example.com',
    });
    expect(await stored('profiles', { sub: `ADDRESS#${address}`, item: 'claim' })).toMatchObject({
      owner: sub,
    });
    const record = await stored('migration', { subject: `WAITING#${address}`, kind: 'PERSON' });
    expect(record).toMatchObject({ state: 'done' });
    expect(record).not.toHaveProperty('sealed');
    expect(await add(address, aPerson())).toBe('moved');
  });

  it('lets exactly the allowed guesses of an hour through, however many come at once', async () => {
    const address = anAddress();
    const attempts = dynamoMigrationAttempts(under.tables.client, 'risk', clock);
    await attempts.take(address); // opens the window
    const many = Array.from({ length: under.racers(40) }, () => attempts.take(address));
    const taken = (await Promise.all(many)).filter(Boolean).length;
    expect(taken).toBe(Math.min(migrationAttemptsPerHour - 1, many.length));
    time.now += 3_601_000;
    expect(await attempts.take(address)).toBe(true);
  });

  it('gives a legacy system a rest after five failures, and one looks whether it is over', async () => {
    const circuit = dynamoLegacyCircuit(
      under.tables.client,
      'risk',
      `https://old.example/${serial++}`,
      clock,
    );
    for (let failure = 0; failure < 5; failure += 1) {
      expect(await circuit.mayAsk()).toBe(true);
      await circuit.failed();
    }
    expect(await circuit.mayAsk()).toBe(false);
    time.now += 30_000;
    const looks = await Promise.all(Array.from({ length: under.racers(8) }, () => circuit.mayAsk()));
    expect(looks.filter(Boolean)).toHaveLength(1);
    await circuit.succeeded();
    expect(await circuit.mayAsk()).toBe(true);
  });
});
