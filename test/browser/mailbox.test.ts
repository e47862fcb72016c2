import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../local/cloud.ts';
import type { SesService } from '../../local/services/ses/index.ts';
import { axeViolations, launchBrowser, openPage, overflow, shown, sizes } from '../support/browser.ts';
import { openCloud } from '../support/cloud.ts';
import { Customer } from '../support/customer.ts';

/** A browser to unpack, a stack to build and a journey, on a machine that may be busy. */
const startMs = 180_000;
let running: RunningCloud;
let browser: Browser;
let customer: Customer;
const url = () => running.outputs.endpoints.mailbox;
const ses = () => running.cloud.service<SesService>('ses');

beforeAll(async () => {
  [running, browser] = await Promise.all([openCloud(), launchBrowser()]);
  customer = new Customer(running.outputs);
  await customer.register();
  await customer.signIn();
}, startMs);
afterAll(async () => {
  await browser?.close();
  await running?.stop();
});

const polling = { timeout: 10_000 };
const messages = (page: Page) => page.getByRole('navigation', { name: 'Messages' }).getByRole('button');
const codeMail = (page: Page) => messages(page).filter({ hasText: 'Your code to sign in' });

const deliver = (to: string, html: string, subject = 'A stranger') =>
  ses().deliver({ from: 'someone@example.com', to, subject, text: 'plain', html, kind: 'test' });

describe('mailbox in a browser', () => {
  it('says what will appear where nothing is, for everybody and for one recipient', async () => {
    const { page } = await openPage(browser, url());
    await page.route('**/_mailbox/api/messages?**', (route) =>
      route.fulfill({ json: { messages: [], recipients: [] } }),
    );
    await page.reload();
    await page.getByRole('heading', { name: 'No messages' }).waitFor();
    expect(await shown(page.getByRole('navigation'))).toContain('appears here within a second');
    expect(await page.getByRole('button', { name: 'Delete all' }).isDisabled()).toBe(true);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('lists what was sent and opens it as mail and as text', async () => {
    const { page, complaints } = await openPage(browser, url());
    await codeMail(page).click();
    expect(await shown(page.getByRole('heading', { level: 2 }))).toBe(
      'Your code to sign in to Linden & Lark',
    );
    expect(await shown(page.locator('dl'))).toMatch(
      new RegExp(`To\\s+${customer.email.replaceAll('.', '\\.')}[\\s\\S]*Kind\\s+sign in code`),
    );
    const content = page.frameLocator('iframe');
    expect(await shown(content.getByRole('heading'))).toBe('Your sign-in code');
    await page.getByRole('button', { name: 'Text only' }).click();
    const text = await shown(page.getByRole('region', { name: 'Text of the message' }));
    expect(text).toMatch(/\d{8}[\s\S]*Linden & Lark/);
    await page.getByRole('button', { name: 'Text only', pressed: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows the mail that Cognito sent as text without entities', async () => {
    const { page } = await openPage(browser, url());
    await messages(page).filter({ hasText: 'Confirm your address' }).click();
    await page.getByRole('button', { name: 'Text only' }).click();
    const text = await shown(page.getByRole('region', { name: 'Text of the message' }));
    expect(text).toContain('registered at Linden & Lark with');
    expect(text).not.toContain('&amp;');
  });

  it('copies the code', async () => {
    const { page } = await openPage(browser, url());
    await codeMail(page).click();
    const button = page.getByRole('button', { name: /^Copy code \d{8}$/ });
    const code = (await shown(button.locator('code'))).trim();
    await button.click();
    await page.getByText(`Code ${code} is copied.`).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code);
  });

  it('shows a new mail without a reload, and leaves the open one alone', async () => {
    const { page } = await openPage(browser, url());
    await codeMail(page).click();
    await deliver('late@example.com', '<p>hello</p>', 'Just arrived');
    await messages(page).filter({ hasText: 'Just arrived' }).waitFor();
    expect(await shown(page.getByRole('heading', { level: 2 }))).toContain('Your code to sign in');
    expect(await messages(page).filter({ hasText: 'Just arrived' }).locator('.unread').count()).toBe(1);
  });

  it('filters by recipient and deletes what is filtered only', async () => {
    await deliver('grace@example.com', '<p>one</p>', 'For Grace');
    const { page } = await openPage(browser, url());
    await messages(page).first().waitFor();
    const all = await messages(page).count();
    await page.getByLabel('To', { exact: true }).selectOption('grace@example.com');
    await expect.poll(() => messages(page).count(), polling).toBe(1);
    await page.getByRole('button', { name: 'Delete these' }).click();
    await expect.poll(() => messages(page).count(), polling).toBe(all - 1);
    expect(ses().messages({ to: 'grace@example.com' })).toEqual([]);
  });

  it('keeps a hostile mail in its frame: no script, no network, no form, links in a new tab', async () => {
    const hostile = `<!doctype html><html><head><title>x</title></head><body>
      <script>parent.document.title = 'taken'; document.body.id = 'ran';</script>
      <img src="https://tracker.example/pixel.png" onerror="document.body.id = 'ran'">
      <form action="https://evil.example"><button>go</button></form>
      <a href="${url()}/api/messages?limit=1">link</a></body></html>`;
    await deliver('victim@example.com', hostile, '<img src=x onerror=alert(1)>');
    const { page, complaints } = await openPage(browser, url());
    await messages(page).filter({ hasText: '<img src=x' }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('link', { name: 'link' }).waitFor();
    expect(await frame.locator('#ran').count()).toBe(0);
    expect(await page.title()).toContain('Mailbox');
    const complaintsOfMail = complaints.filter((each) => !/Content Security Policy|sandboxed/.test(each));
    expect(complaintsOfMail).toEqual([]);
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      frame.getByRole('link', { name: 'link' }).click(),
    ]);
    expect(await tab.evaluate('window.opener')).toBeNull();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await openPage(browser, url());
    await messages(page).nth(1).waitFor();
    await messages(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => messages(page).nth(1).getAttribute('aria-current')).toBe('true');
  });

  it('shows one thing at a time on a phone', async () => {
    const { page } = await openPage(browser, url(), { viewport: sizes.phone });
    await codeMail(page).click();
    await messages(page).first().waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H2');
    expect(await overflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'All messages' }).click();
    await codeMail(page).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.dataset.id')).toBeTruthy();
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
      await codeMail(page).waitFor();
      expect(await overflow(page)).toBe(0);
      if (size === 'desktop') await codeMail(page).click();
      expect(complaints.filter((each) => !/tracker\.example|sandboxed/.test(each))).toEqual([]);
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
