import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, settled } from '../../support/account-pages.ts';
import { axeViolations, shown, sizes } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { flaws } from '../../support/public-pages.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 180_000;
/** More than one page of the API has. */
const changes = 24;
let pages: AccountPages;
let busy: Customer;

beforeAll(async () => {
  pages = await openAccountPages();
  busy = await (await pages.newPerson()).signIn();
  for (let version = 1; version <= changes; version += 1) {
    const body = { fields: { displayName: `Ada ${version}` } };
    const headers = { 'if-match': `"${version}"` };
    expect((await busy.api.send('PATCH', '/v1/me/profile', body, headers)).status).toBe(200);
  }
}, startMs);
afterAll(() => pages?.stop());

async function visit(person: Customer, options: BrowserContextOptions = {}) {
  const watched = await pages.visit(person, 'activity', { locale: 'en-GB', ...options });
  await settled(watched.page);
  return watched;
}
/** The event of a finished sign-in reaches the list through a stream, a moment after the answer. */
async function untilSignInIsListed(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      await page.reload();
      await settled(page);
      return page.getByText('Signed in on a new device').count();
    })
    .toBe(1);
}
const today = (page: Page) => page.getByRole('region', { name: 'Today' });

describe('recent activity', () => {
  it('is told in words, newest first, without a code or an id', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person);
    await untilSignInIsListed(page);
    const lines = await today(page).locator('.about > :first-child').allInnerTexts();
    expect(lines.slice(0, 3)).toEqual([
      'Signed in on a new device',
      'A sign-in code was sent by mail',
      'Right password; one more proof was asked for',
    ]);
    expect(lines).toContain('Account created');
    expect(lines).toContain('Agreed to: Terms of use');
    const all = await shown(page.locator('main'));
    expect(all).not.toMatch(/[A-Z]+_[A-Z]+|[A-Za-z0-9_-]{22,}|undefined|\{/);
    expect(all).toMatch(/\d{1,2}:\d\d.* · Safari on Linux|\d{1,2}:\d\d.* · Chrome on Linux/);
    expect(complaints).toEqual([]);
  });

  it('goes on page by page to its end, each line once', async () => {
    const { page } = await visit(busy);
    const rows = page.locator('.day li');
    const more = page.getByRole('button', { name: 'Show older activity' });
    expect(await rows.count()).toBe(20);
    await more.dblclick();
    await expect.poll(() => rows.count()).toBeGreaterThan(changes);
    await more.waitFor({ state: 'detached' });
    const names = await page.locator('.day').allInnerTexts();
    expect(names.join().match(/Profile changed/g)).toHaveLength(changes);
    expect(names.join()).toContain('Account created');
  });

  it('says what to do about what was not you, most effective first', async () => {
    const { page } = await visit(await pages.newPerson());
    await untilSignInIsListed(page);
    const button = page.getByRole('button', { name: 'Not you? Signed in on a new device' });
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Was that not you?' });
    expect(await dialog.getByRole('link').allInnerTexts()).toEqual([
      'End all other sessions',
      'Change your password',
      'Check your passkeys, apps and codes',
    ]);
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await button.click();
    await dialog.getByRole('link', { name: 'End all other sessions' }).click();
    await page.waitForURL(`${pages.url}/sessions`);
  });

  it.each([
    { look: 'a phone', options: { viewport: sizes.phone } },
    {
      look: 'a phone in the dark, from right to left',
      options: { viewport: sizes.phone, colorScheme: 'dark', locale: 'ar' },
    },
    { look: 'a desktop in the dark', options: { colorScheme: 'dark', locale: 'fr' } },
  ] as const)('fits $look and is accessible', async ({ options }) => {
    const { page, complaints } = await visit(busy, options);
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
