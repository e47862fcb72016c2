import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { privacyRoutes } from '../../../lambdas/api/routes/privacy.ts';
import { reportScriptErrors } from '../../../portal/src/report.ts';

const accepted = privacyRoutes['POST /v1/script-errors'].body;
const page = { href: 'https://login.shop.example/portal/link?then=x#a-secret', pathname: '/portal/link' };

let sent: unknown[];
let listeners: Record<string, (event: object) => void>;
beforeEach(() => {
  [sent, listeners] = [[], {}];
  vi.stubGlobal('location', page);
  vi.stubGlobal('addEventListener', (name: string, listener: (event: object) => void) => {
    listeners[name] = listener;
  });
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body));
    return new Response(null, { status: 204 });
  });
  reportScriptErrors();
});
afterEach(() => vi.unstubAllGlobals());

const scriptError = (message: string, file = 'assets/app-1.js') =>
  listeners.error?.({
    message,
    filename: `https://login.shop.example/portal/${file}`,
    lineno: 1,
    colno: 204,
  });

describe('what a page says of an error in its script', () => {
  it('is message, place and page, without host, query and fragment', () => {
    scriptError('TypeError: x is undefined');
    expect(sent).toEqual([
      { message: 'TypeError: x is undefined', page: '/portal/link', source: '/portal/assets/app-1.js:1:204' },
    ]);
  });

  it('is of a promise that nobody waits for what its error says, and no other value', () => {
    listeners.unhandledrejection?.({ reason: new TypeError('failed') });
    listeners.unhandledrejection?.({ reason: { password: 'a secret' } });
    expect(sent).toMatchObject([{ message: 'TypeError: failed' }, { message: 'unhandled rejection' }]);
  });

  it.each([
    ['a long message', () => scriptError('word '.repeat(1_000))],
    ['no message', () => scriptError('')],
    ['a long place', () => scriptError('failed', `${'assets/'.repeat(60)}app.js`)],
    ['no place', () => listeners.error?.({ message: 'Script error.', filename: '', lineno: 0, colno: 0 })],
  ])('is taken by the route: %s', (_, happen) => {
    happen();
    expect(sent).toHaveLength(1);
    expect(() => v.parse(accepted, sent[0])).not.toThrow();
  });

  it('ends after five, so that a loop is no flood', () => {
    for (let turn = 0; turn < 100; turn += 1) scriptError(`failed ${turn}`);
    expect(sent).toHaveLength(5);
  });
});
