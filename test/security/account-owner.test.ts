import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf } from '../../lambdas/api/routes.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import { aSub, NOW, shownText } from '../support/account.ts';
import { type AccountRoute, accountApi, type Call } from '../support/account-api.ts';
import { openTables, type TestTables } from '../support/tables.ts';

// security.md, "Missing owner check", "Mass assignment" and "log injection".

let tables: TestTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const routes = routesOf('account-api').map(({ id }) => id as AccountRoute);

/** Everything stored about one person, in all tables. */
async function storedOf(sub: Sub): Promise<readonly unknown[]> {
  const found: Record<string, unknown>[] = [];
  for (const name of ['profiles', 'consents', 'audit'] as const) {
    const { Items = [] } = await tables.client.send(new ScanCommand({ TableName: tables.names[name] }));
    found.push(...Items.map((item) => unmarshall(item)).filter((item) => (item.sub ?? item.subject) === sub));
  }
  return found;
}

/** A person with a profile, a consent and a history, whose data the others go for. */
async function aVictim(api: ReturnType<typeof accountApi>): Promise<Sub> {
  const victim = aSub();
  const consent = { decision: 'granted', ...shownText(api.rules, 'personalisation') };
  const params = { purpose: 'personalisation' };
  await api.send(victim, { route: 'PUT /v1/me/consents/{purpose}', params, body: consent });
  const fields = { displayName: 'Victim', birthDate: '1990-05-17' };
  const headers = { 'if-match': '"0"' };
  await api.send(victim, { route: 'PATCH /v1/me/profile', headers, body: { fields } });
  return victim;
}

const privateFacts = /Victim|1990-05-17|Victims key/;

const bodies: Record<string, () => Record<string, unknown>> = {
  'PATCH /v1/me/passkeys/{id}': () => ({ name: 'Mine now' }),
  'POST /v1/me/totp/confirm': () => ({ code: '123456' }),
  'POST /v1/me/phone': () => ({ number: '+4915112345678' }),
  'POST /v1/me/phone/confirm': () => ({ code: '123456' }),
  'POST /v1/me/password': () => ({ password: 'four words are plenty' }),
  'POST /v1/me/email': () => ({ email: 'eve@example.com' }),
  'POST /v1/me/email/confirm': () => ({ code: '123456' }),
  'POST /v1/me/erasure': () => ({ confirm: true }),
  'PATCH /v1/me/profile': () => ({ fields: { city: 'Rome' } }),
  'PUT /v1/me/prompts/{field}': () => ({ answer: 'Rome' }),
  'PUT /v1/me/consents/{purpose}': () => ({ decision: 'withdrawn' }),
};

