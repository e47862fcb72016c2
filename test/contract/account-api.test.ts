import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sub } from '../../lambdas/core/ids.ts';
import { visitMinutes } from '../../lambdas/core/profile/prompts.ts';
import { accountRules, aSub, aTextVersion, DAY, HOUR, iso, NOW, shownText } from '../support/account.ts';
import { accountApi, testPseudonyms } from '../support/account-api.ts';
import { openTables, type TestTables } from '../support/tables.ts';

let tables: TestTables;
let api: ReturnType<typeof accountApi>;
let sub: Sub;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  api = accountApi(tables);
  sub = aSub();
});

const get = () => api.send(sub, { route: 'GET /v1/me/profile' });
const patch = (fields: Record<string, unknown>, etag: string | undefined) =>
  api.send(sub, {
    route: 'PATCH /v1/me/profile',
    body: { fields },
    headers: etag === undefined ? {} : { 'if-match': etag },
  });
const prompts = (query = {}) => api.send(sub, { route: 'GET /v1/me/prompts', query });
const answer = (field: string, body: object) =>
  api.send(sub, { route: 'PUT /v1/me/prompts/{field}', params: { field }, body });
const consent = (purpose: string, body: object) =>
  api.send(sub, { route: 'PUT /v1/me/consents/{purpose}', params: { purpose }, body });
const grant = (purpose: string) =>
  consent(purpose, { decision: 'granted', ...shownText(api.rules, purpose) });
const withdraw = (purpose: string) => consent(purpose, { decision: 'withdrawn' });
const consents = async (query = {}, headers = {}) =>
  (await api.send(sub, { route: 'GET /v1/me/consents', query, headers })).body.consents;
const events = async () => (await api.send(sub, { route: 'GET /v1/me/activity' })).body.events;
const asked = async () => (await prompts()).body.prompts.map(({ field }) => field);

