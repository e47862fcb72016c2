import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoAuditOutbox } from '../../lambdas/adapters/audit-outbox.ts';
import { dynamoLinks } from '../../lambdas/adapters/links.ts';
import { dynamoSessionCutoffs } from '../../lambdas/adapters/session-cutoffs.ts';
import { dynamoSessionStates } from '../../lambdas/adapters/session-states.ts';
import { bodyExamples } from '../../lambdas/api/examples.ts';
import { routesOf } from '../../lambdas/api/routes.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import type { Identifier } from '../../lambdas/core/identifier.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { identityPseudonym } from '../../lambdas/core/linking/identity.ts';
import { aSub, DAY, HOUR, iso, NOW } from '../support/account.ts';
import { auditTable, testPseudonyms } from '../support/account-api.ts';
import { type AdminRoute, adminApi, registerSession } from '../support/admin-api.ts';
import { anEvent } from '../support/audit.ts';
import { riskRow } from '../support/risk-table.ts';
import { openTables, type TestTables } from '../support/tables.ts';

let tables: TestTables;
let api: ReturnType<typeof adminApi>;
let sub: Sub;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  api = adminApi(tables);
  sub = api.directory.add();
});

const put = (item: Record<string, unknown>) =>
  tables.client.send(new PutItemCommand({ TableName: tables.names.profiles, Item: marshall(item) }));
const eventsOf = async (subject: Sub): Promise<AuditEvent[]> => {
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: tables.names.audit,
      KeyConditionExpression: 'subject = :sub',
      ExpressionAttributeValues: marshall({ ':sub': subject }),
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => JSON.parse(unmarshall(item).event as string));
};
const act = (
  route: Extract<AdminRoute, `POST ${string}{sub}${string}`>,
  body: object = { reason: 'incident' },
) => api.send({ route, params: { sub }, body });
const lookUp = async () =>
  (await api.send({ route: 'POST /v1/admin/people/look-up', body: { sub, reason: 'review' } })).body;
const cutoffOf = async (person: Sub) =>
  (await dynamoSessionCutoffs(tables.client, tables.names.risk)(person))?.until;
const isEnded = async (flow: string) =>
  (await dynamoSessionStates(tables.client, tables.names.risk, api.clock).find(flow))?.isEnded ?? false;

describe('looking somebody up', () => {
  it('shows state, factors by kind, sessions, lock, recovery and activity, and no address', async () => {
    await put({ sub, item: 'profile', email: 'ada@example.com', version: 1 });
    await put({
      sub,
      item: 'factor#totp',
      kind: 'totp',
      name: 'Phone',
      sealedSecret: 's',
      lastStep: 1,
      enrolledAt: iso(NOW),
    });
    await registerSession(tables, {
      sub,
      flow: 'flow-1',
      client: 'web',
      startedAt: NOW,
      network: 'n'.repeat(22),
    });
    await act('POST /v1/admin/people/{sub}/recovery');
    const person = await lookUp();
    expect(person).toMatchObject({
      sub,
      status: 'CONFIRMED',
      enabled: true,
      factors: { passkeys: 0, totp: true, phone: false, recoveryCodesLeft: 0 },
      recovery: { state: 'requested', by: 'operator', readyAt: iso(NOW + 72 * HOUR) },
      sessions: [{ id: 'flow-1', client: 'web', startedAt: iso(NOW) }],
    });
    expect(JSON.stringify(person)).not.toContain('ada@');
    expect(person.activity.map(({ type }) => type)).toContain('recovery.requested');
  });

  it.each([
    { what: 'neither', body: { reason: 'review' }, code: 'REQUEST_INVALID' },
    {
      what: 'both',
      body: { reason: 'review', sub: 'x', identifier: 'ada@example.com' },
      code: 'REQUEST_INVALID',
    },
    {
      what: 'a pattern',
      body: { reason: 'review', identifier: '*@example.com, b@x.example' },
      code: 'REQUEST_INVALID',
    },
    { what: 'no reason', body: { sub: 'x' }, code: 'REQUEST_INVALID' },
    {
      what: 'a reason in own words',
      body: { sub: 'x', reason: 'because Ada rang' },
      code: 'REQUEST_INVALID',
    },
    { what: 'nobody', body: { sub: 'nobody', reason: 'review' }, code: 'ACCOUNT_UNKNOWN' },
    {
      what: 'an identity beside a sub',
      body: { sub: 'x', identity: { provider: 'Acme', subject: '1' }, reason: 'review' },
      code: 'REQUEST_INVALID',
    },
  ])('refuses $what', async ({ body, code }) => {
    const { problem } = await api.send({ route: 'POST /v1/admin/people/look-up', body });
    expect(problem.code).toBe(code);
  });
});

