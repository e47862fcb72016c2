import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, settled } from '../../support/account-pages.ts';
import { openPage, sizes } from '../../support/browser.ts';

const startMs = 240_000;
const journeyMs = 60_000;
const largestShift = 0.02;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

/** Sums what moves without anybody having touched the page, as browsers report it. */
const watchShifts = `
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });`;

const shifted = async (page: Page): Promise<unknown> => {
  await page.waitForLoadState('networkidle');
  return page.evaluate('globalThis.shifted');
};

describe.each(['phone', 'desktop'] as const)('nothing moves while it loads, %s', (size) => {
  const viewport = sizes[size];

  it('on the sign-in page', { timeout: journeyMs }, async () => {
    const { page } = await openPage(pages.browser, `${pages.url}/icon.svg`, { viewport });
    await page.addInitScript(watchShifts);
    await page.goto(`${pages.url}/sign-in`);
    await page.locator('input[name=username]').waitFor();
    expect(await shifted(page)).toBeLessThan(largestShift);
    await page.context().close();
  });

  it.each(['', 'security'])('on the account page /%s', { timeout: journeyMs }, async (path) => {
    const prepare = async (page: Page) => {
      await page.addInitScript(watchShifts);
    };
    const { page } = await pages.visit(await pages.newPerson(), path, { viewport, prepare });
    await settled(page);
    expect(await shifted(page)).toBeLessThan(largestShift);
    await page.context().close();
  });
});

interface Fetched {
  readonly name: string;
  readonly startTime: number;
  readonly responseEnd: number;
}

/** Trips one after the other: each thing that was asked for only when another had arrived is one deeper than that. */
function roundTrips(fetched: readonly Fetched[]): number {
  const depths = new Map<Fetched, number>();
  for (const one of [...fetched].sort((a, b) => a.startTime - b.startTime)) {
    const before = [...depths].filter(([{ responseEnd }]) => responseEnd <= one.startTime);
    depths.set(one, 1 + Math.max(0, ...before.map(([, depth]) => depth)));
  }
  return Math.max(0, ...depths.values());
}

const fetchedBy = (page: Page): Promise<readonly Fetched[]> =>
  page.evaluate(`
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map(({ name, startTime, responseEnd }) => ({ name, startTime, responseEnd }))
      .filter(({ responseEnd }) => responseEnd > 0)`);

/** A phone at the edge of the network: 400 kbit/s, 400 ms there and back. */
const slow = {
  offline: false,
  latency: 400,
  downloadThroughput: 50_000,
  uploadThroughput: 25_000,
} as const;

it('the sign-in page can be used on a slow network after three round trips, without a spinner', async () => {
  const { page } = await openPage(pages.browser, `${pages.url}/icon.svg`, { viewport: sizes.phone });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', slow);
  await page.addInitScript(`
    globalThis.spun = false;
    new MutationObserver(() => {
      if (document.querySelector('.placeholder, [aria-busy=true]')) globalThis.spun = true;
    }).observe(document, { subtree: true, childList: true, attributes: true });`);
  await page.goto(`${pages.url}/sign-in`, { waitUntil: 'commit' });
  await page.locator('input[name=username]').fill('ada@example.com');
  const fetched = await fetchedBy(page);
  const pagesOnly = fetched.filter(({ name }) => !name.includes('/v1/'));
  expect(roundTrips(pagesOnly), pagesOnly.map(({ name }) => name).join('\n')).toBeLessThanOrEqual(3);
  expect(await page.evaluate('globalThis.spun')).toBe(false);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).waitFor();
  await page.context().close();
}, 60_000);

const callsOf = (page: Page): string[] => {
  const calls: string[] = [];
  page.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    if (pathname.startsWith('/v1/me/')) calls.push(`${answer.status()} ${pathname}`);
  });
  return calls;
};

describe('an account page', () => {
  it.each(['', 'security', 'privacy', 'activity'])(
    'asks once who is there, and nothing else when it is nobody: /%s',
    async (path) => {
      const { page } = await openPage(pages.browser, `${pages.url}/icon.svg`);
      const calls = callsOf(page);
      await page.goto(`${pages.url}/${path}`);
      await page.locator('input[name=username]').waitFor();
      await page.waitForLoadState('networkidle');
      expect(calls).toEqual(['401 /v1/me/sessions']);
      await page.context().close();
    },
    journeyMs,
  );

  it('has its data after four round trips, signed in for the first time here or not', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'icon.svg', { viewport: sizes.phone });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', slow);
    // Files that are there already arrive one after the other, and none of them is a trip.
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    for (const isKnown of [false, true]) {
      expect(await page.evaluate("localStorage.getItem('vestibule:signed-in') !== null")).toBe(isKnown);
      const calls = callsOf(page);
      await page.goto(`${pages.url}/`, { waitUntil: 'commit' });
      await page.getByRole('heading', { name: 'Sign-ins' }).waitFor();
      const fetched = await fetchedBy(page);
      expect(roundTrips(fetched), fetched.map(({ name }) => name).join('\n')).toBeLessThanOrEqual(4);
      expect(calls.filter((call) => call.endsWith('/sessions'))).toHaveLength(1);
      page.removeAllListeners('response');
    }
    await page.context().close();
  }, 90_000);
});
