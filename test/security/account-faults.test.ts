import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sub } from '../../lambdas/core/ids.ts';
import { aSub, shownText } from '../support/account.ts';
import { type AccountRoute, accountApi, accountStores, type Call } from '../support/account-api.ts';
import { aroundCalls } from '../support/dynamo-client.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md, "Fail-open": a broken dependency never shows, stores or changes what it would have forbidden, and
// nothing changes without its event.

let tables: TestTables;
let sub: Sub;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const grant = () => ({ decision: 'granted', ...shownText(accountApi(tables).rules, 'personalisation') });
const params = { purpose: 'personalisation' };
const patch = (version: number, fields: object): Call<'PATCH /v1/me/profile'> => ({
  route: 'PATCH /v1/me/profile',
  headers: { 'if-match': `"${version}"` },
  body: { fields },
});

beforeEach(async () => {
  sub = aSub();
  const api = accountApi(tables);
  await api.send(sub, { route: 'PUT /v1/me/consents/{purpose}', params, body: grant() });
  await api.send(sub, patch(0, { birthDate: '1990-05-17', displayName: 'Ada' }));
});

/** The tables as they are, except that every call that names `table` fails like a throttled one. */
function broken(table: keyof TestTables['names']): TestTables {
  const client = aroundCalls(tables.client, async ({ input }, send) => {
    if (JSON.stringify(input).includes(`"TableName":"${tables.names[table]}"`)) {
      throw Object.assign(new Error('throttled'), { name: 'ProvisionedThroughputExceededException' });
    }
    return send();
  });
  return { ...tables, client };
}

const calls: readonly { readonly call: Call<AccountRoute>; readonly needs: readonly string[] }[] = [
  { call: { route: 'GET /v1/me/profile' }, needs: ['profiles', 'consents'] },
  { call: patch(1, { city: 'Rome' }), needs: ['profiles', 'consents', 'audit'] },
  { call: { route: 'GET /v1/me/prompts' }, needs: ['profiles', 'consents'] },
  {
    call: { route: 'PUT /v1/me/prompts/{field}', params: { field: 'city' }, body: { answer: 'Rome' } },
    needs: ['profiles', 'consents', 'audit'],
  },
  { call: { route: 'GET /v1/me/consents' }, needs: ['consents'] },
  {
    call: { route: 'PUT /v1/me/consents/{purpose}', params, body: { decision: 'withdrawn' } },
    needs: ['profiles', 'consents', 'audit'],
  },
  { call: { route: 'GET /v1/me/consents/history' }, needs: ['consents'] },
  { call: { route: 'GET /v1/me/activity' }, needs: ['audit'] },
];
const faults = calls.flatMap(({ call, needs }) =>
  needs.map((table) => ({ route: call.route, call, table: table as 'profiles' | 'consents' | 'audit' })),
);

async function everything() {
  const { profiles, consents, activity } = accountStores(tables);
  return [
    await profiles.find(sub),
    await consents.history(sub, { limit: 100 }),
    await consents.states(sub),
    await activity.recent(sub, { limit: 100, now: 0 }),
  ];
}

describe('a broken table', () => {
  it.each(faults)('$table: $route says so, shows nothing and changes nothing', async ({ call, table }) => {
    const before = await everything();
    const api = accountApi(broken(table));
    const { status, problem } = await api.send(sub, call);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(problem)).not.toMatch(/1990-05-17|Ada|throttled|Exception/);
    expect(api.faults).toHaveLength(1);
    expect(JSON.stringify(api.faults)).not.toMatch(/1990-05-17|Ada|Rome/);
    expect(await everything()).toEqual(before);
  });
});