describe('somebody who came from a provider', () => {
  const identity = { provider: 'Acme', subject: 'Person-1' };
  const find = (by: object) =>
    api.send({ route: 'POST /v1/admin/people/look-up', body: { ...by, reason: 'review' } });

  it('is found by the provider and its id for them, whatever its case, with the providers and without the id', async () => {
    await dynamoLinks(tables.client, { ...tables.names, audit: auditTable(tables) }).begin(
      sub,
      { id: 'a'.repeat(32), identity, primary: true, linkedAt: iso(NOW) },
      await identityPseudonym(testPseudonyms, identity),
      anEvent({ type: 'link.added', subject: { sub } }),
    );
    const { body } = await find({ identity: { provider: 'acme', subject: 'person-1' } });
    expect(body).toMatchObject({
      sub,
      links: [{ provider: 'Acme', primary: true, linkedAt: iso(NOW) }],
      others: [],
    });
    expect(JSON.stringify(body)).not.toContain('Person-1');
  });

  it('is found by the address that they proved', async () => {
    const address = await testPseudonyms.of('identifier', 'proven@example.com');
    await put({ sub: `ADDRESS#${address}`, item: 'claim', owner: sub });
    expect((await find({ identifier: 'Proven@example.com' })).body.sub).toBe(sub);
  });

  it('is found by the address that their provider names, and everybody else who has it is named', async () => {
    const other = api.directory.add();
    api.directory.addresses.set('shared@example.com', [sub, other]);
    expect((await find({ identifier: 'shared@example.com' })).body).toMatchObject({ sub, others: [other] });
  });

  it('a look-up in vain is told, about the pseudonym of what was typed', async () => {
    await find({ identifier: 'nobody.here@example.com' });
    await find({ identity: { provider: 'Acme', subject: 'gone' } });
    await find({ sub: 'nobody' });
    const address = await testPseudonyms.of('identifier', 'nobody.here@example.com');
    const pseudonym = await identityPseudonym(testPseudonyms, { provider: 'Acme', subject: 'gone' });
    for (const [subject, by] of [
      [`ANON#${address}`, 'address'],
      [`ANON#${pseudonym}`, 'identity'],
      [api.operator, 'sub'],
    ] as const) {
      expect(await eventsOf(subject as Sub)).toMatchObject([
        {
          type: 'account.looked-up',
          outcome: 'refused',
          reasons: ['ACCOUNT_UNKNOWN'],
          data: { operator: api.operator, reason: 'review', by },
        },
      ]);
    }
  });
});

it('older events come page by page, each page told', async () => {
  for (let event = 0; event < 25; event += 1) {
    api.clock.time += 1_000;
    await act('POST /v1/admin/people/{sub}/sessions/end');
  }
  const first = await lookUp();
  expect(first.activity).toHaveLength(20);
  const { body } = await api.send({
    route: 'POST /v1/admin/people/look-up',
    body: { sub, reason: 'review', before: first.next },
  });
  const all = [...first.activity, ...body.activity].map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(26);
  const parts = (await eventsOf(sub)).map(({ data }) => data?.part);
  expect(parts.filter((part) => part === 'activity')).toHaveLength(1);
});

