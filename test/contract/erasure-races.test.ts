import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoAddressBook } from '../../lambdas/adapters/address-book.ts';
import { dynamoConsents } from '../../lambdas/adapters/consents.ts';
import { dynamoErasureAreas } from '../../lambdas/adapters/erasure-areas.ts';
import { cognitoErasureArea } from '../../lambdas/adapters/erasure-directory.ts';
import { dynamoEvidence } from '../../lambdas/adapters/erasure-evidence.ts';
import { dynamoErasureRequests } from '../../lambdas/adapters/erasure-marks.ts';
import { dynamoFactorStore } from '../../lambdas/adapters/factor-store.ts';
import { dynamoLinks } from '../../lambdas/adapters/links.ts';
import { dynamoPendingChanges } from '../../lambdas/adapters/pending-changes.ts';
import { dynamoProfiles } from '../../lambdas/adapters/profiles.ts';
import { dynamoRecoveries } from '../../lambdas/adapters/recoveries.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type { PlannedErasure } from '../../lambdas/core/privacy/erasure.ts';
import { emptyMemory } from '../../lambdas/core/profile/profile.ts';
import { requested } from '../../lambdas/core/recovery/recovery.ts';
import { cutoffAt } from '../../lambdas/core/session/cutoff.ts';
import { aConsent, aSub, HOUR, iso, NOW } from '../support/account.ts';
import { auditTable } from '../support/account-api.ts';
import { anEvent } from '../support/audit.ts';
import { aroundCalls } from '../support/dynamo-client.ts';
import { plainPseudonyms } from '../support/registration.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// Who was under way when an erasure began, and who comes to a freed address or provider's account before it has ended.

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const stores = () => {
  const { client } = tables;
  const all = { ...tables.names, audit: auditTable(tables) };
  return {
    all,
    requests: dynamoErasureRequests(client, all),
    profiles: dynamoProfiles(client, all.profiles, all.audit),
    factors: dynamoFactorStore(client, all),
    consents: dynamoConsents(client, all),
    links: dynamoLinks(client, all),
    addresses: dynamoAddressBook(client, all),
    recoveries: dynamoRecoveries(client, all),
    pending: dynamoPendingChanges(client, all.risk, { count: async () => 1 }),
    areas: dynamoErasureAreas(client, all, plainPseudonyms),
  };
};
type Stores = ReturnType<typeof stores>;

const eventOf = (sub: Sub) => anEvent({ subject: { sub }, at: iso(NOW) });

/** Everything in a partition but the mark. */
const itemsOf = async (TableName: string, key: string, value: string) => {
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': key },
      ExpressionAttributeValues: marshall({ ':value': value }),
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => unmarshall(item)).filter(({ item }) => item !== 'lock');
};

const address = (name: string) => `p-${name}` as Pseudonym;

