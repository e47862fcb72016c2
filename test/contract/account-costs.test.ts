import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aSub, shownText } from '../support/account.ts';
import { type AccountRoute, accountApi, type Call } from '../support/account-api.ts';
import { aroundCalls, type TestDynamo } from '../support/dynamo-client.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// What each route of a signed-in person costs, counted by the engine: a rise is a decision, not an accident.

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

interface Units {
  calls: number;
  read: number;
  write: number;
}

/** The client, asking each call for what it consumed. */
function metered(client: TestDynamo, units: Units): TestDynamo {
  return aroundCalls(client, async (command, send) => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const output = await send();
    const { ConsumedCapacity = [] } = output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
    const consumed = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    const kind = /^(Get|Query)/.test(command.constructor.name) ? 'read' : 'write';
    units[kind] += consumed;
    units.calls += 1;
    return output;
  });
}

it('every route stays within its budget of calls and units', async () => {
  const units: Units = { calls: 0, read: 0, write: 0 };
  const api = accountApi({ ...tables, client: metered(tables.client, units) });
  const sub = aSub();
  const costOf = async <Id extends AccountRoute>(call: Call<Id>): Promise<readonly number[]> => {
    Object.assign(units, { calls: 0, read: 0, write: 0 });
    expect((await api.send(sub, call)).status).toBe(200);
    return [units.calls, units.read, units.write];
  };
  const patch = (version: number, fields: object) =>
    costOf({ route: 'PATCH /v1/me/profile', headers: { 'if-match': `"${version}"` }, body: { fields } });
  const prompt = (field: string, body: object) =>
    costOf({ route: 'PUT /v1/me/prompts/{field}', params: { field }, body });
  const grant = (purpose: string) =>
    costOf({
      route: 'PUT /v1/me/consents/{purpose}',
      params: { purpose },
      body: { decision: 'granted', ...shownText(api.rules, purpose) },
    });
  const withdraw = (purpose: string) =>
    costOf({ route: 'PUT /v1/me/consents/{purpose}', params: { purpose }, body: { decision: 'withdrawn' } });

  // [calls, read units, write units], in the order of one visit
  expect({
    getProfile: await costOf({ route: 'GET /v1/me/profile' }),
    patchProfile: await patch(0, { displayName: 'Ada' }),
    patchWithoutChange: await patch(1, { displayName: 'Ada' }),
    firstPromptsOfVisit: await costOf({ route: 'GET /v1/me/prompts' }),
    promptsAgain: await costOf({ route: 'GET /v1/me/prompts' }),
    answer: await prompt('city', { answer: 'Lisbon' }),
    skip: await prompt('children', { skip: true }),
    grant: await grant('newsletter'),
    grantAgain: await grant('newsletter'),
    withdraw: await withdraw('newsletter'),
    grantForFields: await grant('personalisation'),
    patchGatedField: await patch(2, { birthDate: '1990-05-17' }),
    withdrawWithFields: await withdraw('personalisation'),
    getConsents: await costOf({ route: 'GET /v1/me/consents' }),
    history: await costOf({ route: 'GET /v1/me/consents/history' }),
    activity: await costOf({ route: 'GET /v1/me/activity', query: { limit: '5' } }),
  }).toEqual({
    getProfile: [2, 2, 0],
    patchProfile: [3, 2, 6], // the first, which also asks for an erasure under way
    patchWithoutChange: [2, 2, 0],
    firstPromptsOfVisit: [3, 2, 4],
    promptsAgain: [2, 2, 0],
    answer: [3, 2, 4],
    skip: [3, 2, 4],
    grant: [2, 1, 8], // the first of a purpose asks, too
    grantAgain: [1, 1, 0],
    withdraw: [3, 2, 6],
    grantForFields: [2, 1, 8],
    patchGatedField: [3, 2, 4],
    withdrawWithFields: [3, 2, 10],
    getConsents: [1, 1, 0],
    history: [1, 0.5, 0],
    activity: [1, 0.5, 0],
  });
});
