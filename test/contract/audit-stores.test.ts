import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditSubject, dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoCheckpointHeads } from '../../lambdas/adapters/checkpoints.ts';
import { dynamoNoticeLedger } from '../../lambdas/adapters/notice-ledger.ts';
import {
  type CheckpointLine,
  checkpointHash,
  nextCheckpoint,
  startOfCheckpoints,
} from '../../lambdas/core/audit/chain.ts';
import { anEvent } from '../support/audit.ts';
import { openTables, type TestTables } from '../support/tables.ts';

let tables: TestTables;
let now: number;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  now = Date.parse('2026-11-22T12:00:00Z');
});

describe('NoticeLedger on DynamoDB', () => {
  const ledger = () => dynamoNoticeLedger(tables.client, tables.names.risk, { now: () => now });

  it('gives a claim to one of many deliveries at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => ledger().claim('race')));
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

describe('CheckpointHeads on DynamoDB', () => {
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

describe('AuditOutbox on DynamoDB', () => {
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