it('shows what was tried with the address of the person before anybody was known', async () => {
  const address = 'tried@example.com' as Identifier;
  const pseudonym = await testPseudonyms.of('identifier', address);
  api.directory.people.set(sub, { enabled: true, status: 'CONFIRMED', address });
  await dynamoAuditOutbox(tables.client, auditTable(tables)).put(
    anEvent({ type: 'sign-in.refused', subject: { pseudonym }, outcome: 'refused', at: iso(NOW) }),
  );
  const person = await lookUp();
  expect(person.attempts).toMatchObject([{ type: 'sign-in.refused', outcome: 'refused' }]);
  expect(JSON.stringify(person)).not.toContain('tried@');
});

describe('an act that comes to nothing', () => {
  const acts = [
    ['lock', 'account.locked'],
    ['unlock', 'account.unlocked'],
    ['reset', 'account.reset-forced'],
    ['sessions/end', 'session.ended'],
    ['recovery', 'recovery.requested'],
  ] as const;
  const toldOf = async (subject: Sub, type: string) =>
    (await eventsOf(subject)).filter(({ data }) => data?.act === type);

  it.each(acts)('%s of somebody who was erased meanwhile is told about the operator', async (path, type) => {
    api.directory.people.delete(sub);
    const { problem } = await act(`POST /v1/admin/people/{sub}/${path}`, { reason: 'abuse' });
    expect(problem.code).toBe('ACCOUNT_UNKNOWN');
    expect(await eventsOf(sub)).toEqual([]);
    expect(await toldOf(api.operator, type)).toMatchObject([
      {
        type: 'account.looked-up',
        outcome: 'refused',
        reasons: ['ACCOUNT_UNKNOWN'],
        data: { operator: api.operator, reason: 'abuse' },
      },
    ]);
  });

  it.each(['reset', 'recovery'] as const)(
    '%s of somebody locked meanwhile is refused and told',
    async (path) => {
      await put({ sub, item: 'factor#totp', kind: 'totp' });
      await act('POST /v1/admin/people/{sub}/lock');
      api.directory.calls.length = 0;
      const { problem } = await act(`POST /v1/admin/people/{sub}/${path}`, { reason: 'owner-asked' });
      expect(problem.code).toBe('ACCOUNT_LOCKED');
      expect(api.directory.calls).toEqual([]);
      expect(
        await toldOf(sub, path === 'reset' ? 'account.reset-forced' : 'recovery.requested'),
      ).toMatchObject([{ outcome: 'refused', reasons: ['ACCOUNT_LOCKED'], data: { reason: 'owner-asked' } }]);
    },
  );

  it('a reset without a password is refused before anything ends', async () => {
    api.directory.people.set(sub, { enabled: true, status: 'EXTERNAL_PROVIDER' });
    const { problem } = await act('POST /v1/admin/people/{sub}/reset');
    expect(problem.code).toBe('METHOD_UNAVAILABLE');
    expect(await cutoffOf(sub)).toBeUndefined();
    expect(await toldOf(sub, 'account.reset-forced')).toMatchObject([{ reasons: ['METHOD_UNAVAILABLE'] }]);
  });

  it('what a fault interrupts is told beside what was done', async () => {
    api.directory.failure = new Error('down');
    await act('POST /v1/admin/people/{sub}/lock', { reason: 'abuse' });
    await act('POST /v1/admin/people/{sub}/unlock', { reason: 'legal' });
    expect(
      (await eventsOf(sub)).map(({ type, outcome, data }) => [type, outcome, data?.reason]).sort(),
    ).toEqual([
      ['account.locked', 'success', 'abuse'],
      ['account.looked-up', 'failure', 'abuse'],
      ['account.looked-up', 'failure', 'legal'],
    ]);
  });

  it.each([
    ['consents', { route: 'GET /v1/admin/people/{sub}/consents', params: {} }],
    [
      'a decision',
      { route: 'GET /v1/admin/people/{sub}/decisions/{flow}', params: { flow: 'f'.repeat(22) } },
    ],
  ] as const)('looking at %s of nobody is told about the operator', async (_, { route, params }) => {
    const query = { reason: 'legal' };
    await api.send({ route, params: { sub: aSub(), ...params }, query });
    expect(await toldOf(api.operator, 'account.looked-up')).toMatchObject([
      { reasons: ['ACCOUNT_UNKNOWN'], data: { reason: 'legal' } },
    ]);
  });
});

