import { describe, expect, it } from 'vitest';
import { type BrowserSessions, dynamoBrowserSessions } from '../../lambdas/adapters/browser-sessions.ts';
import {
  dynamoOtherSessions,
  dynamoPasswordResets,
  dynamoSessionCutoffs,
} from '../../lambdas/adapters/session-cutoffs.ts';
import { dynamoSessionRows } from '../../lambdas/adapters/session-rows.ts';
import { dynamoSessionStates, type SessionStates } from '../../lambdas/adapters/session-states.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Pseudonym, Sub } from '../../lambdas/core/ids.ts';
import type { BrowserSession } from '../../lambdas/core/session/browser-session.ts';
import type { RegistryChange } from '../../lambdas/core/session/registry.ts';
import { onEachEngine } from '../support/engines.ts';
import { memoryBrowsers, memoryStates } from '../support/sessions.ts';
import { testClock } from '../support/sign-in/services.ts';

let counter = 0;
const fresh = (kind: string) => {
  counter += 1;
  return `${kind}-${counter}`;
};
const anEvent = (id = fresh('event')): AuditEvent => ({
  v: 1,
  id,
  type: 'session.ended',
  at: '2026-11-22T10:00:00.000Z',
  subject: { sub: 'sub-1' as Sub },
  actor: 'self',
  outcome: 'success',
  reasons: [],
});
const many = <T>(times: number, act: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => act(index)));

function sessionStatesContract(name: string, open: () => SessionStates): void {
  describe(`SessionStates on ${name}`, () => {
    const proof = (flow: string, begunAt = 1) =>
      ({ flow, begunAt, level: 2, methods: ['password', 'totp'], authenticatedAt: 1_700_000_000 }) as const;

    it('know nothing of a session that nothing happened to', async () =>
      expect(await open().find(fresh('session'))).toBeUndefined());

    it('end a session for good', async () => {
      const [states, key] = [open(), fresh('session')];
      await many(5, () => states.end(key, anEvent()));
      expect(await states.find(key)).toMatchObject({ isEnded: true });
      expect(await states.raise(key, proof('f'), anEvent())).toBe(false);
      expect((await states.find(key))?.assurance).toBeUndefined();
    });

    it('raise a session once per flow, however many ask at once', async () => {
      const [states, key] = [open(), fresh('session')];
      const raised = await many(8, () => states.raise(key, proof('f1'), anEvent()));
      expect(raised.filter(Boolean)).toHaveLength(1);
      const later = { ...proof('f2', 2), authenticatedAt: 1_700_000_100 };
      expect(await states.raise(key, later, anEvent())).toBe(true);
      expect(await states.find(key)).toMatchObject({
        isEnded: false,
        assurance: { level: 2, methods: ['password', 'totp'], authenticatedAt: 1_700_000_100 },
      });
    });

    it('take no proof again once a later one came, so that two of them do not renew each other', async () => {
      const [states, key] = [open(), fresh('session')];
      expect(await states.raise(key, proof('f1', 1), anEvent())).toBe(true);
      expect(await states.raise(key, proof('f2', 2), anEvent())).toBe(true);
      expect(await states.raise(key, proof('f1', 1), anEvent())).toBe(false);
      expect(await states.raise(key, proof('f2', 2), anEvent())).toBe(false);
      expect(await states.raise(key, proof('f3', 3), anEvent())).toBe(true);
    });

    it('take a raised level back, and nothing else', async () => {
      const [states, key, other] = [open(), fresh('session'), fresh('session')];
      await states.raise(key, proof('f'), anEvent());
      await states.lapse(key);
      await states.lapse(other);
      expect((await states.find(key))?.assurance).toMatchObject({ level: 1, methods: ['password', 'totp'] });
      expect(await states.find(other)).toBeUndefined();
    });

    it('lead from an origin_jti to the flow, and keep what was raised meanwhile', async () => {
      const [states, flow, jti] = [open(), fresh('flow'), fresh('jti')];
      await states.raise(flow, proof('f'), anEvent());
      await states.link(jti, flow, { level: 1, methods: ['password'], authenticatedAt: 1 });
      expect(await states.find(jti)).toMatchObject({ flow });
      expect(await states.find(flow)).toMatchObject({ isLinked: true, assurance: { level: 2 } });
    });
  });
}

