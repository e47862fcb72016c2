import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sub } from '../../lambdas/core/ids.ts';
import { within } from '../../lambdas/core/privacy/export.ts';
import { tables as shapes } from '../../lambdas/tables.ts';
import { aSub, shownText } from '../support/account.ts';
import { accountApi } from '../support/account-api.ts';
import { ownAccount } from '../support/own-account.ts';
import { openTables, type TestTables } from '../support/tables.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const put = (table: 'profiles' | 'risk', item: Record<string, unknown>) =>
  tables.client.send(new PutItemCommand({ TableName: tables.names[table], Item: marshall(item) }));

const stored = async (table: 'profiles' | 'risk' | 'audit', key: string) => {
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: tables.names[table],
      ConsistentRead: true,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': shapes[table].partitionKey },
      ExpressionAttributeValues: { ':key': { S: key } },
    }),
  );
  return Items.map((item) => unmarshall(item));
};
const eventTypes = async (sub: Sub) =>
  (await stored('audit', sub)).map(({ event }) => (JSON.parse(String(event)) as { type: string }).type);

/** Somebody with something of every kind. */
async function aFullAccount() {
  const account = ownAccount(tables);
  const { sub, api, call } = account;
  const consent = { decision: 'granted', ...shownText(api.rules, 'personalisation') };
  await call('PUT /v1/me/consents/{purpose}', consent, { params: { purpose: 'personalisation' } });
  await call('PATCH /v1/me/profile', { fields: { displayName: 'Ada' } }, { headers: { 'if-match': '"0"' } });
  await account.enrolPasskey('Laptop');
  await call('POST /v1/me/recovery-codes');
  const at = '2026-11-22T10:00:00.000Z';
  await put('profiles', {
    sub,
    item: 'session#s1',
    client: 'web',
    door: 'api',
    startedAt: at,
    lastSeenAt: at,
    methods: ['password'],
    level: 1,
  });
  await put('profiles', { sub, item: 'device#d1', device: 'Firefox', firstSeenAt: at, lastSeenAt: at });
  await put('profiles', {
    sub,
    item: 'link#l1',
    provider: 'Acme',
    subject: 'a-1',
    primary: true,
    linkedAt: at,
  });
  await put('profiles', {
    sub,
    item: 'recovery',
    id: 'r1',
    status: 'cancelled',
    by: 'self',
    requestedAt: 1,
    readyAt: 2,
    expiresAt: 3,
  });
  await put('risk', {
    subject: `ACCOUNT#${sub}`,
    kind: 'HISTORY',
    devices: { d1: 5 },
    networks: {},
    lastSignInAt: 7,
    lastFlow: 'secret-flow',
  });
  return account;
}

