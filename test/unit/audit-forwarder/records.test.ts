import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../lambdas/audit-forwarder/records.ts';
import type { AuditEvent } from '../../../lambdas/core/audit/event.ts';
import type { Pseudonym } from '../../../lambdas/core/ids.ts';
import { anEvent } from '../../support/audit.ts';

const record = (
  table: 'audit' | 'risk',
  event: string,
  changes: Partial<DynamoDBRecord> & { old?: string } = {},
): DynamoDBRecord => ({
  eventName: 'INSERT',
  ...changes,
  dynamodb: {
    SequenceNumber: '100',
    Keys:
      table === 'audit'
        ? { subject: { S: 's' }, id: { S: 'i' } }
        : { subject: { S: 's' }, kind: { S: 'HISTORY' } },
    NewImage: { event: { S: event } },
    ...(changes.old !== undefined && { OldImage: { event: { S: changes.old } } }),
  },
});
const text = (event: AuditEvent) => JSON.stringify(event);

describe('readRecords', () => {
  it('takes events from both tables and copies a person’s events of the Risk table only', () => {
    const [outbox, signIn] = [anEvent(), anEvent()];
    const stranger = anEvent({ subject: { pseudonym: 'p' as Pseudonym } });
    const batch = readRecords([
      record('audit', text(outbox)),
      record('risk', text(signIn)),
      record('risk', text(stranger)),
    ]);
    expect(batch).toEqual({ events: [outbox, signIn, stranger], uncopied: [signIn], refused: [] });
  });

  it('passes over an item that was changed beside its event, and removals', () => {
    const old = text(anEvent());
    const fresh = anEvent();
    const batch = readRecords([
      record('risk', old, { eventName: 'MODIFY', old }),
      record('risk', text(fresh), { eventName: 'MODIFY', old }),
      record('risk', old, { eventName: 'REMOVE' }),
    ]);
    expect(batch.events).toEqual([fresh]);
  });

  it.each([
    ['no JSON', '{'],
    ['another version', text({ ...anEvent(), v: 2 as 1 })],
    ['an unknown type', text({ ...anEvent(), type: 'made.up' as 'consent.granted' })],
    ['no subject', text({ ...anEvent(), subject: {} as AuditEvent['subject'] })],
    ['an id that is no ULID', text({ ...anEvent(), id: '1' })],
    ['no time', text({ ...anEvent(), at: 'yesterday' })],
  ])('refuses %s without quoting it and goes on with the next record', (_, poison) => {
    const good = anEvent();
    const { events, refused } = readRecords([record('audit', poison), record('audit', text(good))]);
    expect(events).toEqual([good]);
    expect(refused).toEqual([{ sequenceNumber: '100', why: expect.not.stringContaining('yesterday') }]);
  });
});
