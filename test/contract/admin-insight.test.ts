import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoOperatorActivity } from '../../lambdas/adapters/activity.ts';
import { dynamoActivityCopies, dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoConsents } from '../../lambdas/adapters/consents.ts';
import { boundItem, flowItem } from '../../lambdas/adapters/flow-items.ts';
import { dynamoStatisticsWriter } from '../../lambdas/adapters/statistics.ts';
import { systemRandom } from '../../lambdas/adapters/system.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { AccountKey, FlowStart } from '../../lambdas/core/challenge/flow.ts';
import type { FlowId, Sub } from '../../lambdas/core/ids.ts';
import { countEvents } from '../../lambdas/core/statistics/count-events.ts';
import { iso, NOW } from '../support/account.ts';
import { auditTable } from '../support/account-api.ts';
import { adminApi } from '../support/admin-api.ts';
import { anEvent } from '../support/audit.ts';
import { onEachEngine } from '../support/engines.ts';
import { aFlow } from '../support/sign-in/flows.ts';
import { aNetwork, vocabulary } from '../support/statistics.ts';
import type { TestTables } from '../support/tables.ts';

const DAY = 86_400_000;

onEachEngine((under) => {
  let tables: TestTables;
  let api: ReturnType<typeof adminApi>;
  let sub: Sub;
  beforeAll(() => {
    tables = under.tables;
  });
  beforeEach(() => {
    api = adminApi(tables);
    sub = api.directory.add();
  });
  const outbox = () => dynamoAuditOutbox(tables.client, auditTable(tables));
  const tell = (event: Partial<AuditEvent>) =>
    outbox().put(anEvent({ id: ulid(NOW), at: iso(NOW), subject: { sub }, ...event }));
  const told = async () =>
    (await dynamoOperatorActivity(tables.client, tables.names.audit).recent(sub, { limit: 20, now: NOW }))
      .events;
  const reads = async () =>
    (await told()).filter(({ type }) => type === 'account.looked-up').map(({ data }) => data);

  describe('why a sign-in was decided as it was', () => {
    const route = 'GET /v1/admin/people/{sub}/decisions/{flow}';
    const ask = (flow: string, reason = 'review') =>
      api.send({ route, params: { sub, flow }, query: { reason } });
    const store = async (changes: Partial<FlowStart> = {}) => {
      const flow = aFlow({ account: sub as string as AccountKey, ...changes });
      await tables.client.send(new PutItemCommand({ TableName: tables.names.risk, Item: flowItem(flow) }));
      return flow;
    };

    it('is told from the stored record, word for word', async () => {
      const flow = await store();
      const { decision } = flow.record;
      expect(decision.outcome).toBe('challenge');
      const { status, body } = await ask(flow.id);
      expect(status).toBe(200);
      expect(body).toEqual({
        flow: flow.id,
        at: iso(flow.createdAt),
        source: 'record',
        outcome: 'challenge',
        enforcedOutcome: decision.enforcedOutcome,
        score: decision.score,
        policyVersion: decision.policyVersion,
        policy: { mode: 'enforce', challengeAt: 30, denyAt: 100 },
        signals: decision.reasons,
        methods: ['email-code'],
        reasons: [],
        state: 'challenged',
        proven: ['password'],
        door: 'api',
        client: 'web',
        network: 'network',
      });
      expect(body.signals.reduce((sum, { weight = 0 }) => sum + weight, 0)).toBe(body.score);
    });

    it('is found by the context that joined the flow, too, and long after the flow as long as the record is there', async () => {
      const flow = await store({ createdAt: NOW - DAY });
      const context = systemRandom.id();
      const Item = boundItem(context, flow);
      await tables.client.send(new PutItemCommand({ TableName: tables.names.risk, Item }));
      expect((await ask(context)).body).toMatchObject({
        source: 'record',
        score: flow.record.decision.score,
      });
    });

    it('is told from events where the record is gone, and says that only codes are left', async () => {
      const flow = systemRandom.id() as FlowId;
      await tell({
        type: 'sign-in.challenged',
        flow,
        reasons: ['DEVICE_NEW', 'PROOF_OLD'],
        data: { score: 60, policyVersion: 2, methods: ['passkey', 'email-code'] },
      });
      // Those of a sign-in come as copies, behind their answer.
      await dynamoActivityCopies(
        tables.client,
        auditTable(tables),
      )([
        anEvent({
          id: ulid(NOW + 1),
          at: iso(NOW + 1),
          subject: { sub },
          type: 'sign-in.refused',
          outcome: 'refused',
          flow,
          reasons: ['CHALLENGE_FAILED'],
        }),
      ]);
      await tell({ flow: systemRandom.id() as FlowId, reasons: ['NETWORK_NEW'] });
      expect((await ask(flow)).body).toEqual({
        flow,
        at: iso(NOW),
        source: 'events',
        outcome: 'challenge',
        score: 60,
        policyVersion: 2,
        signals: [{ code: 'DEVICE_NEW' }, { code: 'PROOF_OLD' }],
        methods: ['passkey', 'email-code'],
        reasons: ['CHALLENGE_FAILED'],
      });
    });

    it("is not told of another person's sign-in, nor of what is none", async () => {
      const stranger = await store({ account: 'somebody-else' as AccountKey });
      expect((await ask(stranger.id)).problem.code).toBe('DECISION_UNKNOWN');
      expect((await ask(systemRandom.id())).problem.code).toBe('DECISION_UNKNOWN');
      expect((await ask('no-flow')).problem.code).toBe('DECISION_UNKNOWN');
      const nobody = {
        route,
        params: { sub: 'nobody', flow: stranger.id },
        query: { reason: 'review' },
      } as const;
      expect((await api.send(nobody)).problem.code).toBe('ACCOUNT_UNKNOWN');
    });

    it('leaves an event with the reason, and asks for one', async () => {
      const flow = await store();
      await ask(flow.id, 'account-takeover');
      expect(await reads()).toEqual([
        { operator: api.operator, reason: 'account-takeover', part: 'decision', decision: flow.id },
      ]);
      expect((await ask(flow.id, 'curiosity')).problem.code).toBe('REQUEST_INVALID');
      expect((await api.send({ route, params: { sub, flow: flow.id } })).problem.code).toBe(
        'REQUEST_INVALID',
      );
      expect(await reads()).toHaveLength(1);
    });

    it('can be asked for every sign-in that a look-up shows', async () => {
      const flow = await store();
      await tell({ type: 'sign-in.challenged', flow: flow.id, data: { score: 60 } });
      const { body } = await api.send({
        route: 'POST /v1/admin/people/look-up',
        body: { sub, reason: 'review' },
      });
      const shown = body.activity.find(({ type }) => type === 'sign-in.challenged');
      expect(shown).toMatchObject({ flow: flow.id, data: { score: 60 } });
    });
  });

  describe('what a person agreed to', () => {
    const route = 'GET /v1/admin/people/{sub}/consents';
    const ask = (query: Record<string, string> = { reason: 'owner-asked' }) =>
      api.send({ route, params: { sub }, query });
    const answer = async (index: number) => {
      const consents = dynamoConsents(tables.client, { ...tables.names, audit: auditTable(tables) });
      const entry = {
        id: ulid(NOW + index),
        purpose: 'newsletter',
        decision: index % 2 ? ('withdrawn' as const) : ('granted' as const),
        version: '3',
        language: 'en',
        textHash: 'a'.repeat(64),
        at: iso(NOW + index),
        source: 'privacy-page' as const,
      };
      const standing = await consents.state(sub, 'newsletter');
      await consents.record({ sub, entry, standing, events: [] });
      return entry;
    };

    it('stands and has a history, newest first', async () => {
      const granted = await answer(0);
      const withdrawn = await answer(1);
      const { source: _, ...standing } = withdrawn;
      expect((await ask()).body).toEqual({ standing: [standing], history: [withdrawn, granted] });
    });

    it('goes on where a page ended', async () => {
      for (let index = 0; index < 52; index += 1) await answer(index);
      const { body } = await ask();
      expect(body.history).toHaveLength(50);
      const rest = await ask({ reason: 'owner-asked', after: body.next ?? '' });
      expect(rest.body.history).toHaveLength(2);
      expect(rest.body.next).toBeUndefined();
    });

    it('is read with a reason, which is told', async () => {
      await ask();
      expect(await reads()).toEqual([{ operator: api.operator, reason: 'owner-asked', part: 'consents' }]);
      expect((await ask({})).problem.code).toBe('REQUEST_INVALID');
      expect(
        (await api.send({ route, params: { sub: 'nobody' }, query: { reason: 'legal' } })).problem.code,
      ).toBe('ACCOUNT_UNKNOWN');
    });
  });

  describe('statistics', () => {
    const route = 'GET /v1/admin/statistics';
    const ask = (query: Record<string, string>) => api.send({ route, query });

    it('are there for every day of the range, with zeros, and name the busiest networks', async () => {
      const writer = dynamoStatisticsWriter(tables.client, tables.names.statistics, { now: () => NOW });
      const events = [0, 0, 2].map((day) =>
        anEvent({ at: iso(NOW + day * DAY), network: aNetwork(`of ${under.engine}`) }),
      );
      await countEvents(writer, events, vocabulary);
      const [from, to] = [iso(NOW).slice(0, 10), iso(NOW + 2 * DAY).slice(0, 10)];
      const { status, body } = await ask({ from, to });
      expect(status).toBe(200);
      expect(body).toMatchObject({ from, to, step: 'day', unlistedAtMost: 0 });
      expect(body.families.signIns.map(({ counts }) => counts.succeeded)).toEqual([2, 0, 1]);
      expect(body.families.registrations.map(({ counts }) => counts)).toEqual([{}, {}, {}]);
      expect(body.topNetworks).toEqual([
        { network: aNetwork(`of ${under.engine}`), count: 3, error: 0, refused: 0 },
      ]);
      const hours = await ask({ from, to: from, step: 'hour' });
      expect(hours.body.families.signIns).toHaveLength(24);
      // Nobody's data: the operator's own activity does not fill with it.
      expect(await reads()).toEqual([]);
    });

    it.each([
      { query: { from: '2026-11-22' }, pointer: '/query/to' },
      { query: { from: '22.11.2026', to: '2026-11-22' }, pointer: '/query/from' },
      { query: { from: '2026-11-22', to: '2026-11-21' }, pointer: '/query/to' },
      { query: { from: '2026-02-30', to: '2026-03-01' }, pointer: '/query/from' },
      { query: { from: '2025-01-01', to: '2026-11-22' }, pointer: '/query/to' },
      { query: { from: '2026-11-01', to: '2026-11-22', step: 'hour' }, pointer: '/query/to' },
      { query: { from: '2026-11-22', to: '2026-11-22', step: 'minute' }, pointer: '/query/step' },
    ])('refuse $query', async ({ query, pointer }) => {
      const { problem } = await ask(query as unknown as Record<string, string>);
      expect(problem).toMatchObject({ code: 'REQUEST_INVALID', fields: [{ pointer }] });
    });
  });
});