it('a repeated act says that it found its work done', async () => {
  const locked = () => act('POST /v1/admin/people/{sub}/lock');
  const unlocked = () => act('POST /v1/admin/people/{sub}/unlock');
  expect((await locked()).body).toEqual({ state: 'locked', already: false });
  expect((await locked()).body).toEqual({ state: 'locked', already: true });
  expect((await unlocked()).body).toEqual({ state: 'unlocked', already: false });
  expect((await unlocked()).body).toEqual({ state: 'unlocked', already: true });
});

describe('a lock', () => {
  it('closes the account in our tables and in the pool, ends its sessions and is told with reason and operator', async () => {
    const { status } = await act('POST /v1/admin/people/{sub}/lock', {
      reason: 'abuse',
      note: 'ticket 4711',
    });
    expect(status).toBe(200);
    expect(api.directory.calls).toEqual(['disable', 'endSessions']);
    expect(await cutoffOf(sub)).toBeGreaterThanOrEqual(Math.floor(NOW / 1000));
    expect((await lookUp()).lock).toEqual({
      reason: 'abuse',
      at: iso(NOW),
      by: api.operator,
      note: 'ticket 4711',
    });
    const event = (await eventsOf(sub)).find(({ type }) => type === 'account.locked');
    expect(event).toMatchObject({
      type: 'account.locked',
      actor: 'operator',
      data: { operator: api.operator, reason: 'abuse' },
    });
    expect(JSON.stringify(event)).not.toContain('4711');
  });

  it('keeps its reason when it is repeated, and completes what a fault interrupted', async () => {
    api.directory.failure = new Error('down');
    expect((await act('POST /v1/admin/people/{sub}/lock', { reason: 'abuse' })).status).toBe(500);
    expect((await lookUp()).lock?.reason).toBe('abuse');
    api.directory.failure = undefined;
    expect((await act('POST /v1/admin/people/{sub}/lock', { reason: 'legal' })).status).toBe(200);
    expect((await lookUp()).lock?.reason).toBe('abuse');
    expect(api.directory.people.get(sub)?.enabled).toBe(false);
    const locked = (await eventsOf(sub)).filter(({ type }) => type === 'account.locked');
    expect(locked.map(({ reasons }) => reasons.join()).sort()).toEqual(['', 'LOCKED_ALREADY']);
  });

  it('is taken back, and stands while the pool does not answer', async () => {
    await act('POST /v1/admin/people/{sub}/lock');
    api.directory.failure = new Error('down');
    expect((await act('POST /v1/admin/people/{sub}/unlock')).status).toBe(500);
    expect((await lookUp()).lock).toBeDefined();
    api.directory.failure = undefined;
    expect((await act('POST /v1/admin/people/{sub}/unlock')).body).toEqual({
      state: 'unlocked',
      already: false,
    });
    expect((await lookUp()).lock).toBeUndefined();
    expect(api.directory.people.get(sub)?.enabled).toBe(true);
  });
});

it('opening an account that only the pool had closed is told, too', async () => {
  await api.directory.disable(sub);
  expect((await act('POST /v1/admin/people/{sub}/unlock')).status).toBe(200);
  expect(api.directory.people.get(sub)?.enabled).toBe(true);
  expect(await eventsOf(sub)).toMatchObject([
    { type: 'account.unlocked', reasons: ['NO_LOCK'], data: { operator: api.operator } },
  ]);
});

