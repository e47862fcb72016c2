import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../local/cloud.ts';
import { axeViolations, launchBrowser, openPage, overflow, shown, sizes } from '../support/browser.ts';
import { openCloud } from '../support/cloud.ts';
import { Customer } from '../support/customer.ts';

/** A browser to unpack, a stack to build and a journey, on a machine that may be busy. */
const startMs = 180_000;
let running: RunningCloud;
let browser: Browser;
let customer: Customer;
const url = () => running.outputs.endpoints.console;

beforeAll(async () => {
  [running, browser] = await Promise.all([openCloud(), launchBrowser()]);
  customer = new Customer(running.outputs);
  await customer.register();
  await customer.signIn();
  await customer.signIn();
  running.faults.add({
    service: 'dynamodb',
    operation: 'GetItem',
    times: 50,
    effect: { kind: 'error', name: 'InternalServerError' },
  });
  await customer.startSignIn();
  running.faults.clear();
}, startMs);
afterAll(async () => {
  await browser?.close();
  await running?.stop();
});

const polling = { timeout: 10_000 };

/** Unfolds a part of the page. */
async function unfold(page: Page, id: string): Promise<Locator> {
  const details = page.locator(`#${id}`);
  await details.locator('summary').click();
  return details;
}

const refreshed = (page: Page) =>
  page.waitForResponse((response) => response.url().endsWith('/_console/live'));

describe('console in a browser', () => {
  it('explains decisions: outcome, score and the reasons in words', async () => {
    const { page, complaints } = await openPage(browser, url());
    const feed = page.getByRole('list', { name: 'Decisions, newest first' });
    const [newest, first] = [feed.getByRole('listitem').first(), feed.getByRole('listitem').last()];
    // Events come behind the answers, and the page looks again by itself.
    await expect.poll(() => shown(first), polling).toMatch(/^Challenged\s+score 75\s+code was right/);
    expect(await shown(first)).toContain(
      'new device +40, new network +15, nothing but the password proven so far +20 → challenged (challenged from 30, denied from 100)',
    );
    await expect
      .poll(() => shown(feed), polling)
      .toMatch(/Allowed\s+score 0[\s\S]*nothing unusual: known device, known network/);
    expect(await newest.locator('time').getAttribute('title')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/,
    );
    expect(complaints).toEqual([]);
  });

  it('shows endpoints that can be followed and copied', async () => {
    const { page } = await openPage(browser, url());
    const api = running.outputs.endpoints.identityApi;
    expect(await page.getByRole('link', { name: api, exact: true }).getAttribute('href')).toBe(api);
    await page.getByRole('button', { name: 'Copy endpoints.identityApi' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(api);
  });

  it('shows what each function did, and why a call failed', async () => {
    const { page } = await openPage(browser, url());
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'sign-in', exact: true }) });
    expect(Number(await shown(row.getByRole('cell').nth(1)))).toBeGreaterThan(3);
    await expect
      .poll(async () => Number(await shown(row.getByRole('cell').nth(2))), polling)
      .toBeGreaterThan(0);
    await row.getByRole('link').click();
    const log = page.getByRole('region', { name: 'Log of sign-in', exact: true });
    await log.waitFor({ state: 'visible' });
    expect(await shown(log)).toMatch(/error Error: UNAVAILABLE\n\s+at .*index\.js/);
    expect(await shown(page.locator('#log-sign-in'))).toMatch(/failed: Error/);
    const lines = (await (await fetch(`${url()}_console/api/logs?function=sign-in`)).json()) as {
      level: string;
      text: string;
    }[];
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', text: expect.stringContaining('Error: UNAVAILABLE') }),
    );
  });

  it('lists audit events, mails, API requests, firewall rules and grants', async () => {
    const { page } = await openPage(browser, url());
    const text = (id: string) => shown(page.locator(`#${id}`));
    await expect
      .poll(() => text('events'), polling)
      .toMatch(/Sign-in: succeeded[\s\S]*Registration: confirmed/);
    await expect.poll(() => text('mails'), polling).toContain(`to ${customer.email}`);
    await unfold(page, 'access-log');
    await expect
      .poll(() => text('access-log'), polling)
      .toMatch(/POST \/v1\/sessions\s+503[\s\S]*POST \/v1\/registrations\s+202/);
    await unfold(page, 'waf-rules');
    expect(await text('waf-rules')).toMatch(/rate-sign-in\s+block\s+0[\s\S]*only AWS can evaluate it/);
    expect(await text('grants')).toMatch(/\d+ grants used, \d+ not used yet\./);
    await unfold(page, 'grants-used');
    expect(await text('grants-used')).toMatch(/SignInRole\s+dynamodb:GetItem/);
  });

  it('moves the clock, arms faults in words and clears them', async () => {
    const { page } = await openPage(browser, url());
    await page.getByRole('button', { name: '+ 5 minutes' }).click();
    await page.getByText('5 min ahead').waitFor();
    await page.getByLabel('Service').fill('lambda');
    await page.getByLabel('Operation, or function').fill('notifier');
    await page.getByLabel('What happens').selectOption('delay');
    await page.getByLabel('Milliseconds').fill('20');
    await page.getByLabel('How many calls').fill('2');
    await page.getByRole('button', { name: 'Arm fault' }).click();
    await page.getByText('The next 2 calls to lambda notifier: waits 20 ms first').waitFor();
    expect(running.faults.armed?.()).toHaveLength(1);
    await page.getByRole('button', { name: 'Clear all faults' }).click();
    await page.getByText('Faults armed: 1').waitFor({ state: 'detached' });
    expect(running.faults.armed?.()).toEqual([]);
  });

  it('says what is wrong with a fault', async () => {
    const { page } = await openPage(browser, url());
    await page.getByLabel('Service').fill('ses');
    await page.getByLabel('What happens').selectOption('delay');
    await page.getByLabel('Milliseconds').fill('soon');
    await page.getByRole('button', { name: 'Arm fault' }).click();
    await page.getByText('effect.milliseconds: expected a positive number').waitFor();
  });

  it('follows what happens without losing focus, folding or place', async () => {
    const { page } = await openPage(browser, url());
    await page.locator('#log-auth-api summary').focus();
    await page.keyboard.press('Enter');
    const before = Number(await page.locator('#log-auth-api tbody tr').count());
    expect(before).toBeGreaterThan(0);
    const decisions = await page.locator('#decisions li').count();
    await customer.signIn();
    await expect.poll(() => page.locator('#decisions li').count(), polling).toBeGreaterThan(decisions);
    await refreshed(page);
    expect(await page.locator('#log-auth-api').getAttribute('open')).not.toBeNull();
    expect(await page.evaluate('document.activeElement.closest("details").id')).toBe('log-auth-api');
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await openPage(browser, url());
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('live');
    await page.getByRole('button', { name: '+ 1 minute' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The clock is 1 minute further.').waitFor();
  });

  it.each([
    ['phone', 'light'],
    ['phone', 'dark'],
    ['desktop', 'light'],
    ['desktop', 'dark'],
  ] as const)(
    'fits a %s in %s colours, accessible by axe, with nothing to complain',
    async (size, colorScheme) => {
      const { page, complaints } = await openPage(browser, url(), { viewport: sizes[size], colorScheme });
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      expect(await overflow(page)).toBe(0);
      await refreshed(page);
      expect(await overflow(page)).toBe(0);
      expect(complaints).toEqual([]);
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  it('says that the cloud is gone', async () => {
    const { page } = await openPage(browser, url());
    await page.route('**/_console/live', (route) => route.abort());
    await page.getByText('The local cloud does not answer').waitFor();
  });
});