describe('the subject of every route', () => {
  it('is the one of the token, wherever else a foreign one is put', async () => {
    const api = accountApi(tables);
    const victim = await aVictim(api);
    const before = await storedOf(victim);
    let accepted = 0;
    const places = ['sub', 'subject', 'userId', 'user', 'username', 'owner', 'id', 'x-sub', 'x-user-id'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.constantFrom(...places),
        fc.subarray(['body', 'nested', 'query', 'header', 'path', 'cursor'] as const, { minLength: 1 }),
        async (route, place, where) => {
          const has = (spot: (typeof where)[number]) => where.includes(spot);
          const body = bodies[route]?.();
          const attack: Call = {
            route,
            params: has('path')
              ? { field: victim, purpose: victim, id: victim }
              : { field: 'city', purpose: 'newsletter', id: 'f'.repeat(32) },
            authorizer: { level: '2', authenticatedAt: String(Math.floor(NOW / 1000)) },
            headers: { 'if-match': '"0"', ...(has('header') && { [place]: victim }) },
            query: {
              ...(has('query') && { [place]: victim }),
              ...(has('cursor') && { cursor: Buffer.from(victim).toString('base64url') }),
            },
            ...(body && {
              body: {
                ...body,
                ...(has('body') && { [place]: victim }),
                ...(has('nested') && { fields: { [place]: victim, displayName: 'Eve' } }),
              },
            }),
          };
          const eve = aSub();
          const { status, body: answer } = await api.send(eve, attack);
          expect(status).toBeLessThan(500);
          if (status < 300) accepted += 1;
          expect(JSON.stringify(answer) ?? '').not.toMatch(privateFacts);
          expect(JSON.stringify(answer) ?? '').not.toContain(victim);
        },
      ),
      { numRuns: 600 },
    );
    expect(await storedOf(victim)).toEqual(before);
    expect(accepted).toBeGreaterThan(20); // the attacks are real requests, answered with the caller's own data
    expect(api.faults).toEqual([]);
  });

  it('keeps the cursors of one person useless for another', async () => {
    const api = accountApi(tables);
    const [victim, eve] = [await aVictim(api), aSub()];
    for (const route of ['GET /v1/me/activity', 'GET /v1/me/consents/history'] as const) {
      const first = await api.send(victim, { route, query: { limit: '1' } });
      const cursor = first.body.next ?? 'none';
      expect((await api.send(eve, { route, query: { cursor } })).problem).toMatchObject({
        code: 'REQUEST_INVALID',
      });
    }
    const { body } = await api.send(eve, { route: 'GET /v1/me/activity' });
    expect(body.events).toEqual([]);
  });

  it.each(routes)('%s needs its scope and a token', async (route) => {
    const api = accountApi(tables);
    const without = await api.send(aSub(), { route, scopes: 'openid vestibule/other' });
    expect(without.problem).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
    const nobody = await api.send('' as Sub, { route });
    expect(nobody.problem).toMatchObject({ status: 401, code: 'TOKEN_REJECTED' });
  });
});

describe('mass assignment', () => {
  const privileged = [
    'sub',
    'item',
    'version',
    'email',
    'createdAt',
    'prompts',
    'tier',
    'groups',
    'email_verified',
    'cognito:groups',
    '__proto__',
    'constructor',
  ];

  it.each(privileged)('does not write %s, in the body or among the fields', async (name) => {
    const api = accountApi(tables);
    const sub = aSub();
    for (const body of [`{"${name}":"x"}`, `{"fields":{"${name}":"x"}}`]) {
      const headers = { 'if-match': '"0"', 'content-type': 'application/json' };
      await api.send(sub, { route: 'PATCH /v1/me/profile', headers, body });
    }
    expect(await storedOf(sub)).toEqual([]);
  });

  it('does not take purpose, source or time of a value from the caller', async () => {
    const api = accountApi(tables);
    const sub = aSub();
    const record = {
      value: 'Rome',
      purpose: 'newsletter',
      source: 'registration',
      at: '1999-01-01T00:00:00Z',
    };
    const call = { route: 'PATCH /v1/me/profile', headers: { 'if-match': '"0"' } } as const;
    const { status } = await api.send(sub, { ...call, body: { fields: { city: record } } });
    expect(status).toBe(400);
    expect(await storedOf(sub)).toEqual([]);
  });
});

describe('what a person types', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '","sub":"root',
      '\r\nlevel=error',
      '{"v":1,"type":"sign-in.succeeded"}',
      'jndi:ldap://x',
      '\u2028',
      '<script>',
    ),
  );

  it('reaches no event: values are never in it, and every event stays one record of ours', async () => {
    const api = accountApi(tables);
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (value, name) => {
        const sub = aSub();
        const marked = `SECRET-${value}`;
        const headers = { 'if-match': '"0"', 'user-agent': marked };
        const fields = { city: marked };
        await api.send(sub, { route: 'PATCH /v1/me/profile', headers, body: { fields } });
        await api.send(sub, {
          route: 'PATCH /v1/me/profile',
          headers,
          body: { fields: { [`SECRET-${name}`]: 1 } },
        });
        const params = { field: 'displayName' };
        await api.send(sub, { route: 'PUT /v1/me/prompts/{field}', params, body: { answer: marked } });
        const { body } = await api.send(sub, { route: 'GET /v1/me/activity' });
        expect(JSON.stringify(body.events)).not.toContain('SECRET');
        for (const event of body.events) expect(event.type).toMatch(/^(profile\.changed|prompt\.answered)$/);
      }),
      { numRuns: 60 },
    );
    expect(api.faults).toEqual([]);
  });
});