describe('everything that is kept about a person', () => {
  it('is one document with every part, its purpose and time, and no secret', async () => {
    const { sub, call } = await aFullAccount();
    const { status, headers, body } = await call('GET /v1/me/data');
    expect(status).toBe(200);
    expect(headers['Content-Disposition']).toBe('attachment; filename="my-data.json"');
    expect(body).toMatchObject({
      version: 1,
      sub,
      account: { directory: { name: 'As the provider writes it' } },
      profile: {
        fields: {
          displayName: {
            value: 'Ada',
            purpose: expect.any(String),
            source: 'profile',
            at: expect.any(String),
          },
        },
      },
      consents: { standing: [{ purpose: 'personalisation' }], history: [{ purpose: 'personalisation' }] },
      sessions: [{ id: 's1', client: 'web' }],
      devices: [{ id: 'd1', device: 'Firefox' }],
      links: [{ id: 'l1', provider: 'Acme', subject: 'a-1' }],
      recovery: { status: 'cancelled' },
      signInHistory: { devices: { d1: 5 }, lastSignInAt: 7 },
      cut: [],
    });
    expect(body.factors.map(({ kind }) => kind).sort()).toEqual(['passkey', 'recovery-codes']);
    expect(body.factors.find(({ kind }) => kind === 'recovery-codes')).toMatchObject({ left: 10 });
    expect(body.activity.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['consent.granted', 'profile.changed', 'factor.enrolled']),
    );
    expect(JSON.stringify(body)).not.toMatch(/publicKey|sealedSecret|hashes|salt|secret-flow|cohortKey/);
    expect(await eventTypes(sub)).toContain('privacy.exported');
  });

  it('reads as empty for an account without anything, and is told to the audit', async () => {
    const { sub, call } = ownAccount(tables);
    expect((await call('GET /v1/me/data')).body).toMatchObject({ sessions: [], activity: [], cut: [] });
    expect(await eventTypes(sub)).toEqual(['privacy.exported']);
  });

  it('is given ten times an hour, whoever else asks', async () => {
    const { call, api } = ownAccount(tables);
    const statuses = async (times: number) => {
      const seen: number[] = [];
      for (let count = 0; count < times; count += 1) seen.push((await call('GET /v1/me/data')).status);
      return seen;
    };
    expect(await statuses(11)).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect((await call('GET /v1/me/data')).headers['Retry-After']).toBe('3600');
    expect((await ownAccount(tables).call('GET /v1/me/data')).status).toBe(200);
    api.clock.time += 3_600_000;
    expect(await statuses(1)).toEqual([200]);
  });

  it.each([
    ['an old proof', { level: '1', authenticatedAt: '0' }],
    ['no proof that we vouch for', { level: '0' }],
  ])('is not given for %s', async (_, authorizer) => {
    const api = accountApi(tables);
    const now = String(Math.floor(api.clock.time / 1000));
    const given = { authenticatedAt: now, ...authorizer };
    for (const call of [
      { route: 'GET /v1/me/data' as const },
      { route: 'POST /v1/me/erasure' as const, body: { confirm: true } },
    ]) {
      const { problem } = await api.send(aSub(), { ...call, authorizer: given });
      expect(problem.code).toBe('STEP_UP_REQUIRED');
    }
  });

  it('names the lists that were too long, and stays below what a function may answer', () => {
    const entries = Array.from({ length: 1_000 }, (_, id) => ({ id, text: 'ü'.repeat(100) }));
    const { entries: kept, complete } = within(entries, 50_000);
    expect(complete).toBe(false);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(50_000);
    expect(within(entries, 1_000_000)).toMatchObject({ complete: true });
  });

  it('cuts a long activity at the newest and says where the rest is', async () => {
    const { sub, call } = ownAccount(tables);
    const padding = 'x'.repeat(300_000);
    for (let day = 0; day < 10; day += 1) {
      const id = `01JD9Z000${day}AAAAAAAAAAAAAAAA`;
      const event = {
        v: 1,
        id,
        type: 'profile.changed',
        at: '2026-11-22T10:00:00.000Z',
        subject: { sub },
        actor: 'self',
        outcome: 'success',
        reasons: [],
        data: { padding },
      };
      const Item = marshall({
        subject: sub,
        id,
        type: event.type,
        event: JSON.stringify(event),
        ttl: 9_999_999_999,
      });
      await tables.client.send(new PutItemCommand({ TableName: tables.names.audit, Item }));
    }
    const { body } = await call('GET /v1/me/data');
    expect(body.cut).toEqual([{ section: 'activity', kept: 8, rest: 'GET /v1/me/activity' }]);
    expect(body.activity[0]?.id).toBe('01JD9Z0009AAAAAAAAAAAAAAAA');
  });
});

describe('the request to erase an account', () => {
  it('is one transaction: the mark, the end of the sessions, and the event; asked again it changes nothing', async () => {
    const { sub, api, call } = await aFullAccount();
    expect((await call('POST /v1/me/erasure', { confirm: true })).status).toBe(202);
    const [mark] = (await stored('profiles', sub)).filter(({ item }) => item === 'lock');
    expect(mark).toMatchObject({ reason: 'erasure', by: sub });
    expect(await stored('risk', `SUB#${sub}`)).toHaveLength(1);
    expect(api.entry.closed).toEqual([sub, 'Acme_a-1']);
    expect((await call('POST /v1/me/erasure', { confirm: true })).status).toBe(202);
    expect((await stored('profiles', sub)).filter(({ item }) => item === 'lock')).toEqual([mark]);
    expect((await eventTypes(sub)).filter((type) => type === 'erasure.requested')).toHaveLength(1);
  });

  it('stands although the user pool could not be told', async () => {
    const { api, call } = ownAccount(tables);
    api.entry.failing = true;
    expect((await call('POST /v1/me/erasure', { confirm: true })).status).toBe(202);
  });

  it('is refused where an operator has closed the account: that lock is evidence', async () => {
    const { sub, call } = ownAccount(tables);
    await put('profiles', {
      sub,
      item: 'lock',
      reason: 'abuse',
      by: 'operator',
      at: '2026-11-22T10:00:00.000Z',
    });
    expect((await call('POST /v1/me/erasure', { confirm: true })).problem.code).toBe('ACCOUNT_LOCKED');
    expect(await eventTypes(sub)).toEqual([]);
  });
});
