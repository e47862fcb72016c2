import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { CloudFrontService } from '../../../local/services/cloudfront/index.ts';
import type { WafService } from '../../../local/waf/index.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';

const limit = 10;
let cloud: RunningCloud;
let portal = '';
let origin = '';
beforeAll(async () => {
  cloud = await openCloud({ testSourceIp: true, parameters: { WafRegistrationLimit: String(limit) } });
  portal = cloud.outputs.endpoints.portal ?? '';
  origin = new URL(portal).origin;
});
afterAll(() => cloud?.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}${path}`, { redirect: 'manual', headers });

describe('pages of the portal', () => {
  it('are one document at every address, asked for each time, under the strict headers', async () => {
    const [start, deep] = await Promise.all([get('/portal/'), get('/portal/recovery/cancel?client=shop')]);
    expect([start.status, deep.status, await deep.text()]).toEqual([200, 200, await start.text()]);
    expect(Object.fromEntries(deep.headers)).toMatchObject({
      'content-type': 'text/html',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/),
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('need nothing that their policy forbids: no inline script or style, all files of their own', async () => {
    const html = await (await get('/portal/')).text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const [, address = ''] of html.matchAll(/\s(?:src|href)="([^"]+)"/g))
      expect(address).toMatch(/^\/portal\//);
  });

  it('name files that are kept for ever and come compressed', async () => {
    const html = await (await get('/portal/')).text();
    const [, script = ''] = /src="(\/portal\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    const answer = await get(script, { 'accept-encoding': 'br, gzip' });
    expect([
      answer.status,
      answer.headers.get('cache-control'),
      answer.headers.get('content-encoding'),
    ]).toEqual([200, 'public, max-age=31536000, immutable', 'br']);
    expect(
      (await get(script, { 'if-none-match': answer.headers.get('etag')?.replace('W/', '') ?? '' })).status,
    ).toBe(304);
  });

  it.each(['/portal/assets/gone-0000.js', '/portal/icon.png', '/portal/../secrets.json'])(
    'are not what a missing file gets: %s',
    async (path) => {
      const answer = await get(path);
      expect([answer.status, (await answer.text()).includes('<!doctype')]).toEqual([404, false]);
    },
  );

  it('start behind the bare address, which keeps its query', async () => {
    const answer = await get('/portal?client=shop');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/portal/?client=shop']);
    const root = await cloud.cloud.service<CloudFrontService>('cloudfront').serve({
      method: 'GET',
      path: '/',
      query: new URLSearchParams('client=shop'),
      headers: {},
      body: Buffer.alloc(0),
      sourceIp: '203.0.113.7',
    });
    expect([root.status, root.headers?.location]).toEqual([302, '/portal/?client=shop']);
  });

  it('are read only', async () => {
    expect((await fetch(portal, { method: 'POST' })).status).toBe(403);
  });

  it('know the configuration', async () => {
    const answer = await get('/portal/configuration.json');
    expect([answer.headers.get('cache-control'), await answer.json()]).toEqual([
      'no-cache',
      expect.objectContaining({ version: 1, languages: ['en', 'de', 'fr', 'es', 'ar'], sms: true }),
    ]);
  });

  it('leave the console where it is', async () => {
    expect(await (await get('/')).text()).toContain('<!doctype html>');
    expect(cloud.outputs.endpoints.console).toBe(`${cloud.outputs.url}/`);
  });
});

describe('the Identity API behind the same origin', () => {
  it('keeps a session in a cookie of the portal, whose origin is one of ours', async () => {
    const customer = await new Customer(cloud.outputs).register();
    const page = await BrowserPage.ofPortal(cloud.outputs).signIn(customer);
    const { body } = await page.expect<{ sessions: unknown[] }>(200, 'GET', '/v1/me/sessions');
    expect(body.sessions).toHaveLength(1);
    await page.expect(200, 'POST', '/v1/sessions/refresh', {});
    const elsewhere = await page.send(
      'POST',
      '/v1/sessions/sign-out',
      {},
      { origin: 'https://evil.example' },
    );
    expect(elsewhere.status).toBe(403);
  });

  it('mails links that lead to the portal', async () => {
    expect(cloud.outputs.stack.PortalUrl).toBe(`${origin}/portal`);
    const customer = await new Customer(cloud.outputs).register();
    await BrowserPage.ofPortal(cloud.outputs).expect(200, 'POST', '/v1/sessions', {
      identifier: customer.email,
      method: 'magic-link',
      mode: 'cookie',
    });
    const { text } = await customer.mailbox.next(customer.email, ({ text = '' }) =>
      text.includes('/portal/link#'),
    );
    expect(text).toContain(`${origin}/portal/link#`);
  });
});

describe('viewers of the portal', () => {
  const register = (url: string, sourceIp: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/registrations/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vestibule-test-source-ip': sourceIp, ...headers },
      body: '{}', // refused for its form, which WAF does not see
    });
  const statuses = async (times: number, send: (attempt: number) => Promise<Response>) => {
    const seen: number[] = [];
    for (let attempt = 0; attempt < times; attempt += 1) seen.push((await send(attempt)).status);
    return seen;
  };
  const withinLimit = Array(limit).fill(400);

  it('are counted one by one', async () => {
    const [first, second] = ['198.51.100.1', '198.51.100.2'];
    expect(await statuses(limit + 1, () => register(origin, first))).toEqual([...withinLimit, 403]);
    expect(await statuses(limit, () => register(origin, second))).toEqual(withinLimit);
  });

  it('cannot choose the address they are counted by', async () => {
    const forged = (attempt: number) => ({
      'x-vestibule-viewer-address': `203.0.113.${attempt}`,
      'x-forwarded-for': `203.0.113.${attempt}`,
      'x-vestibule-edge': 'guessed',
    });
    const send = (attempt: number) => register(origin, '198.51.100.3', forged(attempt));
    expect(await statuses(limit + 1, send)).toEqual([...withinLimit, 403]);
  });

  it('gain nothing by calling the API past the portal with its headers', async () => {
    const direct = cloud.outputs.endpoints.identityApi;
    const send = (attempt: number) =>
      register(direct, '198.51.100.4', {
        'x-vestibule-viewer-address': `203.0.113.${attempt}`,
        'x-vestibule-edge': 'g'.repeat(64),
      });
    expect(await statuses(limit + 1, send)).toEqual([...withinLimit, 403]);
  });

  it('are counted by a rule of their own, apart from who calls the API itself', () => {
    const matched = (rule: string) =>
      cloud.cloud
        .service<WafService>('waf')
        .rules()
        .find((each) => each.rule === rule)?.matched;
    expect([matched('rate-registration-portal'), matched('rate-registration')]).toEqual([2, 1]);
  });
});