it.each(['lock', 'unlock', 'reset', 'sessions/end', 'recovery'] as const)(
  'does nothing to a person who is named by anything but the sub (%s)',
  async (action) => {
    const other = aSub();
    const find = api.directory.find.bind(api.directory);
    api.directory.find = async (name) => find(name === other ? sub : name);
    const answer = await api.send({
      route: `POST /v1/admin/people/{sub}/${action}`,
      params: { sub: other },
      body: { reason: 'incident' },
    });
    expect(answer.problem.code).toBe('ACCOUNT_UNKNOWN');
    expect(api.directory.calls).toEqual([]);
    expect(await cutoffOf(other)).toBeUndefined();
  },
);

it('a forced reset ends the sessions and what devices had proven, then asks for a new password', async () => {
  await act('POST /v1/admin/people/{sub}/reset', { reason: 'breached-password' });
  expect(api.directory.calls).toEqual(['forceReset', 'endSessions']);
  expect(await cutoffOf(sub)).toBeDefined();
  const history = await riskRow(tables.client, tables.names.risk, `ACCOUNT#${sub}`, 'HISTORY');
  expect(history).toMatchObject({ devices: {}, networks: {}, resetAt: NOW });
});

it('a recovery by an operator takes as long as one by the person, and nothing shortens it', async () => {
  expect((await act('POST /v1/admin/people/{sub}/recovery')).body).toEqual({ state: 'not-needed' });
  await put({ sub, item: 'factor#totp', kind: 'totp' });
  const first = await act('POST /v1/admin/people/{sub}/recovery');
  expect(first.body).toMatchObject({ state: 'waiting', readyAt: iso(NOW + 72 * HOUR) });
  api.clock.time += 71 * HOUR;
  expect((await act('POST /v1/admin/people/{sub}/recovery')).body).toEqual(first.body);
  // What the operator was told is told, also where nothing was begun.
  const events = (await eventsOf(sub)).map(({ type, data }) => [type, data?.recovery]);
  const id = events.find(([type]) => type === 'recovery.requested')?.[1];
  expect(events).toHaveLength(3);
  expect(events).toEqual(
    expect.arrayContaining([
      ['account.looked-up', 'not-needed'],
      ['recovery.requested', id],
      ['account.looked-up', id],
    ]),
  );
});

