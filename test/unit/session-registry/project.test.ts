import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/audit/event.ts';
import type { FlowId, Pseudonym, Sub } from '../../../lambdas/core/ids.ts';
import { type RegistryChange, registryChange } from '../../../lambdas/core/session/registry.ts';
import { projectRecords } from '../../../lambdas/session-registry/project.ts';

const anEvent = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  v: 1,
  id: '01JD9Z0000AAAAAAAAAAAAAAAA',
  type: 'sign-in.succeeded',
  at: '2026-11-22T10:00:00.000Z',
  subject: { sub: 'sub-1' as Sub },
  actor: 'self',
  outcome: 'success',
  reasons: [],
  flow: 'F'.repeat(22) as FlowId,
  door: 'api',
  client: 'server',
  device: 'Firefox on Windows',
  network: 'n'.repeat(22) as Pseudonym,
  data: {
    newDevice: true,
    methods: ['password', 'totp', 'unheard-of'],
    level: 2,
    deviceId: 'd2',
    formerDeviceId: 'd1',
  },
  ...changes,
});
const aRecord = (text: string, as: 'event' | 'copy' = 'copy', number = '1'): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: number, NewImage: { [as]: { S: text } } },
});

describe('what an event says about a session', () => {
  it('begins one, on a device', () =>
    expect(registryChange(anEvent())).toEqual({
      sub: 'sub-1',
      change: {
        kind: 'began',
        session: {
          id: 'F'.repeat(22),
          client: 'server',
          door: 'api',
          startedAt: '2026-11-22T10:00:00.000Z',
          lastSeenAt: '2026-11-22T10:00:00.000Z',
          methods: ['password', 'totp'],
          level: 2,
          device: 'Firefox on Windows',
          deviceId: 'd2',
          network: 'n'.repeat(22),
        },
        device: {
          id: 'd2',
          device: 'Firefox on Windows',
          firstSeenAt: '2026-11-22T10:00:00.000Z',
          lastSeenAt: '2026-11-22T10:00:00.000Z',
        },
        formerDevice: 'd1',
      },
    }));

  it.each([
    { of: 'nobody', event: anEvent({ subject: { pseudonym: 'p' as Pseudonym } }) },
    { of: 'no flow', event: anEvent({ flow: undefined }) },
    { of: 'a way that is not ours', event: anEvent({ door: undefined }) },
    { of: 'all others at once', event: anEvent({ type: 'session.ended', flow: undefined }) },
    { of: 'another kind', event: anEvent({ type: 'profile.changed' }) },
  ])('says nothing of $of', ({ event }) => expect(registryChange(event)).toBeUndefined());
});

describe('a batch of the stream', () => {
  const open = (fail: (change: RegistryChange) => boolean = () => false) => {
    const applied: RegistryChange[] = [];
    const apply = async (_: Sub, change: RegistryChange) => {
      if (fail(change)) throw new Error('throttled: mia@example.com');
      applied.push(change);
    };
    const lines: unknown[] = [];
    return {
      applied,
      lines,
      run: (records: DynamoDBRecord[]) =>
        projectRecords(
          { apply },
          async (sub) => sub === 'erased',
          records,
          (line) => lines.push(line),
        ),
    };
  };

  it('is projected in order, from outbox rows and copies alike', async () => {
    const { applied, run } = open();
    const ended = anEvent({ type: 'session.ended' });
    const records = [aRecord(JSON.stringify(anEvent())), aRecord(JSON.stringify(ended), 'event')];
    expect(await run(records)).toEqual({ batchItemFailures: [] });
    expect(applied.map(({ kind }) => kind)).toEqual(['began', 'ended']);
  });

  it('brings nobody back whose account was erased', async () => {
    const { applied, run } = open();
    const late = anEvent({ subject: { sub: 'erased' as Sub } });
    expect(await run([aRecord(JSON.stringify(late))])).toEqual({ batchItemFailures: [] });
    expect(applied).toEqual([]);
  });

  it('stops at the first record that fails, names it and quotes nothing', async () => {
    const { applied, lines, run } = open(({ kind }) => kind === 'ended');
    const records = [
      aRecord(JSON.stringify(anEvent()), 'copy', '1'),
      aRecord(JSON.stringify(anEvent({ type: 'session.ended' })), 'event', '2'),
      aRecord(JSON.stringify(anEvent({ type: 'session.refreshed' })), 'event', '3'),
    ];
    expect(await run(records)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(applied.map(({ kind }) => kind)).toEqual(['began']);
    expect(lines).toEqual([
      { level: 'error', code: 'SESSION_RECORD_REFUSED', sequenceNumber: '2', cause: 'Error' },
    ]);
  });

  it.each(['{', '{"v":1}', 'null'])('refuses what is no event: %s', async (text) => {
    const { run } = open();
    expect(await run([aRecord(text, 'event', '7')])).toEqual({
      batchItemFailures: [{ itemIdentifier: '7' }],
    });
  });
});
