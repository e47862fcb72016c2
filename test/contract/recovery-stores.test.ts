import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoMailboxCodes } from '../../lambdas/adapters/mailbox-codes.ts';
import { dynamoRecoveries } from '../../lambdas/adapters/recoveries.ts';
import { dynamoRiskCounters } from '../../lambdas/adapters/risk-counters.ts';
import { dynamoSignInHistories } from '../../lambdas/adapters/sign-in-history.ts';
import type { AuditEventType } from '../../lambdas/core/audit/event.ts';
import type { AccountKey } from '../../lambdas/core/challenge/flow.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import { requested } from '../../lambdas/core/recovery/recovery.ts';
import { cutoffAt } from '../../lambdas/core/session/cutoff.ts';
import { aSub, HOUR, iso, NOW } from '../support/account.ts';
import { auditTable } from '../support/account-api.ts';
import { anEvent } from '../support/audit.ts';
import { type EngineUnderTest, onEachEngine } from '../support/engines.ts';
import { riskRow } from '../support/risk-table.ts';

const recoveryContract = (under: EngineUnderTest) => {
  const stores = () => {
    const { tables } = under;
    const clock = { time: NOW, now: () => clock.time };
    return {
      tables,
      clock,
      recoveries: dynamoRecoveries(tables.client, { ...tables.names, audit: auditTable(tables) }),
      histories: dynamoSignInHistories(tables.client, tables.names.risk, clock),
    };
  };
  type Stores = ReturnType<typeof stores>;

  const aRecovery = (sub: Sub, id = 'first') =>
    requested(undefined, { sub, id, by: 'self', now: NOW }, { delayHours: 72 });
  const anEventOf = (sub: Sub, type: AuditEventType = 'recovery.requested') =>
    anEvent({ type, subject: { sub }, at: iso(NOW) });
  const started = async ({ recoveries }: Stores) => {
    const recovery = aRecovery(aSub());
    expect(await recoveries.start(recovery, undefined, anEventOf(recovery.sub))).toBe(true);
    return recovery;
  };
  const enrol = (tables: Stores['tables'], sub: Sub, ...items: string[]) =>
    Promise.all(
      items.map((item) =>
        tables.client.send(
          new PutItemCommand({ TableName: tables.names.profiles, Item: marshall({ sub, item }) }),
        ),
      ),
    );
  const itemsOf = async ({ tables }: Stores, sub: Sub) => {
    const { Items = [] } = await tables.client.send(
      new QueryCommand({
        TableName: tables.names.profiles,
        KeyConditionExpression: '#sub = :sub',
        ExpressionAttributeNames: { '#sub': 'sub' },
        ExpressionAttributeValues: marshall({ ':sub': sub }),
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => unmarshall(item).item as string);
  };
  const eventsOf = async ({ tables }: Stores, sub: Sub) => {
    const { Items = [] } = await tables.client.send(
      new QueryCommand({
        TableName: tables.names.audit,
        KeyConditionExpression: 'subject = :sub',
        ExpressionAttributeValues: marshall({ ':sub': sub }),
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => JSON.parse(unmarshall(item).event as string).type as string);
  };
  const complete = ({ recoveries }: Stores, recovery: ReturnType<typeof aRecovery>, now: number) =>
    recoveries.complete(
      recovery,
      now,
      cutoffAt(recovery.sub, now),
      anEventOf(recovery.sub, 'recovery.completed'),
    );

  it('reads what was started, and lets one of two begin', async () => {
    const all = stores();
    const sub = aSub();
    const both = await Promise.all(
      ['first', 'second'].map((id) => all.recoveries.start(aRecovery(sub, id), undefined, anEventOf(sub))),
    );
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await all.recoveries.find(sub)).toEqual(aRecovery(sub, both[0] ? 'first' : 'second'));
    expect(await eventsOf(all, sub)).toEqual(['recovery.requested']);
  });

  it('replaces exactly the one that was read', async () => {
    const all = stores();
    const first = await started(all);
    await all.recoveries.cancel(first, anEventOf(first.sub, 'recovery.cancelled'));
    const next = aRecovery(first.sub, 'second');
    expect(await all.recoveries.start(next, first, anEventOf(first.sub))).toBe(false); // it changed since
    const standing = await all.recoveries.find(first.sub);
    expect(await all.recoveries.start(next, standing, anEventOf(first.sub))).toBe(true);
    expect(await all.recoveries.cancel(first, anEventOf(first.sub, 'recovery.cancelled'))).toBe(false);
    expect(await all.recoveries.find(first.sub)).toEqual(next);
  });

  it('removes factors, sessions and what devices had proven, and nothing else', async () => {
    const all = stores();
    const { tables, recoveries, histories } = all;
    const recovery = await started(all);
    const { sub } = recovery;
    const account = sub as unknown as AccountKey;
    const read = await histories.find(account);
    const seen = { device: Math.floor(NOW / 1000) };
    const history = { ...read, devices: seen, networks: seen, lastSignInAt: NOW, lastFlow: 'flow' };
    await histories.replace(account, read, history, anEventOf(sub, 'sign-in.succeeded'));
    await enrol(
      tables,
      sub,
      'profile',
      'device#1',
      'session#1',
      'factor#totp',
      'factor#passkey#a',
      'factor#phone',
    );
    expect(await recoveries.hasFactors(sub)).toBe(true);

    const now = recovery.readyAt;
    expect(await complete(all, recovery, now)).toBe(true);
    expect(await itemsOf(all, sub)).toEqual(['device#1', 'factors', 'profile', 'recovery', 'session#1']);
    expect(await recoveries.hasFactors(sub)).toBe(false);
    const cutoff = await riskRow(tables.client, tables.names.risk, `SUB#${sub}`, 'ENDED-BEFORE');
    expect(cutoff?.until).toBe(cutoffAt(sub, now).endedUntil);
    expect(await histories.find(account)).toEqual({
      devices: {},
      networks: {},
      lastSignInAt: NOW,
      lastFlow: 'flow',
      resetAt: now,
    });
    expect(await eventsOf(all, sub)).toContain('recovery.completed');
    expect(await complete(all, recovery, now)).toBe(false);
  });

  it.each([
    { when: 'a millisecond early', at: 72 * HOUR - 1 },
    { when: 'when its window is over', at: (72 + 168) * HOUR },
  ])('changes nothing $when', async ({ at }) => {
    const all = stores();
    const recovery = await started(all);
    await enrol(all.tables, recovery.sub, 'factor#totp');
    expect(await complete(all, recovery, NOW + at)).toBe(false);
    expect(await itemsOf(all, recovery.sub)).toEqual(['factor#totp', 'recovery']);
    expect(await eventsOf(all, recovery.sub)).toEqual(['recovery.requested']);
  });

  it('has one winner when cancellation and completion meet, and the factors tell which', async () => {
    const all = stores();
    for (let run = 0; run < under.racers(25); run += 1) {
      const recovery = await started(all);
      const { sub } = recovery;
      await enrol(all.tables, sub, 'factor#totp');
      const [isCancelled, ...completed] = await Promise.all([
        all.recoveries.cancel(recovery, anEventOf(sub, 'recovery.cancelled')),
        complete(all, recovery, recovery.readyAt),
        complete(all, recovery, recovery.readyAt),
      ]);
      const wins = [isCancelled, ...completed].filter(Boolean).length;
      expect(wins).toBe(1);
      const status = (await all.recoveries.find(sub))?.status;
      expect(status).toBe(isCancelled ? 'cancelled' : 'completed');
      expect((await itemsOf(all, sub)).includes('factor#totp')).toBe(isCancelled);
      expect(await eventsOf(all, sub)).toHaveLength(2);
    }
  });
};

const codesContract = (under: EngineUnderTest) => {
  const limits = { attempts: 3, answersPerHour: 10, codesPerHour: 5 };
  const codes = () => {
    const { client, names } = under.tables;
    const clock = { time: NOW, now: () => clock.time };
    const counters = dynamoRiskCounters(client, names.risk, clock);
    return { ...dynamoMailboxCodes(client, names.risk, counters, clock, limits), clock };
  };
  const anAddress = () => aSub().slice(0, 22) as unknown as Pseudonym;
  const right = 'r'.repeat(22) as Pseudonym;
  const wrong = 'w'.repeat(22) as Pseudonym;
  const later = NOW + 600_000;

  it('match until they are spent, once', async () => {
    const store = codes();
    const address = anAddress();
    await store.issue(address, right, later);
    expect(await store.matches(address, right)).toBe(true);
    const spent = await Promise.all(
      Array.from({ length: under.racers(5) }, () => store.spend(address, right)),
    );
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await store.matches(address, right)).toBe(false);
  });

  // security.md, "Code or lockout race"
  it('compare no more than the allowed answers, however many come at once', async () => {
    const store = codes();
    const address = anAddress();
    await store.issue(address, right, later);
    const answers = await Promise.all(
      Array.from({ length: under.racers(40) }, (_, n) => store.matches(address, n < 3 ? wrong : right)),
    );
    expect(answers.filter(Boolean).length).toBeLessThanOrEqual(limits.attempts);
    expect(await store.matches(address, right)).toBe(false);
  });

  // security.md, "Code guessing over many sessions"
  it('compare no more than the hourly answers over many codes, and are issued only so often', async () => {
    const store = codes();
    const address = anAddress();
    const issued: boolean[] = [];
    for (let code = 0; code < 7; code += 1) {
      issued.push(await store.issue(address, right, later));
      for (let guess = 0; guess < 3; guess += 1) await store.matches(address, wrong);
    }
    expect(issued).toEqual([true, true, true, true, true, false, false]);
    expect(await store.matches(address, right)).toBe(false);
    store.clock.time += HOUR + 1_000;
    expect(await store.issue(address, right, store.clock.time + 600_000)).toBe(true);
    expect(await store.matches(address, right)).toBe(true);
  });

  it('are good until their time, for their address, and until the next one', async () => {
    const store = codes();
    const address = anAddress();
    await store.issue(address, right, later);
    expect(await store.matches(anAddress(), right)).toBe(false);
    store.clock.time = later;
    expect(await store.matches(address, right)).toBe(false);
    expect(await store.spend(address, right)).toBe(false);
    await store.issue(address, wrong, later + 600_000);
    expect(await store.matches(address, right)).toBe(false);
    expect(await store.matches(address, wrong)).toBe(true);
  });
};

describe('recoveries', () => onEachEngine(recoveryContract));
describe('codes to a mailbox', () => onEachEngine(codesContract));