function browserSessionsContract(name: string, open: () => BrowserSessions): void {
  const aSession = (changes: Partial<BrowserSession> = {}): BrowserSession => ({
    sub: 'sub-1' as Sub,
    sessionKey: 'flow-1',
    flow: 'flow-1',
    clientId: 'server',
    scopes: ['vestibule/profile.read', 'vestibule/profile.write'],
    level: 1,
    methods: ['password', 'email-code'],
    startedAt: 1_700_000_000,
    seenAt: 1_700_000_000,
    scopesAt: 1_700_000_000,
    csrf: 'c'.repeat(43),
    ...changes,
  });
  describe(`BrowserSessions on ${name}`, () => {
    it('are found by the value of the cookie and by nothing else', async () => {
      const browsers = open();
      const token = await browsers.create(aSession(), 'sealed');
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(await browsers.find(token)).toEqual(aSession());
      expect(await browsers.refreshToken(token)).toBe('sealed');
      for (const other of ['', token.slice(1), `${token}A`, 'A'.repeat(43), 'flow-1']) {
        expect(await browsers.find(other)).toBeUndefined();
        expect(await browsers.refreshToken(other)).toBeUndefined();
      }
    });

    it('have another identifier each', async () => {
      const browsers = open();
      const tokens = await many(20, () => browsers.create(aSession(), 'sealed'));
      expect(new Set(tokens).size).toBe(20);
    });

    it('are seen later, never earlier, and not once replaced', async () => {
      const browsers = open();
      const token = await browsers.create(aSession(), 'sealed');
      for (const at of [1_700_000_300, 1_700_000_200]) await browsers.touch(token, at);
      expect(await browsers.find(token)).toMatchObject({ seenAt: 1_700_000_300 });
      await browsers.replaced(token, 1_700_000_400);
      await browsers.replaced(token, 1_700_000_500);
      await browsers.touch(token, 1_700_000_600);
      expect(await browsers.find(token)).toMatchObject({ seenAt: 1_700_000_300, replacedAt: 1_700_000_400 });
    });

    it('are gone once removed, and neither touched nor replaced into being', async () => {
      const browsers = open();
      const token = await browsers.create(aSession(), 'sealed');
      await browsers.remove(token);
      await browsers.touch(token, 1_800_000_000);
      await browsers.replaced(token, 1_800_000_000);
      expect(await browsers.find(token)).toBeUndefined();
      expect(await browsers.refreshToken(token)).toBeUndefined();
    });
  });
}

sessionStatesContract('memory', memoryStates);
browserSessionsContract('memory', memoryBrowsers);

