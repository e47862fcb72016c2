import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, surprises } from '../../support/account-pages.ts';
import { axeViolations, overflow, sizes } from '../../support/browser.ts';

const startMs = 240_000;
const journeyMs = 90_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const card = (page: Page, title: string) => page.getByRole('region', { name: title });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const confirm = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const others = (page: Page) => card(page, 'Other sessions').getByRole('listitem');

/** Rows come seconds behind a sign-in; the page looks again by itself only for its own. */
async function reloadUntil(page: Page, count: number): Promise<void> {
  for (;;) {
    await card(page, 'Other sessions').waitFor();
    await page.waitForLoadState('networkidle');
    if ((await others(page).count()) === count) return;
    await page.reload();
  }
}

async function act(page: Page, row: ReturnType<typeof others>, action: string): Promise<void> {
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

describe('the page of devices and sessions', { timeout: journeyMs }, () => {
  it('shows this device at once, and its beginning as soon as the list knows it', async () => {
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'sessions');
    const mine = card(page, 'This device');
    await mine.getByText('Active now').waitFor();
    await mine.getByText('password and code by e-mail').waitFor();
    await mine.getByRole('button', { name: 'Rename' }).waitFor();
    await mine.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Kitchen tablet');
    await press(page, 'Save');
    await mine.getByText('Kitchen tablet', { exact: true }).waitFor();
    expect(await others(page).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('ends the session of another browser, which sees the sign-in page at its next action', async () => {
    const person = await pages.newPerson();
    const { page: here, complaints } = await pages.visit(person, 'sessions');
    const { page: there } = await pages.visit(person, 'security');
    await there.getByRole('button', { name: 'Set up an app' }).waitFor();
    await reloadUntil(here, 1);
    await act(here, others(here).first(), 'Sign out');
    await here.getByRole('dialog').getByText('asks for a new sign-in').waitFor();
    await confirm(here, 'Sign out');
    await here.getByText('Signed out.').waitFor();
    expect(await others(here).count()).toBe(0);

    await there.getByRole('button', { name: 'Set up an app' }).click();
    await there.waitForURL('**/portal/sign-in?then=*');
    await here.reload();
    await card(here, 'This device').getByText('Active now').waitFor();
    expect(surprises(complaints)).toEqual([]);
    await Promise.all([here.context().close(), there.context().close()]);
  });

  it('ends all others at once, also those that are not listed yet', async () => {
    const person = await pages.newPerson();
    const { page: here } = await pages.visit(person, 'sessions');
    await card(here, 'Other sessions').waitFor();
    const there = await Promise.all([pages.visit(person, 'security'), pages.visit(person, 'security')]);
    await press(here, 'Sign out everywhere else');
    await here.getByRole('dialog').getByText('You stay signed in here.').waitFor();
    await here.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).dblclick();
    await here.getByText('You are signed out everywhere else.').waitFor();
    for (const { page } of there) {
      await page.reload();
      await page.waitForURL('**/portal/sign-in?then=*');
      await page.context().close();
    }
    await here.reload();
    await card(here, 'This device').getByText('Active now').waitFor();
    await here.context().close();
  });

  it('takes a session that has ended elsewhere for ended', async () => {
    const person = await pages.newPerson();
    const { page: here } = await pages.visit(person, 'sessions');
    const { page: second } = await pages.visit(person, 'sessions');
    const { page: there } = await pages.visit(person, 'security');
    await reloadUntil(here, 2);
    await reloadUntil(second, 2);
    await press(second, 'Sign out everywhere else');
    await second.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
    await second.getByText('You are signed out everywhere else.').waitFor();
    await act(here, others(here).first(), 'Sign out');
    await confirm(here, 'Sign out');
    await here.waitForURL('**/portal/sign-in?then=*');
    await Promise.all([here, second, there].map((page) => page.context().close()));
  });

  it('names and forgets a known device', async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'sessions');
    const devices = card(page, 'Known devices');
    const row = devices.getByRole('listitem').first();
    await row.waitFor();
    await act(page, row, 'Rename');
    await page.getByLabel('Name', { exact: true }).fill('My laptop');
    await press(page, 'Save');
    await devices.getByText('My laptop', { exact: true }).waitFor();
    await act(page, row, 'Forget');
    await page.getByRole('dialog').getByText('has to be confirmed again').waitFor();
    await confirm(page, 'Forget');
    await devices.getByText('No device is known yet.').waitFor();
    await page.context().close();
  });

  it('keeps a row that could not be ended, and says why', async () => {
    const person = await pages.newPerson();
    const { page: here } = await pages.visit(person, 'sessions');
    const { page: there } = await pages.visit(person, 'security');
    await reloadUntil(here, 1);
    await act(here, others(here).first(), 'Sign out');
    await here.context().setOffline(true);
    await confirm(here, 'Sign out');
    await here.getByRole('alert').getByText('There is no connection.').waitFor();
    await here.context().setOffline(false);
    await confirm(here, 'Sign out');
    await here.getByText('Signed out.').waitFor();
    await Promise.all([here.context().close(), there.context().close()]);
  });

  it.each([
    { locale: 'en', colorScheme: 'dark', viewport: sizes.phone },
    { locale: 'ar', colorScheme: 'light', viewport: sizes.phone },
    { locale: 'de', colorScheme: 'light', viewport: sizes.desktop },
  ] as const)('fits and can be read: $locale, $colorScheme, $viewport.width', async (options) => {
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'sessions', options);
    await page.locator('.rows li').first().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
