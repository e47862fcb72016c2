import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { FunctionRuntime } from '../../../local/functions/runtime.ts';
import type { CloudFrontService } from '../../../local/services/cloudfront/index.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { openOperator, subIn } from '../../support/operator.ts';

// security.md: "Missing owner check", "Session fixation", "Host header poisoning", "Logging: no secrets"
const registrationLimit = 12;
let cloud: RunningCloud;
let origin: string;
let secret: string;
beforeAll(async () => {
  cloud = await openCloud({
    testSourceIp: true,
    parameters: {
      WafSignInLimit: '100000',
      WafRecoveryLimit: '100000',
      WafRegistrationLimit: String(registrationLimit),
    },
  });
  origin = new URL(cloud.outputs.endpoints.portal ?? '').origin;
  const { origins } = cloud.cloud.service<CloudFrontService>('cloudfront').distribution() ?? {};
  secret =
    [...(origins?.values() ?? [])].flatMap(({ headers }) => headers['x-vestibule-edge'] ?? [])[0] ?? '';
});
afterAll(() => cloud?.stop());

/** Headers as they are written, repeated ones included. */
const send = (
  url: string,
  method: string,
  headers: Record<string, string | string[]>,
  body = '',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
  new Promise((resolve, reject) => {
    const call = request(url, { method, headers: { 'user-agent': 'test', ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    call.on('error', reject).end(body);
  });

const cookieOf = (page: BrowserPage) => ({ cookie: `__Host-vestibule-session=${page.cookie}` });

describe('what another origin gets of a session in the portal', () => {
  let page: BrowserPage;
  beforeAll(async () => {
    const customer = await new Customer(cloud.outputs).register();
    page = await BrowserPage.ofPortal(cloud.outputs).signIn(customer);
  });

  it.each([{ from: BrowserPage.originOf() }, { from: 'https://evil.example' }])(
    'is nothing that it could read, the csrf value least of all: $from',
    async ({ from }) => {
      const headers = { ...cookieOf(page), origin: from, 'sec-fetch-site': 'same-site' };
      const answer = await send(`${origin}/v1/me/sessions`, 'GET', headers);
      const isReadable = answer.headers['access-control-allow-origin'] === from;
      expect([isReadable && answer.body.includes('csrf'), answer.headers['cache-control']]).toEqual([
        false,
        'no-store',
      ]);
    },
  );

  it.each([{ from: BrowserPage.originOf() }, { from: 'https://evil.example' }])(
    'does not even tell $from whether there is one',
    async ({ from }) => {
      const headers = { origin: from, 'sec-fetch-site': 'same-site', 'content-type': 'application/json' };
      for (const [method, path] of [
        ['GET', '/v1/me/sessions'],
        ['GET', '/v1/me/profile'],
        ['DELETE', '/v1/me/sessions'],
        ['POST', '/v1/sessions/refresh'],
        ['POST', '/v1/sessions/sign-out'],
      ] as const) {
        const seen = async (cookies: object) => {
          const body = method === 'POST' ? '{}' : '';
          const answer = await send(`${origin}${path}`, method, { ...headers, ...cookies }, body);
          const isReadable = answer.headers['access-control-allow-origin'] !== undefined;
          const codeIn = (text: string) => (JSON.parse(text) as { code: string }).code;
          return isReadable ? [answer.status, codeIn(answer.body)] : 'unreadable';
        };
        expect({ path, seen: await seen(cookieOf(page)) }).toEqual({ path, seen: await seen({}) });
      }
    },
  );

  it('is a change only with the value that it cannot know', async () => {
    const headers = { ...cookieOf(page), origin: BrowserPage.originOf(), 'content-type': 'application/json' };
    const forgeries: Record<string, string | string[]>[] = [
      {},
      { 'x-vestibule-csrf': '' },
      { 'x-vestibule-csrf': [page.csrf, page.csrf] },
    ];
    for (const forged of forgeries) {
      const answer = await send(`${origin}/v1/me/sessions`, 'DELETE', { ...headers, ...forged });
      expect(answer.status).toBe(401);
    }
  });

  it('is no read that a link or an image causes', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { ...cookieOf(page), 'sec-fetch-site': site };
      expect((await send(`${origin}/v1/me/sessions`, 'GET', headers)).status).toBe(401);
    }
    const own = { ...cookieOf(page), 'sec-fetch-site': 'same-origin' };
    expect((await send(`${origin}/v1/me/sessions`, 'GET', own)).status).toBe(200);
  });

  it('is no look of an operator at somebody that the operator never meant', async () => {
    const operator = await openOperator(cloud);
    const person = await (await new Customer(cloud.outputs).register()).signIn();
    const console = new BrowserPage(cloud.outputs, BrowserPage.originOf());
    await operator.signInAs(console);
    const path = `/v1/admin/people/${subIn(person.api.accessToken)}/consents?reason=abuse`;
    const led = { ...cookieOf(console), 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await send(`${origin}${path}`, 'GET', led)).status).toBe(401);
    const meant = { ...cookieOf(console), 'sec-fetch-site': 'same-origin' };
    expect((await send(`${origin}${path.replace('abuse', 'review')}`, 'GET', meant)).status).toBe(200);
    type Event = { type: string; data: { reason?: string } };
    const { body } = await person.api.expect<{ events: Event[] }>(200, 'GET', '/v1/me/activity');
    const looks = body.events.filter(({ type }) => type === 'account.looked-up');
    expect(looks.map(({ data }) => data.reason)).toEqual(['review']);
  });
});

describe('what the distribution makes of an answer of the API', () => {
  it.each([
    { method: 'HEAD', path: '/v1/registration-form' },
    { method: 'GET', path: '/v1/nothing' },
    { method: 'GET', path: '/v1/me/profile' },
    { method: 'GET', path: '/v1/portal/' },
    { method: 'TRACE', path: '/v1/registration-form' },
    { method: 'OPTIONS', path: '/v1/me/profile' },
  ])('is never a page: $method $path', async ({ method, path }) => {
    const answer = await send(`${origin}${path}`, method, { origin: 'https://evil.example' });
    expect(answer.body).not.toContain('<!doctype');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('the secret of the distribution', () => {
  const confirm = (url: string, sourceIp: string, headers: Record<string, string | string[]>) =>
    send(
      `${url}/v1/registrations/confirm`,
      'POST',
      { 'content-type': 'application/json', 'x-vestibule-test-source-ip': sourceIp, ...headers },
      '{}',
    );
  const blocked = async (url: string, sourceIp: string, forged: (attempt: number) => object) => {
    const seen: number[] = [];
    for (let attempt = 0; attempt <= registrationLimit; attempt += 1)
      seen.push((await confirm(url, sourceIp, { ...forged(attempt) })).status);
    return seen.filter((status) => status === 403).length;
  };
  const wrong = 'f'.repeat(64);

  it.each([
    { what: 'twice under its name', ip: '198.51.100.21', headers: { 'X-Vestibule-Edge': [wrong, wrong] } },
    { what: 'in capitals', ip: '198.51.100.22', headers: { 'X-VESTIBULE-EDGE': wrong } },
    { what: 'empty', ip: '198.51.100.23', headers: { 'x-vestibule-edge': '' } },
    { what: 'left out', ip: '198.51.100.24', headers: {} },
    { what: 'from an IPv6 address', ip: '2001:db8::21', headers: { 'x-vestibule-edge': wrong } },
  ])('cannot be guessed past: $what', async ({ ip, headers }) => {
    const forged = (attempt: number) => ({
      ...headers,
      'x-vestibule-viewer-address': `203.0.113.${attempt}`,
    });
    expect(await blocked(cloud.outputs.endpoints.identityApi, ip, forged)).toBe(1);
  });

  it('does not hide a viewer who names several addresses', async () => {
    const forged = (attempt: number) => ({
      'X-Vestibule-Viewer-Address': [`203.0.113.${attempt}`, `203.0.112.${attempt}`],
    });
    expect(await blocked(origin, '2001:db8::22', forged)).toBe(1);
  });

  it('is in no answer, no output and no log', async () => {
    expect(secret).toMatch(/^\S{32,}$/);
    const answers = await Promise.all(
      ['/v1/openapi.json', '/v1/registration-form', '/v1/nothing', '/portal/configuration.json'].map((path) =>
        send(`${origin}${path}`, 'GET', {}),
      ),
    );
    const report = { message: secret, page: '/portal/' };
    await send(
      `${origin}/v1/script-errors`,
      'POST',
      { 'content-type': 'application/json' },
      JSON.stringify(report),
    );
    const runtime = cloud.cloud.functions as FunctionRuntime;
    const logs = runtime.all().flatMap(({ journal }) => journal.logs());
    const seen = JSON.stringify([answers, cloud.outputs, logs]);
    expect(logs.length).toBeGreaterThan(0);
    expect(seen.includes(secret)).toBe(false);
  });
});