onEachEngine((under) => {
  const clock = testClock();
  sessionStatesContract('DynamoDB', () => dynamoSessionStates(under.tables.client, 'risk', clock));
  browserSessionsContract('DynamoDB', () => dynamoBrowserSessions(under.tables.client, 'risk', clock));

  describe('the end of all other sessions', () => {
    it('spares the one that asked, moves on and never back', async () => {
      const sub = fresh('sub') as Sub;
      const others = dynamoOtherSessions(under.tables.client, 'risk');
      const cutoff = dynamoSessionCutoffs(under.tables.client, 'risk');
      expect(await cutoff(sub)).toBeUndefined();
      const end = (endedUntil: number, sessionKey: string, authenticatedAt: number) =>
        others.end({ sub, endedUntil }, { sessionKey, authenticatedAt }, anEvent());
      expect(await end(100, 'a', 50)).toBe(true);
      expect(await end(120, 'a', 50)).toBe(true);
      expect(await end(200, 'b', 130)).toBe(true);
      expect(await end(150, 'c', 140)).toBe(false);
      expect(await cutoff(sub)).toEqual({ until: 200, except: 'b' });
    });

    it('does not bring back a session that a reset ended while it was asking', async () => {
      const sub = fresh('sub') as Sub;
      const resets = dynamoPasswordResets(under.tables.client, {
        risk: 'risk',
        audit: { name: 'audit', ttlDays: 90 },
      });
      const others = dynamoOtherSessions(under.tables.client, 'risk');
      await resets.record({ sub, endedUntil: 100 }, { ...anEvent(), subject: { sub } });
      for (const endedUntil of [100, 101]) {
        const asking = { sessionKey: 'stolen', authenticatedAt: 90 };
        expect(await others.end({ sub, endedUntil }, asking, anEvent())).toBe(false);
      }
      expect(await dynamoSessionCutoffs(under.tables.client, 'risk')(sub)).toEqual({ until: 100 });
    });
  });

  describe('SessionRows', () => {
    const rows = () => dynamoSessionRows(under.tables.client, 'profiles', { name: 'audit', ttlDays: 90 });
    const at = (second: number) =>
      new Date(Date.parse('2026-11-22T10:00:00.000Z') + second * 1000).toISOString();
    const began = (id: string, second = 0, changes: object = {}): RegistryChange => ({
      kind: 'began',
      session: {
        id,
        client: 'web',
        door: 'sdk',
        startedAt: at(second),
        lastSeenAt: at(second),
        methods: ['password'],
        level: 1,
        device: 'Firefox on Windows',
        network: 'network-1' as Pseudonym,
      },
      ...changes,
    });
    const device = (id: string, second = 0) => ({
      id: id as Pseudonym,
      device: 'Firefox on Windows',
      firstSeenAt: at(second),
      lastSeenAt: at(second),
    });

    it('show a session once, whatever comes how often and in which order', async () => {
      const changes: RegistryChange[] = [
        began('one'),
        { kind: 'raised', id: 'one', level: 2, methods: ['password', 'totp'], at: at(20) },
        { kind: 'seen', id: 'one', at: at(60) },
      ];
      for (const order of [changes, [...changes, ...changes], [...changes, began('one')]]) {
        const sub = fresh('sub') as Sub;
        for (const change of order) await rows().apply(sub, change);
        expect(await rows().sessions(sub)).toMatchObject([
          { id: 'one', startedAt: at(0), lastSeenAt: at(60), level: 2, methods: ['password', 'totp'] },
        ]);
      }
    });

    it('do not bring an ended session back', async () => {
      const sub = fresh('sub') as Sub;
      await rows().apply(sub, { kind: 'ended', id: 'one', at: at(5) });
      expect(await rows().sessions(sub)).toEqual([]);
      await rows().apply(sub, began('one'));
      await rows().apply(sub, { kind: 'seen', id: 'one', at: at(9) });
      expect(await rows().sessions(sub)).toMatchObject([{ id: 'one', endedAt: at(5) }]);
    });

    it('are named by their owner, and not after their end', async () => {
      const [sub, other] = [fresh('sub') as Sub, fresh('sub') as Sub];
      await rows().apply(sub, began('one', 0, { device: device('d1') }));
      const name = (who: Sub, kind: 'session' | 'device', id: string) =>
        rows().rename(who, { kind, id }, 'Kitchen', { ...anEvent(), subject: { sub: who } });
      expect(await name(sub, 'session', 'one')).toBe(true);
      expect(await name(sub, 'device', 'd1')).toBe(true);
      expect(await name(other, 'session', 'one')).toBe(false);
      expect(await name(sub, 'session', 'd1')).toBe(false);
      await rows().apply(sub, began('one'));
      expect(await rows().session(sub, 'one')).toMatchObject({ name: 'Kitchen' });
      await rows().apply(sub, { kind: 'ended', id: 'one', at: at(5) });
      expect(await name(sub, 'session', 'one')).toBe(false);
    });

    it('keep name and age of a device whose token was renewed', async () => {
      const sub = fresh('sub') as Sub;
      await rows().apply(sub, began('one', 0, { device: device('d1') }));
      await rows().rename(sub, { kind: 'device', id: 'd1' }, 'Laptop', { ...anEvent(), subject: { sub } });
      const renewed = began('two', 60, { device: device('d2', 60), formerDevice: 'd1' });
      await rows().apply(sub, renewed);
      await rows().apply(sub, renewed);
      expect(await rows().devices(sub)).toEqual([
        { ...device('d2', 60), firstSeenAt: at(0), name: 'Laptop' },
      ]);
    });

    it('forget a device until it is used again', async () => {
      const sub = fresh('sub') as Sub;
      await rows().apply(sub, began('one', 0, { device: device('d1') }));
      await rows().forget(sub, 'd1', at(10));
      await rows().apply(sub, began('one', 0, { device: device('d1') })); // a late delivery
      expect(await rows().devices(sub)).toEqual([]);
      await rows().apply(sub, began('two', 20, { device: device('d1', 20) }));
      expect(await rows().devices(sub)).toMatchObject([{ id: 'd1', lastSeenAt: at(20) }]);
    });
  });
});
