import { beforeEach, describe, expect, it } from 'vitest';
import { consoleService } from '../../../../local/console/index.ts';
import type { LambdaService } from '../../../../local/functions/index.ts';
import { iamService } from '../../../../local/iam/index.ts';
import type { AwsRequest, HttpRequest, HttpResponse, Service } from '../../../../local/platform.ts';
import type { SesService } from '../../../../local/services/ses/index.ts';
import { wafService } from '../../../../local/waf/index.ts';
import { FakeCloud, provision } from '../../../support/fake-cloud.ts';

const HOST = '127.0.0.1:4400';
const HOSTILE = '<img src=x onerror=alert(1)>';

const event = (id: string, type: string, more: Record<string, unknown> = {}) => ({
  v: 1,
  id,
  type,
  at: '2026-11-22T12:00:00.000Z',
  subject: { sub: 'person-1' },
  actor: 'self',
  outcome: 'success',
  reasons: [],
  ...more,
});

/** A table service with what the console asks of it: names and scans, page by page. */
const tablesWith = (rows: Record<string, unknown[]>): Service => ({
  name: 'dynamodb',
  providers: [],
  api: {
    needs: () => [],
    handle: async ({ operation, body }: AwsRequest) => {
      if (operation === 'ListTables')
        return { status: 200, body: JSON.stringify({ TableNames: Object.keys(rows) }) };
      if (operation === 'DescribeTable') return { status: 200, body: '{"Table":{}}' };
      const { TableName, ExclusiveStartKey } = JSON.parse(body.toString());
      const index = ExclusiveStartKey?.index ?? 0;
      const all = rows[TableName] ?? [];
      const Items = all.slice(index, index + 1).map((row) => ({ event: { S: JSON.stringify(row) } }));
      const more = index + 1 < all.length ? { LastEvaluatedKey: { index: index + 1 } } : {};
      return { status: 200, body: JSON.stringify({ Items, ...more }) };
    },
  },
});

const functions = (): Service & Pick<LambdaService, 'functions' | 'logs'> => ({
  name: 'lambda',
  providers: [],
  functions: () => [
    {
      label: 'sign-in',
      name: 'Vestibule-SignIn',
      arn: 'arn:aws:lambda:::function:SignIn',
      memoryMb: 512,
      timeoutMs: 5_000,
      environments: 1,
      coldStarts: 1,
      invocations: [
        { requestId: '1', at: 0, durationMs: 80, coldStart: true, outcome: 'ok' },
        { requestId: '2', at: 1, durationMs: 2.25, coldStart: false, outcome: 'threw' },
        { requestId: '3', at: 2, durationMs: 4, coldStart: false, outcome: 'ok' },
      ],
    },
  ],
  logs: (name, requestId) => [{ at: 0, level: 'INFO', text: `${HOSTILE} ${name} ${requestId ?? 'all'}` }],
});

let cloud: FakeCloud;
let page: Service;

