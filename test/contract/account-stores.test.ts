import { QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditWrite } from '../../lambdas/adapters/audit-outbox.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { foldLedger, nextLedgerId, stateOf } from '../../lambdas/core/consent/ledger.ts';
import { answerConsent } from '../../lambdas/core/consent/record.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { askOwn } from '../../lambdas/core/profile/own-prompts.ts';
import { emptyMemory, emptyProfile } from '../../lambdas/core/profile/profile.ts';
import {
  aConsent,
  accountRules,
  aFieldRecord,
  anOwnerRequest,
  aSub,
  DAY,
  iso,
  NOW,
  shownText,
} from '../support/account.ts';
import { accountStores, auditTable } from '../support/account-api.ts';
import { anEvent } from '../support/audit.ts';
import { onEachEngine } from '../support/engines.ts';
import type { TestTables } from '../support/tables.ts';

onEachEngine((under) => {
  let tables: TestTables;
  let stores: ReturnType<typeof accountStores>;
  beforeAll(() => {
    tables = under.tables;
    stores = accountStores(tables);
  });

  const rules = accountRules();

  async function eventsOf(sub: Sub): Promise<AuditEvent[]> {
    const { Items = [] } = await tables.client.send(
      new QueryCommand({
        TableName: tables.names.audit,
        KeyConditionExpression: 'subject = :sub',
        ExpressionAttributeValues: marshall({ ':sub': sub }),
      }),
    );
    return Items.map((item) => JSON.parse(unmarshall(item).event as string) as AuditEvent);
  }

  async function ledgerOf(sub: Sub) {
    const { entries } = await stores.consents.history(sub, { limit: 1000 });
    return entries;
  }

  describe('Profiles', () => {
    const write = (sub: Sub, expectedVersion: number, city = 'Lisbon') =>
      stores.profiles.write(
        { sub, expectedVersion, fields: { city: aFieldRecord({ value: city }) }, at: iso(NOW) },
        [anEvent({ subject: { sub }, type: 'profile.changed' })],
      );

    it('reads as empty what was never stored', async () => {
      const sub = aSub();
      expect(await stores.profiles.find(sub)).toEqual(emptyProfile(sub));
    });

    it('creates with the first write and raises the version with each', async () => {
      const sub = aSub();
      expect([await write(sub, 0), await write(sub, 1)]).toEqual([true, true]);
      expect(await stores.profiles.find(sub)).toMatchObject({ version: 2, createdAt: iso(NOW) });
    });

    it('accepts one of many writes against the same version, with one event', async () => {
      const sub = aSub();
      await write(sub, 0);
      const outcomes = await Promise.all(
        Array.from({ length: under.racers(20) }, (_, index) => write(sub, 1, `city ${index}`)),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await stores.profiles.find(sub)).version).toBe(2);
      expect(await eventsOf(sub)).toHaveLength(2);
    });

    it('changes nothing when the event cannot be written', async () => {
      const sub = aSub();
      const [first, second] = [anEvent({ subject: { sub } }), anEvent({ subject: { sub } })];
      const change = { sub, expectedVersion: 0, fields: {}, at: iso(NOW) };
      await stores.profiles.write(change, [first]);
      expect(await stores.profiles.write({ ...change, expectedVersion: 1 }, [second, first])).toBe(false);
      expect((await stores.profiles.find(sub)).version).toBe(1);
    });

    it('leaves what it does not know', async () => {
      const sub = aSub();
      await stores.profiles.remember({ sub, expectedRevision: 0, memory: { ...emptyMemory, revision: 1 } });
      await write(sub, 0);
      expect(await stores.profiles.find(sub)).toMatchObject({ version: 1, prompts: { revision: 1 } });
    });

    it('lets one of many begin a visit, and does not touch the version', async () => {
      const sub = aSub();
      await write(sub, 0);
      const memory = { ...emptyMemory, revision: 1, lastAskedAt: iso(NOW), askedInVisit: ['city'] };
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => stores.profiles.remember({ sub, expectedRevision: 0, memory })),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await stores.profiles.find(sub)).toMatchObject({ version: 1, prompts: memory });
    });

    it('passes faults on instead of taking them for a lost race', async () => {
      const broken = accountStores({ ...tables, names: { ...tables.names, profiles: 'missing' } });
      const change = { sub: aSub(), expectedVersion: 0, fields: {}, at: iso(NOW) };
      await expect(broken.profiles.write(change, [anEvent()])).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    });
  });

  describe('Consents', () => {
    const record = (
      sub: Sub,
      entry = aConsent(),
      standing = undefined as ReturnType<typeof stateOf> | undefined,
    ) => stores.consents.record({ sub, entry, standing, events: [anEvent({ subject: { sub } })] });

    it('appends and projects together', async () => {
      const [sub, entry] = [aSub(), aConsent()];
      expect(await record(sub, entry)).toBe(true);
      expect(await stores.consents.state(sub, 'newsletter')).toEqual(stateOf(entry));
      expect(await stores.consents.states(sub)).toEqual(foldLedger([entry]));
      expect(await ledgerOf(sub)).toEqual([entry]);
    });

    it('does not record on a state that is no longer the one that was read', async () => {
      const [sub, first, second, third] = [aSub(), aConsent(), aConsent(), aConsent()];
      await record(sub, first);
      expect(await record(sub, second)).toBe(false);
      expect(await record(sub, second, stateOf(first))).toBe(true);
      expect(await record(sub, third, stateOf(first))).toBe(false);
      expect(await ledgerOf(sub)).toEqual([second, first]);
      expect(await eventsOf(sub)).toHaveLength(2);
    });

    it('never goes back in time', async () => {
      const [sub, older, newer] = [aSub(), aConsent(), aConsent()];
      await record(sub, newer);
      expect(await record(sub, older, stateOf(newer))).toBe(false);
      expect(await stores.consents.state(sub, 'newsletter')).toEqual(stateOf(newer));
    });

    it('keeps people and purposes apart', async () => {
      const [ada, eve] = [aSub(), aSub()];
      await record(ada, aConsent({ purpose: 'news' }));
      await record(ada, aConsent({ purpose: 'newsletter' }));
      expect((await stores.consents.state(ada, 'news'))?.purpose).toBe('news');
      expect(await stores.consents.states(eve)).toEqual(new Map());
    });

    it('pages its history from the newest entry to the oldest, each exactly once', async () => {
      const sub = aSub();
      const entries = Array.from({ length: 7 }, () => aConsent());
      let standing: ReturnType<typeof stateOf> | undefined;
      for (const entry of entries) {
        await record(sub, entry, standing);
        standing = stateOf(entry);
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await stores.consents.history(sub, { limit: 3, ...(after && { after }) });
        seen.push(...page.entries.map(({ id }) => id));
        after = page.next;
      } while (after);
      expect(seen).toEqual(entries.map(({ id }) => id).reverse());
    });
  });

  describe('answerConsent', () => {
    const answer = (sub: Sub, decision: 'granted' | 'withdrawn', purpose = 'newsletter', now = NOW) =>
      answerConsent(stores, anOwnerRequest(sub, now), rules, purpose, {
        decision,
        ...(decision === 'granted' && shownText(rules, purpose)),
      });

    it('records one entry and one event, however often the same answer is sent', async () => {
      const sub = aSub();
      const answers = await Promise.all(Array.from({ length: 4 }, () => answer(sub, 'granted')));
      expect(new Set(answers.map(({ ledgerId }) => ledgerId)).size).toBe(1);
      await answer(sub, 'granted', 'newsletter', NOW + DAY);
      expect(await ledgerOf(sub)).toHaveLength(1);
      expect((await eventsOf(sub)).map(({ type }) => type)).toEqual(['consent.granted']);
    });

    it('keeps the state the fold of the ledger and the events its mirror, under any race', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.array(
              fc.record({
                decision: fc.constantFrom('granted' as const, 'withdrawn' as const),
                purpose: fc.constantFrom('newsletter', 'personalisation'),
                skewMs: fc.integer({ min: -5_000, max: 5_000 }),
              }),
              { minLength: 1, maxLength: 4 },
            ),
            { minLength: 1, maxLength: 4 },
          ),
          async (rounds) => {
            const sub = aSub();
            for (const round of rounds) {
              await Promise.all(round.map((one) => answer(sub, one.decision, one.purpose, NOW + one.skewMs)));
            }
            const ledger = await ledgerOf(sub);
            expect(await stores.consents.states(sub)).toEqual(foldLedger(ledger));
            const decided = (await eventsOf(sub)).filter(({ type }) => type.startsWith('consent.'));
            expect(decided.map(({ data }) => data?.ledgerId).sort()).toEqual(
              ledger.map(({ id }) => id).sort(),
            );
          },
        ),
        { numRuns: under.racers(25) },
      );
    });

    it('gives up with a conflict when other answers keep coming in between', async () => {
      const sub = aSub();
      const meddling = {
        ...stores,
        consents: {
          ...stores.consents,
          state: async (of: Sub, purpose: string) => {
            const state = await stores.consents.state(of, purpose);
            const entry = aConsent({ id: nextLedgerId(state, NOW, ulid), decision: 'withdrawn' });
            await stores.consents.record({ sub: of, entry, standing: state, events: [] });
            return state;
          },
        },
      };
      const request = anOwnerRequest(sub);
      const grant = { decision: 'granted' as const, ...shownText(rules, 'newsletter') };
      await expect(answerConsent(meddling, request, rules, 'newsletter', grant)).rejects.toMatchObject({
        code: 'CONSENT_CONFLICT',
      });
    });

    it('removes what only this consent carried, in the same transaction and with its event', async () => {
      const sub = aSub();
      await answer(sub, 'granted', 'personalisation');
      const kept = aFieldRecord();
      const fields = { city: kept, birthDate: aFieldRecord({ purpose: 'personalisation' }) };
      await stores.profiles.write({ sub, expectedVersion: 0, fields, at: iso(NOW) }, [anEvent()]);
      await answer(sub, 'withdrawn', 'personalisation');
      expect(await stores.profiles.find(sub)).toMatchObject({ version: 2, fields: { city: kept } });
      const last = (await eventsOf(sub)).find(({ type }) => type === 'profile.changed');
      expect(last?.data).toEqual({ fields: ['birthDate'], version: 2, cause: 'consent.withdrawn' });
    });

    it('makes a write fail that saw the grant and comes after the withdrawal, with or without a stored profile', async () => {
      for (const stored of [false, true]) {
        const sub = aSub();
        if (stored)
          await stores.profiles.write({ sub, expectedVersion: 0, fields: {}, at: iso(NOW) }, [anEvent()]);
        await answer(sub, 'granted', 'personalisation');
        const seen = await stores.profiles.find(sub);
        await answer(sub, 'withdrawn', 'personalisation');
        const late = { birthDate: aFieldRecord({ purpose: 'personalisation' }) };
        const write = { sub, expectedVersion: seen.version, fields: late, at: iso(NOW) };
        expect(await stores.profiles.write(write, [anEvent()])).toBe(false);
        expect((await stores.profiles.find(sub)).fields).toEqual({});
      }
    });
  });

  describe('askOwn', () => {
    it('gives many tabs the same questions of one visit', async () => {
      const sub = aSub();
      const asked = await Promise.all(
        Array.from({ length: 8 }, () => askOwn(stores, { sub, now: NOW }, rules)),
      );
      const sets = new Set(asked.map(({ questions }) => questions.map(({ name }) => name).join()));
      expect([...sets]).toEqual(['displayName,city']);
      expect((await stores.profiles.find(sub)).prompts.revision).toBe(1);
    });
  });

  describe('RecentActivity', () => {
    const put = async (sub: Sub, types: readonly AuditEvent['type'][], at = NOW) => {
      const events = types.map((type) => anEvent({ subject: { sub }, type, at: iso(at) }));
      const TransactItems = events.map((event) => auditWrite(auditTable(tables), event));
      await tables.client.send(new TransactWriteItemsCommand({ TransactItems }));
      return events;
    };

    async function readAll(sub: Sub, limit: number, now = NOW) {
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = await stores.activity.recent(sub, { limit, now, ...(before && { before }) });
        expect(page.events.length).toBeLessThanOrEqual(limit);
        seen.push(...page.events.map(({ id }) => id));
        before = page.next;
      } while (before);
      return seen;
    }

    it('shows every event of the person once, newest first, without routine', async () => {
      const sub = aSub();
      const events = await put(sub, [
        'registration.confirmed',
        ...Array.from({ length: 12 }, () => 'session.refreshed' as const),
        'consent.granted',
        'session.refreshed',
        'sign-in.refused',
      ]);
      await put(aSub(), ['sign-in.refused']);
      const visible = events
        .filter(({ type }) => type !== 'session.refreshed')
        .map(({ id }) => id)
        .reverse();
      for (const limit of [1, 2, 100]) expect(await readAll(sub, limit)).toEqual(visible);
    });

    it('hides what has expired before DynamoDB removes it', async () => {
      const sub = aSub();
      await put(sub, ['profile.changed'], NOW - 91 * DAY);
      expect(await readAll(sub, 10)).toEqual([]);
    });
  });
});