describe('what an owner sent before an erasure and what arrives after it', () => {
  const writes: Record<string, (stores: Stores, sub: Sub) => Promise<boolean>> = {
    'the first fields': ({ profiles }, sub) =>
      profiles.write({ sub, expectedVersion: 0, fields: {}, at: iso(NOW) }, [eventOf(sub)]),
    'the first question that was shown': ({ profiles }, sub) =>
      profiles.remember({ sub, expectedRevision: 0, memory: { ...emptyMemory, revision: 1 } }),
    'the first answer': ({ profiles }, sub) =>
      profiles.remember({ sub, expectedRevision: 0, memory: { ...emptyMemory, revision: 1 } }, eventOf(sub)),
    'the first factor': ({ factors }, sub) => {
      const put = { kind: 'phone', number: '+4915112345678', country: 'DE', enrolledAt: iso(NOW) } as const;
      return factors.write({ sub, expectedVersion: 0, put }, eventOf(sub));
    },
    'a consent': ({ consents }, sub) =>
      consents.record({ sub, entry: aConsent(), standing: undefined, events: [eventOf(sub)] }),
    'a link': ({ links }, sub) => {
      const identity = { provider: 'Acme', subject: sub };
      const link = { id: 'l1', identity, primary: false, linkedAt: iso(NOW) };
      return links.begin(sub, link, address(`identity-${sub}`), eventOf(sub));
    },
    'another address': async ({ addresses, pending }, sub) => {
      const completes = { kind: 'address', id: 'c1', expiresAt: NOW / 1000 + 600 } as const;
      await pending.begin(sub, completes);
      const to = { address: 'new@example.com' as Identifier, pseudonym: address(sub) };
      return addresses.move({ sub, to, completes }, eventOf(sub));
    },
    'a recovery': ({ recoveries }, sub) => {
      const recovery = requested(undefined, { sub, id: 'r1', by: 'self', now: NOW }, { delayHours: 72 });
      return recoveries.start(recovery, undefined, eventOf(sub));
    },
  };

  it.each(Object.keys(writes))('%s: is refused and leaves nothing', async (what) => {
    const made = stores();
    const write = writes[what] as (typeof writes)[string];
    const [leaving, staying] = [aSub(), aSub()];
    expect(await write(made, staying)).toBe(true);
    const marker = { sub: leaving, id: 'e1', at: iso(NOW) };
    const begun = await made.requests.begin(marker, cutoffAt(leaving, NOW), eventOf(leaving));
    expect([begun, await write(made, leaving)]).toEqual(['begun', false]);
    expect(await itemsOf(made.all.profiles, 'sub', leaving)).toEqual([]);
    expect(await itemsOf(made.all.consents, 'sub', leaving)).toEqual([]);
    expect(await itemsOf(made.all.profiles, 'sub', `ADDRESS#${address(leaving)}`)).toEqual([]);
  });
});

describe('a consent that is changed while an erasure gives everything its end date', () => {
  const evidence = (client = tables.client) =>
    dynamoEvidence(client, tables.names, { consentDays: 1_095, sessionSeconds: 86_400 });
  const endless = async (sub: Sub) =>
    (await itemsOf(tables.names.consents, 'sub', sub)).filter(({ ttl }) => ttl === undefined);

  const change = async (sub: Sub, decision: 'granted' | 'withdrawn') => {
    const { consents } = stores();
    const entry = aConsent({ decision });
    const standing = await consents.state(sub, entry.purpose);
    return consents.record({ sub, entry, standing, events: [eventOf(sub)] });
  };

  // Of one standing decision and one entry: two searches and three end dates, the last of the sessions' end.
  it.each([
    [1, true],
    [2, true],
    [3, false],
    [4, false],
    [5, false],
  ])('has the end date, too, or is refused: before call %i', async (at, isRecorded) => {
    const sub = aSub();
    await change(sub, 'granted');
    let calls = 0;
    let changed: boolean | undefined;
    const client = aroundCalls(tables.client, async (_, send) => {
      calls += 1;
      if (calls === at) changed = await change(sub, 'withdrawn');
      return send();
    });
    await evidence(client)({ sub, reason: 'erasure', id: 'e1', at: iso(NOW), mailFailures: 0 });
    expect([changed, await endless(sub)]).toEqual([isRecorded, []]);
    expect(await change(sub, 'withdrawn')).toBe(false);
  });

  it('asks for the erasure itself where it would make a profile', async () => {
    const { consents, requests, all } = stores();
    const sub = aSub();
    await consents.record({ sub, entry: aConsent(), standing: undefined, events: [eventOf(sub)] });
    await requests.begin({ sub, id: 'e1', at: iso(NOW) }, cutoffAt(sub, NOW), eventOf(sub));
    const entry = aConsent({ decision: 'withdrawn' });
    const standing = await consents.state(sub, entry.purpose);
    const profile = { sub, expectedVersion: 0, fields: {}, at: iso(NOW) };
    expect(await consents.record({ sub, entry, standing, profile, events: [eventOf(sub)] })).toBe(false);
    expect(await itemsOf(all.profiles, 'sub', sub)).toEqual([]);
  });
});