describe('ending a cohort', () => {
  const network = 'm'.repeat(22);
  const query = { from: iso(NOW - 2 * DAY), to: iso(NOW) };
  const preview = (body: object) =>
    api.send({ route: 'POST /v1/admin/session-endings', body: { reason: 'incident', ...body } });
  const confirm = (id: string) =>
    api.send({
      route: 'POST /v1/admin/session-endings/{id}/confirm',
      params: { id },
      body: { reason: 'incident' },
    });
  const run = (id: string, limit = 3) =>
    api.send({
      route: 'POST /v1/admin/session-endings/{id}/run',
      params: { id },
      body: { reason: 'incident', limit },
    });
  const status = (id: string) =>
    api.send({ route: 'GET /v1/admin/session-endings/{id}', params: { id }, query: { reason: 'incident' } });
  /** Until it is finished, as the command line does; interrupted and doubled where the test says so. */
  async function runAll(id: string, { twice = false } = {}) {
    for (let call = 0; call < 200; call += 1) {
      const answers = await Promise.all([run(id), ...(twice ? [run(id)] : [])]);
      expect(answers.map(({ status: code }) => code)).toEqual(answers.map(() => 200));
      if (answers.some(({ body }) => body.state === 'finished')) return status(id);
    }
    throw new Error('the run does not end');
  }
  /** Events of ended sessions, from the items that ended them. */
  async function endings(flows: readonly string[]): Promise<AuditEvent[]> {
    const rows = await Promise.all(
      flows.map((flow) => riskRow(tables.client, tables.names.risk, `SESSION#${flow}`, 'STATE')),
    );
    return rows.flatMap((row) => (row?.event ? [JSON.parse(row.event as string) as AuditEvent] : []));
  }

  /** Three people with three sessions each, over two days, two clients and two networks. */
  async function sessions() {
    const people = [aSub(), aSub(), aSub()];
    const made = people.flatMap((person, index) =>
      [0, 1, 2].map((nth) => ({
        sub: person,
        flow: `${person}-${nth}`,
        client: nth === 0 ? 'web' : 'server',
        startedAt: NOW - DAY - nth * HOUR - index * 1_000,
        network: index < 2 ? `${network.slice(1)}${index}` : 'o'.repeat(22),
      })),
    );
    for (const session of made) await registerSession(tables, session);
    return { people, flows: made.map(({ flow }) => flow) };
  }

  it('previews, ends nothing before the confirmation, then each session once with one notice per person', async () => {
    const { people, flows } = await sessions();
    const { status: code, body } = await preview({ query });
    expect(code).toBe(201);
    expect(body.matches.exact).toBe(true);
    expect(body.matches.sessions).toBeGreaterThanOrEqual(9);
    expect(body.sample.length).toBeGreaterThan(0);
    expect((await run(body.id)).problem.code).toBe('COHORT_CONFLICT');
    expect(await isEnded(flows[0] ?? '')).toBe(false);

    expect((await confirm(body.id)).body.state).toBe('running');
    const finished = await runAll(body.id, { twice: true });
    expect(finished.body.state).toBe('finished');
    expect(finished.body.ended.sessions).toBe(body.matches.sessions);
    expect(finished.body.ended.people).toBe(body.matches.people);
    for (const flow of flows) expect(await isEnded(flow)).toBe(true);
    const told = await endings(flows);
    expect(told).toHaveLength(9);
    for (const person of people) {
      const theirs = told.filter(({ subject }) => 'sub' in subject && subject.sub === person);
      expect(theirs.filter(({ data }) => data?.notice === true)).toHaveLength(1);
    }
    const acts = (await eventsOf(api.operator)).map(({ type }) => type);
    expect(acts.filter((type) => type === 'cohort.started')).toHaveLength(1);
    expect(acts.filter((type) => type === 'cohort.finished')).toHaveLength(1);
  });

  it.each([
    { by: 'client', changes: { client: 'web' }, expected: 1 },
    { by: 'network', changes: { network: `${network.slice(1)}0` }, expected: 3 },
    { by: 'time', changes: { from: iso(NOW - DAY - 30 * 60_000) }, expected: 1 },
    { by: 'provider', changes: { provider: 'google' }, expected: 0 },
  ])('takes those of a $by alone', async ({ changes, expected }) => {
    const { people, flows } = await sessions();
    const { body } = await preview({ query: { ...query, ...changes } });
    await confirm(body.id);
    await runAll(body.id);
    const ended = await Promise.all(flows.slice(0, 3).map(isEnded));
    expect(ended.filter(Boolean)).toHaveLength(expected);
    expect(people).toHaveLength(3);
  });

  it('knows an address by the pseudonym of its network', async () => {
    const person = aSub();
    const own = await testPseudonyms.of('network', '198.51.100.0/24');
    await registerSession(tables, {
      sub: person,
      flow: `${person}-a`,
      client: 'web',
      startedAt: NOW - HOUR,
      network: own,
    });
    const { body } = await preview({ query: { ...query, address: '198.51.100.77' } });
    expect(body.matches).toEqual({ sessions: 1, people: 1, exact: true });
    expect(body.sample).toEqual([person]);
  });

  it('ends everything of the people on a list, by sub and by address, each once', async () => {
    const [owner, other] = [aSub(), aSub()];
    const address = await testPseudonyms.of('identifier', 'ada@example.com');
    await put({ sub: `ADDRESS#${address}`, item: 'claim', owner });
    const list = { subs: [other, owner], identifiers: ['Ada@example.com', 'nobody@example.com'] };
    const { body } = await preview({ list });
    expect(body).toMatchObject({ matches: { people: 2 }, unknown: 1 });
    await confirm(body.id);
    const finished = await runAll(body.id, { twice: true });
    expect(finished.body.ended.people).toBe(2);
    expect([await cutoffOf(owner), await cutoffOf(other)]).not.toContain(undefined);
  });

  it('takes ten thousand people in one request', async () => {
    const subs = Array.from({ length: 10_000 }, () => aSub());
    const { status: code, body } = await preview({ list: { subs } });
    expect([code, body.matches.people]).toEqual([201, 10_000]);
    await confirm(body.id);
    expect((await run(body.id, 500)).body).toMatchObject({ state: 'running', ended: { people: 500 } });
  });

  it.each([
    { what: 'neither query nor list', body: {} },
    { what: 'both', body: { query, list: { subs: ['x'] } } },
    { what: 'an empty list', body: { list: {} } },
    { what: 'more than the days allowed', body: { query: { from: iso(NOW - 100 * DAY), to: iso(NOW) } } },
    { what: 'an end before the beginning', body: { query: { from: query.to, to: query.from } } },
    { what: 'a time in words', body: { query: { from: 'yesterday at some time o’clock' } } },
    { what: 'a thing that is no address', body: { query: { ...query, address: 'example.com' } } },
  ])('refuses $what', async ({ body }) => {
    expect((await preview(body)).problem.code).toBe('REQUEST_INVALID');
  });

  it('refuses to confirm an old preview', async () => {
    const { body } = await preview({ query });
    api.clock.time += 15 * 60_000;
    expect((await status(body.id)).body.state).toBe('expired');
    expect((await confirm(body.id)).problem.code).toBe('COHORT_CONFLICT');
    expect((await confirm('01JD8ZZZZZ0000000000000000')).problem.code).toBe('SESSION_UNKNOWN');
  });
});

