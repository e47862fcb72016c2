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

const configuration = {
  version: 1,
  languages: ['en', 'de', 'fr', 'es', 'ar'],
  brands: [],
  methods: [],
  passwordless: [],
  sms: false,
};
const google = { name: 'Google', label: 'Google', kind: 'google' };
const acme = { name: 'Acme', label: 'Acme Works', kind: 'oidc' };

const offering =
  (...providers: readonly (typeof google)[]) =>
  async (page: Page): Promise<void> => {
    await page.route('**/portal/configuration.json', (route) =>
      route.fulfill({ json: { ...configuration, providers } }),
    );
  };

/** What the API would list for somebody with an account at two providers. */
async function withLinks(page: Page): Promise<void> {
  await offering(google, acme)(page);
  const linkedAt = '2026-03-03T10:00:00.000Z';
  const links = [
    { id: 'l1', provider: 'Google', linkedAt, removable: false },
    { id: 'l2', provider: 'Acme', linkedAt, removable: true },
  ];
  await page.route('**/v1/me/links', (route) =>
    route.request().method() === 'GET' ? route.fulfill({ json: { links } }) : route.fallback(),
  );
}

describe('the page of linked sign-ins', { timeout: journeyMs }, () => {
  it('says so where no others are offered', async () => {
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'links', {
      prepare: offering(),
    });
    await page.getByText('Nothing is linked').waitFor();
    await page.getByText('No other sign-ins are offered here.').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says how to begin, and explains a code that is none or is not known', async () => {
    const options = { prepare: offering(google, acme) };
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'links', options);
    await page.getByText('the button of Google or Acme Works').waitFor();
    const field = page.getByLabel('Code from the other sign-in');
    await field.fill('4F7K');
    await page.getByRole('button', { name: 'Link', exact: true }).click();
    await page.getByText('The code has eight letters and digits.').waitFor();
    await field.fill('4f7k 9m2q');
    await page.keyboard.press('Enter');
    await page.getByText('This code is wrong, was used already').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('calls each by its label, and keeps the one that the account began with', async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'links', { prepare: withLinks });
    await page.getByText('Acme Works').first().waitFor();
    await page.getByText('Began with it').waitFor();
    expect(await page.getByRole('button', { name: 'Remove Google' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Remove Acme Works' }).click();
    await page.getByText('Acme Works no longer opens this account.').waitFor();
    // The API knows of no such link, and says so.
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('This link was removed already.').waitFor();
    await page.context().close();
  });

  it.each([
    { locale: 'ar', colorScheme: 'dark', viewport: sizes.phone },
    { locale: 'de', colorScheme: 'light', viewport: sizes.phone },
    { locale: 'en', colorScheme: 'dark', viewport: sizes.desktop },
  ] as const)('fits and can be read: $locale, $colorScheme, $viewport.width', async (options) => {
    const shown = { ...options, prepare: withLinks };
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'links', shown);
    await page.locator('.rows li').last().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