const send = (
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<HttpResponse> => {
  const url = new URL(target, `http://${HOST}`);
  const request: HttpRequest = {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { host: HOST, ...headers },
    body: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  };
  const route = page.http?.find(({ prefix }) => url.pathname.startsWith(prefix));
  if (route === undefined) throw new Error('not served');
  return route.handle(request);
};
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send('POST', `/_console/api/${path}`, { 'content-type': 'application/json', ...headers }, body);
const get = async (path: string) => JSON.parse(String((await send('GET', `/_console/api/${path}`)).body));

beforeEach(() => {
  cloud = new FakeCloud();
  page = consoleService(cloud);
});

describe('console page', () => {
  it('works for a cloud that has nothing yet', async () => {
    const { status, body } = await send('GET', '/');
    expect(status).toBe(200);
    expect(body).toContain('No sign-in has been decided yet.');
    expect(body).toContain('still being deployed');
  });

  it('allows no inline script, style or foreign content', async () => {
    const { headers, body } = await send('GET', '/');
    expect(headers?.['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(headers?.['content-security-policy']).not.toContain('unsafe');
    expect(headers?.['x-content-type-options']).toBe('nosniff');
    expect(String(body)).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/);
  });

  it.each([
    ['/_console/console.css', 'text/css; charset=utf-8'],
    ['/_console/console.js', 'text/javascript; charset=utf-8'],
  ])('serves %s', async (path, contentType) => {
    expect(await send('GET', path)).toMatchObject({ status: 200, headers: { 'content-type': contentType } });
  });

  it('has one heading, labelled sections, a language and a skip link', async () => {
    const body = String((await send('GET', '/')).body);
    expect(body.match(/<h1/g)).toHaveLength(1);
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('href="#live"');
    for (const [, label] of body.matchAll(/aria-labelledby="([^"]+)"/g))
      expect(body).toContain(`id="${label}"`);
  });

  it('escapes everything it shows', async () => {
    cloud.add(
      tablesWith({
        AuditTable: [
          event('01B', 'sign-in.refused', { device: HOSTILE, reasons: [HOSTILE], data: { score: HOSTILE } }),
        ],
      }),
    );
    cloud.add(functions());
    const mail = {
      id: '1',
      channel: 'email' as const,
      at: 0,
      from: '',
      to: [HOSTILE],
      kind: HOSTILE,
      subject: HOSTILE,
      text: '',
    };
    cloud.add({ name: 'ses', providers: [], messages: () => [mail] } as unknown as SesService);
    const body = String((await send('GET', '/')).body);
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(body).not.toContain('<img');
  });

  it.each(['/nothing', '/_console/nothing', '/_console/api/__proto__'])('answers 404 for %s', async (path) =>
    expect((await send('GET', path)).status).toBe(404),
  );
});

describe('console state', () => {
  it('lists events of audit and risk tables once, newest first, and decisions among them', async () => {
    cloud.add(
      tablesWith({
        'Vestibule-AuditTable': [
          event('01A', 'registration.requested'),
          event('01C', 'sign-in.refused', { outcome: 'refused', reasons: ['DEVICE_NEW'] }),
        ],
        'Vestibule-RiskTable': [
          event('01B', 'sign-in.succeeded', { data: { score: 0 } }),
          event('01C', 'sign-in.refused'),
          'not an event',
        ],
        'Vestibule-ProfilesTable': [event('01D', 'profile.read')],
      }),
    );
    expect((await get('events')).map(({ id }: { id: string }) => id)).toEqual(['01C', '01B', '01A']);
    expect((await get('decisions')).map(({ id }: { id: string }) => id)).toContain('01B');
    expect(String((await send('GET', '/')).body)).toContain('registration.requested');
  });

  it('sums up functions and shows their log', async () => {
    cloud.add(functions());
    const [view] = await get('functions');
    expect(view).toMatchObject({
      name: 'sign-in',
      invocations: 3,
      errors: 1,
      coldStarts: 1,
      medianMs: 4,
      slowestMs: 80,
    });
    const [line] = await get('logs?function=sign-in&requestId=2');
    expect(line.text).toContain('sign-in 2');
  });

  it('lists grants by use', async () => {
    const iam = cloud.add(iamService(cloud));
    const role = await provision(iam, 'AWS::IAM::Role', 'SignInRole', {
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Statement: { Effect: 'Allow', Action: ['kms:Sign', 'kms:Verify'], Resource: '*' },
          },
        },
      ],
    });
    iam.authorize(String(role.attributes.Arn), { action: 'kms:Sign', resource: 'k' });
    expect(
      (await get('grants')).map((grant: { action: string; used: number }) => [grant.action, grant.used]),
    ).toEqual([
      ['kms:Sign', 1],
      ['kms:Verify', 0],
    ]);
    expect(String((await send('GET', '/')).body)).toContain('1 grants used, 1 not used yet.');
  });

  it('has every part in one answer', async () => {
    cloud.add(wafService(cloud));
    expect(Object.keys(await get('state'))).toEqual(
      expect.arrayContaining([
        'clock',
        'faults',
        'functions',
        'events',
        'decisions',
        'waf',
        'access-log',
        'grants',
      ]),
    );
  });
});

describe('console commands', () => {
  it('moves the clock forward', async () => {
    const before = cloud.clock.now();
    expect((await post('clock/advance', { milliseconds: 60_000 })).status).toBe(200);
    expect(cloud.clock.now() - before).toBe(60_000);
  });

  it('arms and clears faults', async () => {
    const rule = {
      service: 'dynamodb',
      operation: 'GetItem',
      times: 2,
      effect: { kind: 'error', name: 'ThrottlingException' },
    };
    await post('faults', rule);
    expect(cloud.faultRules).toEqual([rule]);
    await post('faults/clear', {});
    expect(cloud.faultRules).toEqual([]);
  });

  it.each([
    ['clock/advance', { milliseconds: -1 }, 'milliseconds'],
    ['clock/advance', { milliseconds: '60' }, 'milliseconds'],
    ['faults', { effect: { kind: 'garbage' } }, 'service'],
    ['faults', { service: 'kms', effect: { kind: 'explode' } }, 'effect.kind'],
    ['faults', { service: 'kms', effect: { kind: 'error' } }, 'effect.name'],
    ['faults', { service: 'kms', effect: { kind: 'delay', milliseconds: 0 } }, 'effect.milliseconds'],
    ['faults', { service: 'kms', times: 0, effect: { kind: 'garbage' } }, 'times'],
    ['faults', '{', 'body'],
  ])('refuses %s with %j by field', async (path, body, field) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(String(response.body)).toContain(field);
  });

  it.each<[string, Record<string, string>]>([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a page on another local port', { origin: 'http://127.0.0.1:3000' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site request', { 'sec-fetch-site': 'same-site' }],
    ['a form', { 'content-type': 'text/plain' }],
    [
      'a page that rebound its name',
      { host: 'evil.example:4400', origin: 'http://evil.example:4400', 'sec-fetch-site': 'same-origin' },
    ],
  ])('cannot be driven by %s', async (_name, headers) => {
    const before = cloud.clock.now();
    expect((await post('clock/advance', { milliseconds: 1 }, headers)).status).toBe(403);
    expect(cloud.clock.now()).toBe(before);
  });

  it('takes its own page and scripts without a page', async () => {
    const own = { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' };
    expect((await post('clock/advance', { milliseconds: 1 }, own)).status).toBe(200);
    expect((await post('clock/advance', { milliseconds: 1 })).status).toBe(200);
  });

  it('changes nothing by GET, and reads nothing under a foreign name', async () => {
    expect((await send('GET', '/_console/api/clock/advance')).status).toBe(404);
    expect((await send('GET', '/_console/api/state', { host: 'evil.example' })).status).toBe(403);
    expect((await send('DELETE', '/')).status).toBe(405);
  });
});
