import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoActivity } from '../../lambdas/adapters/activity.ts';
import {
  auditSubject,
  dynamoActivityCopies,
  dynamoAuditOutbox,
} from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoCheckpointHeads } from '../../lambdas/adapters/checkpoints.ts';
import { dynamoContacts } from '../../lambdas/adapters/contacts.ts';
import { dynamoNoticeLedger } from '../../lambdas/adapters/notice-ledger.ts';
import { readRecords } from '../../lambdas/audit-forwarder/records.ts';
import {
  type CheckpointLine,
  checkpointHash,
  nextCheckpoint,
  startOfCheckpoints,
} from '../../lambdas/core/audit/chain.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { anEvent } from '../support/audit.ts';
import { aroundCalls } from '../support/dynamo-client.ts';
import { onEachEngine } from '../support/engines.ts';
import type { TestTables } from '../support/tables.ts';

onEachEngine((under) => {
  let tables: TestTables;
  let now: number;
  beforeAll(() => {
    tables = under.tables;
  });
  beforeEach(() => {
    now = Date.parse('2026-11-22T12:00:00Z');
  });

  describe('NoticeLedger', () => {
    const ledger = () => dynamoNoticeLedger(tables.client, tables.names.risk, { now: () => now });

    it('gives a claim to one of many deliveries at once', async () => {
      const claims = await Promise.all(
        Array.from({ length: under.racers(20) }, () => ledger().claim('race')),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('gives the claim again after a release and after the claimant ended, never after the mail was sent', async () => {
      expect(await ledger().claim('mail')).toBe(true);
      await ledger().release('mail');
      expect(await ledger().claim('mail')).toBe(true);
      now += 61_000;
      expect(await ledger().claim('mail')).toBe(true);
      await ledger().settle('mail');
      now += 86_400_000;
      expect(await ledger().claim('mail')).toBe(false);
    });
  });

  describe('CheckpointHeads', () => {
    const line = (from: { n: number; hash: string }, upTo: number): CheckpointLine => {
      const checkpoint = nextCheckpoint(
        from,
        { chain: 'a', n: upTo, hash: 'f'.repeat(64) },
        '2026-11-22T12:00:00.000Z',
      );
      return { checkpoint, hash: checkpointHash(checkpoint), signature: 'c2ln' };
    };

    it('starts empty, moves once per head, and keeps the line it came from', async () => {
      const heads = dynamoCheckpointHeads(tables.client, tables.names.audit);
      expect(await heads.read()).toEqual({ head: startOfCheckpoints });
      const first = line(startOfCheckpoints, 5);
      const moves = await Promise.all([
        heads.advance(startOfCheckpoints, first),
        heads.advance(startOfCheckpoints, line(startOfCheckpoints, 6)),
      ]);
      expect(moves.filter(Boolean)).toHaveLength(1);
      const { head, line: kept } = await heads.read();
      expect(kept && { n: kept.checkpoint.n, hash: kept.hash }).toEqual(head);
      expect(await heads.advance(startOfCheckpoints, line(startOfCheckpoints, 7))).toBe(false);
      expect(await heads.advance(head, line(head, 7))).toBe(true);
    });
  });

  describe('AuditOutbox', () => {
    it('keeps the first writing of an event when the put is repeated', async () => {
      const outbox = dynamoAuditOutbox(tables.client, { name: tables.names.audit, ttlDays: 90 });
      const event = anEvent();
      await outbox.put(event);
      await outbox.put({ ...event, outcome: 'refused' });
      const Key = marshall({ subject: auditSubject(event), id: event.id });
      const { Item } = await tables.client.send(new GetItemCommand({ TableName: tables.names.audit, Key }));
      expect(JSON.parse(Item?.event?.S ?? '')).toEqual(event);
    });
  });

  describe('copies of events for recent activity', () => {
    it('show the event to its person, and once only, however often they are written', async () => {
      const sub = '22222222-2222-4222-8222-222222222222' as Sub;
      const copy = dynamoActivityCopies(tables.client, { name: tables.names.audit, ttlDays: 90 });
      const events = [anEvent({ subject: { sub } }), anEvent({ subject: { sub } })];
      await copy(events);
      await copy(events);
      const shown = await dynamoActivity(tables.client, tables.names.audit).recent(sub, { limit: 10, now });
      expect(shown.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).reverse());
    });

    it('are all written, also more than one call takes, and when the stream holds one twice', async () => {
      const sub = '33333333-3333-4333-8333-333333333333' as Sub;
      const events = Array.from({ length: 60 }, () => anEvent({ subject: { sub } }));
      const [first] = events;
      const copy = dynamoActivityCopies(tables.client, { name: tables.names.audit, ttlDays: 90 });
      await copy(first ? [...events, first] : events);
      const shown = await dynamoActivity(tables.client, tables.names.audit).recent(sub, { limit: 100, now });
      expect(shown.events).toHaveLength(60);
    });

    it('that found no room are an error, so that the stream brings them again', async () => {
      const full = aroundCalls(tables.client, async () => ({
        UnprocessedItems: { [tables.names.audit]: [{ PutRequest: { Item: {} } }] },
      }));
      const copy = dynamoActivityCopies(full, { name: tables.names.audit, ttlDays: 90 });
      await expect(copy([anEvent()])).rejects.toThrow('found no room');
    });

    it('hold nothing that the consumer of the stream would archive again', async () => {
      const event = anEvent();
      await dynamoActivityCopies(tables.client, { name: tables.names.audit, ttlDays: 90 })([event]);
      const Key = marshall({ subject: auditSubject(event), id: event.id });
      const { Item } = await tables.client.send(new GetItemCommand({ TableName: tables.names.audit, Key }));
      expect(readRecords([{ eventName: 'INSERT', dynamodb: { NewImage: Item as never } }]).events).toEqual(
        [],
      );
      expect(Item?.copy?.S).toBe(JSON.stringify(event));
      expect(Number(Item?.ttl?.N)).toBe(Date.parse(event.at) / 1000 + 90 * 86_400);
    });
  });

  describe('the contact of a person', () => {
    const contactOf = (sub: string) => dynamoContacts(tables.client, tables.names.profiles)(sub as Sub);
    const profile = (sub: string, more: object) =>
      tables.client.send(
        new PutItemCommand({
          TableName: tables.names.profiles,
          Item: marshall({ sub, item: 'profile', version: 1, fields: { city: { value: 'Kiel' } }, ...more }),
        }),
      );

    it('is address and language, and nothing else of the profile', async () => {
      await profile('ada', { email: 'ada@harbour.example', locale: 'de' });
      await profile('eve', { email: 'eve@harbour.example' });
      expect(await contactOf('ada')).toEqual({ email: 'ada@harbour.example', locale: 'de' });
      expect(await contactOf('eve')).toEqual({ email: 'eve@harbour.example', locale: undefined });
    });

    it('is missing without a profile, and while the profile has no address yet', async () => {
      await profile('new', {});
      expect([await contactOf('new'), await contactOf('gone')]).toEqual([undefined, undefined]);
    });
  });
});