// security.md, "Missing owner check": no route of this function is open to anybody but a fresh operator
const queryFor = (route: AdminRoute): Record<string, string> =>
  route === 'GET /v1/admin/statistics' ? { from: '2026-11-22', to: '2026-11-22' } : { reason: 'review' };

describe('every operator route', () => {
  const calls = routesOf('admin-api').map(({ id }) => ({ route: id as AdminRoute }));
  it.each(calls)('$route is closed to the wrong scope, to level 1 and to an old proof', async ({ route }) => {
    const own = 'vestibule/profile.read vestibule/profile.write vestibule/security.write';
    const stale = String(Math.floor(NOW / 1000) - 43_201);
    const request = {
      route,
      params: { sub, id: sub, flow: 'f'.repeat(22) },
      ...(route.startsWith('GET') ? { query: queryFor(route) } : { body: bodyExamples[route] }),
    };
    const codeFor = async (caller: Record<string, string>) =>
      (await api.send({ ...request, caller })).problem.code;
    expect(await codeFor({ scopes: own })).toBe('SCOPE_MISSING');
    expect(await codeFor({ scopes: '' })).toBe('SCOPE_MISSING');
    expect(await codeFor({ sub: '' })).toBe('TOKEN_REJECTED');
    expect(await codeFor({ level: '1' })).toBe('STEP_UP_REQUIRED');
    expect(await codeFor({ authenticatedAt: stale })).toBe('STEP_UP_REQUIRED');
    expect(api.directory.calls).toEqual([]);
  });

  it('asks a session of level 1 to step up, before it looks at anything', async () => {
    const weak: Record<string, string>[] = [
      { level: '1' },
      { level: '0' },
      { level: '2', authenticatedAt: '0' },
    ];
    for (const caller of weak) {
      const { status: code, problem } = await api.send({
        route: 'POST /v1/admin/people/{sub}/lock',
        params: { sub },
        body: { reason: 'abuse' },
        caller,
      });
      expect([code, problem.code]).toEqual([401, 'STEP_UP_REQUIRED']);
    }
    expect(await eventsOf(sub)).toEqual([]);
  });

  it('lets a reader change nothing', async () => {
    const caller = { scopes: 'vestibule/operators.read' };
    for (const { id, auth } of routesOf('admin-api')) {
      if (auth.kind === 'operator' && auth.scope === 'operators.write') {
        const { problem } = await api.send({ route: id as AdminRoute, params: { sub, id: sub }, caller });
        expect(problem.code).toBe('SCOPE_MISSING');
      }
    }
  });
});