describe('who comes before an erasure has ended', () => {
  const erasureOf = (sub: Sub, mailbox: Pseudonym): PlannedErasure => ({
    sub,
    reason: 'erasure',
    id: 'e1',
    at: iso(NOW),
    mailFailures: 0,
    plan: { userNames: ['acme_1'], addresses: [mailbox] },
  });
  const put = (table: 'risk' | 'profiles', item: Record<string, unknown>) =>
    tables.client.send(new PutItemCommand({ TableName: tables.names[table], Item: marshall(item) }));
  const isThere = async (subject: string, kind: string) => {
    const Key = marshall({ subject, kind });
    const { Item } = await tables.client.send(
      new GetItemCommand({ TableName: tables.names.risk, Key, ConsistentRead: true }),
    );
    return Item !== undefined;
  };
  const seconds = NOW / 1000;

  it('keeps the registration of the freed address, its claim and its counters', async () => {
    const mailbox = address('freed');
    const [leaving, coming] = [aSub(), aSub()];
    const rows = [
      [`PENDING#${mailbox}`, 'REGISTRATION', { handle: 'h', sub: coming, at: iso(NOW + 2_000) }],
      [`IDENTIFIER#${mailbox}`, 'FAILURES', { count: 1, since: seconds + 2 }],
      [`IDENTIFIER#${mailbox}`, 'RECOVERY-CODES', { count: 3, since: seconds - 60 }],
      [`NOTICE#${mailbox}`, 'address-taken', {}],
    ] as const;
    for (const [subject, kind, more] of rows)
      await put('risk', { subject, kind, ttl: seconds + 60, ...more });
    await put('profiles', { sub: `ADDRESS#${mailbox}`, item: 'claim', owner: coming });
    const marker = erasureOf(leaving, mailbox);
    const { areas } = stores();
    for (const area of areas) await area.erase(marker);
    // A stranger who goes on trying that address does not hold the erasure up either.
    expect(await Promise.all(areas.map((area) => area.isEmpty(marker)))).toEqual(areas.map(() => true));
    expect(await Promise.all(rows.map(([subject, kind]) => isThere(subject, kind)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await itemsOf(tables.names.profiles, 'sub', `ADDRESS#${mailbox}`)).toHaveLength(1);
  });

  it('takes what waited for the address before the request', async () => {
    const mailbox = address('former');
    const subject = `PENDING#${mailbox}`;
    await put('risk', { subject, kind: 'REGISTRATION', handle: 'h', at: iso(NOW - HOUR), ttl: seconds });
    const marker = erasureOf(aSub(), mailbox);
    for (const area of stores().areas) await area.erase(marker);
    expect(await isThere(subject, 'REGISTRATION')).toBe(false);
  });

  it('keeps who came back from the same provider, under the same name', async () => {
    const [leaving, coming] = [aSub(), aSub()];
    let user: Sub | undefined = leaving;
    const pool = cognitoErasureArea(
      {
        send: async (command: { constructor: { name: string } }) => {
          if (user === undefined) throw Object.assign(new Error(), { name: 'UserNotFoundException' });
          if (command.constructor.name === 'AdminDeleteUserCommand') user = undefined;
          return { UserAttributes: [{ Name: 'sub', Value: user }] };
        },
      } as never,
      'pool',
    );
    const marker = erasureOf(leaving, address('provider'));
    expect(await pool.isEmpty(marker)).toBe(false);
    await pool.erase(marker);
    expect([user, await pool.isEmpty(marker)]).toEqual([undefined, true]);
    user = coming;
    await pool.erase(marker);
    expect([user, await pool.isEmpty(marker)]).toEqual([coming, true]);
  });
});
