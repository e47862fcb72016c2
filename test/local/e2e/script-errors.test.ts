import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import type { LambdaService } from '../../../local/functions/index.ts';
import { BrowserPage } from '../../support/browser-page.ts';
import { openCloud } from '../../support/cloud.ts';

// security.md, "log injection": whoever can reach the API can write this line.
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await openCloud();
});
beforeEach(() => cloud.clock.advance(10_000)); // the route's own limit is full again
afterAll(() => cloud?.stop());

const logs = () => cloud.cloud.service<LambdaService>('lambda').logs('auth-api');

/** What the log of the function has gained. */
async function logged(report: unknown, headers: Record<string, string> = {}) {
  const before = new Set(logs());
  const answer = await BrowserPage.ofPortal(cloud.outputs).send('POST', '/v1/script-errors', report, headers);
  return { ...answer, lines: logs().filter((line) => !before.has(line)) };
}

const report = { message: 'TypeError: x is undefined', page: '/portal/profile' };

describe('an error in the script of a page', () => {
  it('is one structured line in the log, and nothing in the answer', async () => {
    const source = '/portal/assets/profile-BxY12.js:1:204';
    const { status, body, headers, lines } = await logged({ ...report, source });
    expect([status, body]).toEqual([204, {}]);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe('warn');
    expect(JSON.parse(lines[0]?.text ?? '')).toEqual({
      level: 'warn',
      event: 'script-error',
      ...report,
      source,
      requestId: headers.get('x-request-id'),
    });
  });

  it.each([
    [
      'a line break',
      'broken\r\n{"level":"error","event":"forged"}',
      'broken {"level":"error","event":"forged"}',
    ],
    ['a line separator', 'broken\u2028{"event":"forged"}', 'broken {"event":"forged"}'],
    ['a terminal escape', 'broken\u001b[2J', 'broken [2J'],
    ['text turned around', 'broken\u202egnp.exe', 'broken gnp.exe'],
    ['an address', 'no person ada@example.com', 'no person …'],
    ['a telephone number', 'no person +49 151 2345678', 'no person …'],
    ['a token', `no session ${'eyJhbGci'.repeat(8)}`, 'no session …'],
  ])('stays one line without %s', async (_, message, written) => {
    const { status, lines } = await logged({ ...report, message });
    expect(status).toBe(204);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(lines[0]?.text ?? '')).toMatchObject({ event: 'script-error', message: written });
  });

  it('takes the longest message that is allowed', async () => {
    const message = 'word '.repeat(100).slice(0, 499).concat('.');
    const { status, lines } = await logged({ ...report, message });
    expect([status, JSON.parse(lines[0]?.text ?? '').message]).toEqual([204, message]);
  });
});

describe('a report that is refused', () => {
  it.each([
    ['a message that is too long', { ...report, message: 'a '.repeat(251) }, 400],
    ['an empty message', { ...report, message: '' }, 400],
    ['no page', { message: report.message }, 400],
    ['a page with a query', { ...report, page: '/portal/link?token=secret' }, 400],
    ['a page with a fragment', { ...report, page: '/portal/link#secret' }, 400],
    ['a page elsewhere', { ...report, page: 'https://elsewhere.example/' }, 400],
    ['a page with a line break', { ...report, page: '/portal/\n' }, 400],
    ['a place with a query', { ...report, source: '/portal/assets/a.js?token=secret' }, 400],
    ['a place that is too long', { ...report, source: 'a'.repeat(201) }, 400],
    ['more than is asked', { ...report, stack: 'at sign-in.ts' }, 400],
    ['more than 2,048 bytes', { ...report, message: '€'.repeat(500), source: '/a'.repeat(300) }, 413],
    ['what is no report', ['broken'], 400],
  ])('leaves no line: %s', async (_, body, expected) => {
    const { status, lines } = await logged(body);
    expect([status, lines]).toEqual([expected, []]);
  });

  it('leaves no line when it is no JSON', async () => {
    const { status, lines } = await logged(report, { 'content-type': 'text/plain' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(lines).toEqual([]);
  });

  it('leaves no line when there were too many just now', async () => {
    const page = BrowserPage.ofPortal(cloud.outputs);
    const before = logs().length;
    const sent = Array.from({ length: 60 }, () => page.send('POST', '/v1/script-errors', report));
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([204, 429]));
    expect(logs().length - before).toBe(statuses.filter((status) => status === 204).length);
  });
});