describe('the profile', () => {
  it('reads as empty before anything is stored, and reading writes nothing', async () => {
    const { status, headers, body } = await get();
    expect({ status, etag: headers.ETag, body }).toEqual({
      status: 200,
      etag: '"0"',
      body: { version: 0, fields: {}, completeness: 0, schema: expect.any(Array) },
    });
    expect(await events()).toEqual([]);
  });

  it('is created by its first change, with provenance, completeness and an event that names the fields', async () => {
    const { status, headers, body } = await patch({ displayName: ' Ada ', city: 'Lisbon' }, '"0"');
    expect(status).toBe(200);
    expect(headers.ETag).toBe('"1"');
    const provenance = { purpose: 'service', source: 'profile', at: iso(NOW) };
    expect(body).toEqual({
      version: 1,
      createdAt: iso(NOW),
      fields: { displayName: { value: 'Ada', ...provenance }, city: { value: 'Lisbon', ...provenance } },
      completeness: 90, // 60 of the 66 that may be asked without a consent
      schema: expect.any(Array),
    });
    expect((await get()).body).toEqual(body);
    expect(await events()).toEqual([
      expect.objectContaining({
        type: 'profile.changed',
        data: { fields: ['displayName', 'city'], version: 1 },
      }),
    ]);
  });

  it.each([
    { given: 'no precondition', etag: undefined, status: 428, code: 'PRECONDITION_REQUIRED' },
    { given: 'an older version', etag: '"0"', status: 412, code: 'PROFILE_CONFLICT' },
    { given: 'a weak validator', etag: 'W/"1"', status: 412, code: 'PROFILE_CONFLICT' },
    { given: 'any version', etag: '*', status: 412, code: 'PROFILE_CONFLICT' },
    { given: 'no validator at all', etag: '1', status: 412, code: 'PROFILE_CONFLICT' },
  ])('refuses a change with $given', async ({ etag, status, code }) => {
    await patch({ city: 'Lisbon' }, '"0"');
    const refused = await patch({ city: 'Rome' }, etag);
    expect(refused.problem).toMatchObject({ status, code });
    if (status === 412) expect(refused.headers.ETag).toBe('"1"');
    expect((await get()).body.fields.city?.value).toBe('Lisbon');
  });

  it('accepts one of two changes made at once', async () => {
    const both = await Promise.all([patch({ city: 'Rome' }, '"0"'), patch({ city: 'Oslo' }, '"0"')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(both.find(({ status }) => status === 412)?.headers.ETag).toBe('"1"');
    expect(await events()).toHaveLength(1);
  });

  it('accepts one of several validators and leaves the version alone when nothing changes', async () => {
    await patch({ city: 'Lisbon' }, '"0"');
    const { status, headers } = await patch({ city: 'Lisbon' }, '"7", "1"');
    expect([status, headers.ETag]).toEqual([200, '"1"']);
    expect(await events()).toHaveLength(1);
  });

  it('describes each field that may be filled now, in the wanted language, filled or not', async () => {
    const described = async (query = {}) =>
      (await api.send(sub, { route: 'GET /v1/me/profile', query })).body.schema;
    const permitted = (purposes: readonly string[]) =>
      api.rules.profile.fields.filter(({ purpose }) => purposes.includes(purpose)).map(({ name }) => name);
    const without = await described();
    expect(without.map(({ field }) => field)).toEqual(permitted(['service']));
    expect(without.find(({ field }) => field === 'city')).toMatchObject({ type: 'text', purpose: 'service' });
    const label = async (locale: string) => (await described({ locale }))[0]?.label;
    expect([await label('en'), await label('de')]).toEqual(
      ['en', 'de'].map((language) => api.rules.profile.fields[0]?.label[language]),
    );
    await grant('personalisation');
    expect((await described()).map(({ field }) => field)).toContain('birthDate');
  });

  it('names every refused field', async () => {
    const { problem } = await patch({ city: 7, shoe: 'x', birthDate: '1990-05-17' }, '"0"');
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.fields?.map(({ pointer }) => pointer).sort()).toEqual([
      '/fields/birthDate',
      '/fields/city',
      '/fields/shoe',
    ]);
  });

  it('changes the language of messages to an offered one only', async () => {
    const change = (locale: string) =>
      api.send(sub, { route: 'PATCH /v1/me/profile', body: { locale }, headers: { 'if-match': '"0"' } });
    expect((await change('fr')).problem.fields).toEqual([
      { pointer: '/locale', detail: 'must be one of: en, de' },
    ]);
    expect((await change('de')).body).toMatchObject({ locale: 'de', version: 1 });
    expect((await prompts()).body.prompts[0]?.label).toBe('Name');
  });
});

describe('events', () => {
  it('say from which kind of device and, as a pseudonym, from which network', async () => {
    const headers = { 'if-match': '"0"' };
    const body = { fields: { city: 'Lisbon' } };
    await api.send(sub, { route: 'PATCH /v1/me/profile', headers, body });
    const [event] = await events();
    expect(event).toMatchObject({ door: 'api', device: 'Firefox on Windows', outcome: 'success' });
    expect(event?.network).toBe(await testPseudonyms.of('network', '203.0.113.0/24'));
  });
});

describe('questions', () => {
  it('come within the budget, once per visit, and again after the cool-down', async () => {
    expect(await asked()).toEqual(['displayName', 'city']);
    api.clock.time += visitMinutes * 60_000 - 1;
    expect(await asked()).toEqual(['displayName', 'city']);
    api.clock.time += 1;
    expect(await asked()).toEqual([]);
    api.clock.time = NOW + 24 * HOUR;
    expect(await asked()).toEqual(['displayName', 'city']);
  });

  it('do not make an open profile page stale', async () => {
    const { headers } = await get();
    await prompts();
    expect((await patch({ city: 'Lisbon' }, headers.ETag)).status).toBe(200);
  });

  it('are answered into the profile with source and event, once', async () => {
    await prompts();
    const first = await answer('city', { answer: 'Lisbon' });
    expect(first.body).toEqual({ field: 'city', state: 'answered', version: 1, completeness: 30 });
    expect((await answer('city', { answer: 'Lisbon' })).status).toBe(200);
    expect((await answer('city', { answer: 'Rome' })).problem.code).toBe('PROFILE_CONFLICT');
    expect((await get()).body.fields.city).toMatchObject({ value: 'Lisbon', source: 'prompt' });
    expect((await events()).map(({ type, data }) => [type, data])).toEqual([
      ['prompt.answered', { field: 'city', version: 1 }],
    ]);
  });

  it('are skipped once per visit and rest for the configured days', async () => {
    await prompts();
    for (let click = 0; click < 3; click += 1) {
      expect((await answer('city', { skip: true })).body).toMatchObject({ state: 'skipped' });
    }
    expect((await events()).map(({ type, data }) => [type, data])).toEqual([
      ['prompt.skipped', { field: 'city', count: 1 }],
    ]);
    api.clock.time += 2 * DAY;
    expect(await asked()).toEqual(['displayName', 'children']);
    api.clock.time += 30 * DAY;
    expect(await asked()).toEqual(['displayName', 'city']);
    await answer('city', { skip: true });
    api.clock.time += 365 * DAY;
    expect(await asked()).toEqual(['displayName', 'children']);
  });

  it('are skipped once by many tabs at once', async () => {
    await prompts();
    const clicks = await Promise.all(Array.from({ length: 4 }, () => answer('city', { skip: true })));
    expect(clicks.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await events()).toHaveLength(1);
  });

  it.each([
    { what: 'a field that does not exist', field: 'shoe', body: { answer: 'x' }, code: 'PROMPT_UNKNOWN' },
    {
      what: 'a field of the profile page',
      field: 'darkMode',
      body: { answer: true },
      code: 'PROMPT_UNKNOWN',
    },
    {
      what: 'a field without consent',
      field: 'birthDate',
      body: { answer: '1990-05-17' },
      code: 'PROMPT_UNKNOWN',
    },
    { what: 'a skip of what was not asked', field: 'children', body: { skip: true }, code: 'PROMPT_UNKNOWN' },
    { what: 'a wrong type', field: 'city', body: { answer: 7 }, code: 'REQUEST_INVALID' },
    { what: 'neither answer nor skip', field: 'city', body: {}, code: 'REQUEST_INVALID' },
    { what: 'both', field: 'city', body: { answer: 'x', skip: true }, code: 'REQUEST_INVALID' },
  ])('refuse $what', async ({ field, body, code }) => {
    await prompts();
    expect((await answer(field, body)).problem.code).toBe(code);
    expect(await events()).toEqual([]);
  });
});

describe('consents', () => {
  it('are listed with today’s text in the best language, its hash and where the person stands', async () => {
    const [service, newsletter] = await consents({ locale: 'de-AT' });
    expect(service).toMatchObject({ purpose: 'service', basis: 'contract', ask: true, active: true });
    expect(newsletter).toEqual({
      purpose: 'newsletter',
      basis: 'consent',
      required: false,
      ...shownText(api.rules, 'newsletter', 'de'),
      text: 'Wortlaut 1',
      ask: true,
      active: false,
    });
    expect((await consents({}, { 'accept-language': 'fr, de;q=0.3' }))[1]?.language).toBe('de');
    expect((await consents({ locale: 'fr' }))[1]?.language).toBe('en');
  });

  it('are given and withdrawn by one call each', async () => {
    const text = shownText(api.rules, 'newsletter');
    const given = await grant('newsletter');
    expect(given.body).toMatchObject({ purpose: 'newsletter', decision: 'granted', ...text, at: iso(NOW) });
    expect((await consents())[1]).toMatchObject({
      active: true,
      ask: false,
      standing: { decision: 'granted', ...text, at: iso(NOW) },
    });
    expect((await withdraw('newsletter')).body).toMatchObject({ decision: 'withdrawn', ...text });
    expect((await consents())[1]).toMatchObject({ active: false, ask: false });
    const { body } = await api.send(sub, { route: 'GET /v1/me/consents/history' });
    expect(body.entries.map(({ decision, source }) => [decision, source])).toEqual([
      ['withdrawn', 'privacy-page'],
      ['granted', 'privacy-page'],
    ]);
    expect((await events()).map(({ type }) => type).sort()).toEqual(['consent.granted', 'consent.withdrawn']);
  });

  it('answer a repeated decision with what stands, without a second entry', async () => {
    const [first, second] = [await grant('newsletter'), await grant('newsletter')];
    expect(second.body).toEqual(first.body);
    expect(await events()).toHaveLength(1);
  });

  it.each([
    { purpose: 'unknown', body: { decision: 'withdrawn' }, status: 404, code: 'CONSENT_PURPOSE_UNKNOWN' },
    { purpose: 'service', body: { decision: 'withdrawn' }, status: 409, code: 'CONSENT_NOT_WITHDRAWABLE' },
    { purpose: 'newsletter', body: { decision: 'granted' }, status: 400, code: 'REQUEST_INVALID' },
    { purpose: 'newsletter', body: { decision: 'maybe' }, status: 400, code: 'REQUEST_INVALID' },
    {
      purpose: 'newsletter',
      body: { decision: 'granted', version: '1', language: 'en', textHash: '0'.repeat(64) },
      status: 409,
      code: 'CONSENT_TEXT_MISMATCH',
    },
  ])('refuse $code for $purpose', async ({ purpose, body, status, code }) => {
    expect((await consent(purpose, body)).problem).toMatchObject({ status, code });
    expect(await events()).toEqual([]);
  });

  it('are asked for again after a material change, and count for nothing until then', async () => {
    await grant('personalisation');
    await patch({ birthDate: '1990-05-17' }, '"0"');
    const rules = accountRules();
    const versions = [aTextVersion('3'), aTextVersion('2'), aTextVersion('1')];
    const changed = rules.purposes.map((purpose) =>
      purpose.name === 'personalisation' ? { ...purpose, versions } : purpose,
    );
    api = accountApi(tables, { ...rules, purposes: changed });
    expect((await consents())[2]).toMatchObject({ ask: true, active: false, version: '3' });
    expect((await get()).body.fields).toEqual({});
    await grant('personalisation');
    expect((await get()).body.fields).toHaveProperty('birthDate'); // kept, hidden until the new answer
  });
});

describe('a field that needs a consent', () => {
  it('is asked, stored and returned only while it is granted, and gone with the withdrawal', async () => {
    expect(await asked()).not.toContain('birthDate');
    await grant('personalisation');
    api.clock.time += 24 * HOUR;
    expect(await asked()).toContain('birthDate');
    await answer('birthDate', { answer: '1990-05-17' });
    expect((await get()).body.fields.birthDate?.purpose).toBe('personalisation');
    await withdraw('personalisation');
    const { body } = await get();
    expect([body.fields, body.version]).toEqual([{}, 2]);
    expect(await asked()).not.toContain('birthDate');
    await grant('personalisation');
    expect((await get()).body.fields).toEqual({}); // a new grant does not bring the old value back
  });

  it('is never left stored after a withdrawal, whatever is sent at the same time', async () => {
    for (let run = 0; run < 10; run += 1) {
      sub = aSub();
      await grant('personalisation');
      await Promise.all([
        patch({ birthDate: '1990-05-17' }, '"0"'),
        withdraw('personalisation'),
        answer('size', { answer: 's' }),
      ]);
      const history = await api.send(sub, { route: 'GET /v1/me/consents/history' });
      expect(history.body.entries[0]?.decision).toBe('withdrawn');
      await grant('personalisation'); // would show what had been left behind
      expect((await get()).body.fields).toEqual({});
    }
  });
});

describe('lists', () => {
  it('page by opaque cursors from the newest to the oldest', async () => {
    for (const purpose of ['newsletter', 'personalisation']) {
      await grant(purpose);
      api.clock.time += 1_000;
      await withdraw(purpose);
      api.clock.time += 1_000;
    }
    for (const route of ['GET /v1/me/consents/history', 'GET /v1/me/activity'] as const) {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await api.send(sub, { route, query: { limit: '3', ...(cursor && { cursor }) } });
        const rows = 'entries' in body ? body.entries : body.events;
        ids.push(...rows.map(({ id }) => id));
        cursor = body.next;
      } while (cursor);
      expect(ids).toEqual([...new Set(ids)].sort().reverse());
      expect(ids).toHaveLength(4);
    }
  });

  it.each(['0', '101', '-1', '1e3', 'x'])('refuse a limit of %s', async (limit) => {
    const { problem } = await api.send(sub, { route: 'GET /v1/me/activity', query: { limit } });
    expect(problem.fields?.[0]?.pointer).toBe('/query/limit');
  });
});
