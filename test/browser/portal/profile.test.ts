import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, settled, surprises } from '../../support/account-pages.ts';
import { axeViolations, shown, sizes } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { flaws } from '../../support/public-pages.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 180_000;
let pages: AccountPages;

beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

async function visit(person: Customer, path: string, options: BrowserContextOptions = {}) {
  const watched = await pages.visit(person, path, { locale: 'en-GB', ...options });
  await settled(watched.page);
  return watched;
}
const field = (page: Page, label: string) => page.locator('.fields > li').filter({ hasText: label });
const name = 'How shall we call you?';
const open = (page: Page, label: string, what: 'Add' | 'Change') =>
  page.getByRole('button', { name: `${what}: ${label}` }).click();
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();

async function setName(page: Page, value: string): Promise<void> {
  const hasOne = (await page.getByRole('button', { name: `Change: ${name}` }).count()) > 0;
  await open(page, name, hasOne ? 'Change' : 'Add');
  await page.getByLabel(name).fill(value);
  await save(page);
  await field(page, value).waitFor();
}

describe('a value of the profile', () => {
  it('is given, changed and removed, and says what it is for, where it is from and since when', async () => {
    const { page, complaints } = await visit(await pages.newPerson(), 'profile');
    expect(await shown(field(page, name))).toMatch(/Nothing yet\s+For our contract with you$/);
    await open(page, name, 'Add');
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('displayName');
    await page.getByLabel(name).fill('  Ada ');
    await save(page);
    await page.getByRole('button', { name: `Change: ${name}` }).waitFor();
    expect(await shown(field(page, name))).toMatch(
      /Ada\s+For our contract with you · entered here on \d+ \w+ \d{4}$/,
    );
    // Where the form was, the focus is again.
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")'))
      .toBe(`Change: ${name}`);
    await setName(page, 'Countess');
    await page.reload();
    await settled(page);
    expect(await shown(field(page, name))).toContain('Countess');
    await open(page, name, 'Change');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: `Add: ${name}` }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('that is not possible is refused with what is', async () => {
    const { page } = await visit(await pages.newPerson(), 'profile');
    await open(page, name, 'Add');
    await save(page);
    await field(page, name).getByText('Enter something, or go back.').waitFor();
    await page.getByLabel(name).fill('a\u202eb');
    await save(page);
    await page.getByText('This value is not possible.').waitFor();
    expect(await page.getByLabel(name).getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await field(page, name).getByText('Nothing yet').waitFor();
  });

  it('is sent once, however often one clicks', async () => {
    const { page } = await visit(await pages.newPerson(), 'profile');
    let changes = 0;
    page.on('request', (request) => {
      if (request.method() === 'PATCH') changes += 1;
    });
    await open(page, name, 'Add');
    await page.getByLabel(name).fill('Ada');
    await page.getByRole('button', { name: 'Save', exact: true }).dblclick();
    await page.getByRole('button', { name: `Change: ${name}` }).waitFor();
    expect(changes).toBe(1);
  });

  it.each([
    { type: 'a choice', label: 'What do you like most?', pick: 'Garden', value: 'Garden' },
    { type: 'a yes or no', label: 'Wrap my orders as gifts', pick: 'Yes', value: 'Yes' },
    { type: 'a date', label: 'When is your birthday?', fill: '1990-05-17', value: 'May 17, 1990' },
    { type: 'a number', label: 'How many people live in your household?', fill: '3', value: '3' },
  ])('of $type is given and shown in its own way', async ({ label, pick, fill, value }) => {
    const { page } = await visit(await pages.newPerson(), 'privacy');
    for (const purpose of ['Personalisation', 'Statistics']) {
      const card = page.getByRole('region', { name: purpose });
      await card.getByRole('button', { name: 'Agree' }).click();
      await card.getByRole('button', { name: 'Undo' }).waitFor();
    }
    await page.goto(`${pages.url}/profile`);
    await open(page, label, 'Add');
    if (pick) await page.getByLabel(pick, { exact: true }).check();
    else await page.getByLabel(label).fill(fill ?? '');
    expect(await axeViolations(page)).toEqual([]);
    await save(page);
    await page.getByRole('button', { name: `Change: ${label}` }).waitFor();
    expect(await shown(field(page, label).locator('.value'))).toBe(value);
  });

  it('that two tabs change at once shows what changed, keeps what was typed and can be saved again', async () => {
    const { page, complaints } = await visit(await pages.newPerson(), 'profile');
    await setName(page, 'Ada');
    const other = await page.context().newPage();
    await other.goto(`${pages.url}/profile`);
    await settled(other);
    await open(page, name, 'Change');
    await page.getByLabel(name).fill('Countess');
    await setName(other, 'Augusta');
    await save(page);
    const notice = page.getByRole('status').filter({ hasText: 'changed elsewhere' });
    await notice.waitFor();
    expect(await shown(notice)).toContain(`${name} Ada → Augusta`);
    expect(await page.getByLabel(name).inputValue()).toBe('Countess');
    expect(await axeViolations(page)).toEqual([]);
    await save(page);
    await page.getByRole('button', { name: `Change: ${name}` }).waitFor();
    expect(await shown(field(page, name))).toContain('Countess');
    expect(surprises(complaints)).toEqual([]);
  });

  it('is still there after a lost connection', async () => {
    const { page } = await visit(await pages.newPerson(), 'profile');
    await open(page, name, 'Add');
    await page.getByLabel(name).fill('Ada');
    await page.context().setOffline(true);
    await save(page);
    await page.getByRole('alert').filter({ hasText: 'There is no connection.' }).waitFor();
    await page.context().setOffline(false);
    expect(await page.getByLabel(name).inputValue()).toBe('Ada');
    await save(page);
    await page.getByRole('button', { name: `Change: ${name}` }).waitFor();
  });
});

describe('the address', () => {
  it('is changed by a code to the new mailbox, and signs in from then on', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person, 'profile');
    const email = `new.${person.email}`;
    await page
      .getByRole('region', { name: 'E-mail address' })
      .getByRole('button', { name: 'Change' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Change your e-mail address' });
    await dialog.getByRole('button', { name: 'Send a code' }).click();
    await dialog.getByText('Enter an address such as').waitFor();
    await dialog.getByLabel('New e-mail address').fill(email);
    await dialog.getByRole('button', { name: 'Send a code' }).click();
    const code = await person.mailbox.nextCode(email);
    await dialog.getByLabel('Code from the mail').fill(code === '00000000' ? '00000001' : '00000000');
    await dialog.getByText('That code is not right').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByLabel('Code from the mail').fill(code);
    await page.getByText('Your new address is in force.').waitFor();
    await page.getByText(email, { exact: true }).waitFor();
    expect(surprises(complaints)).toEqual([]);
  });

  it('asks for a proof where the last one is too old, and goes on by itself', async () => {
    const person = await pages.newPerson();
    const { page } = await visit(person, 'profile');
    pages.running.clock.advance(11 * 60_000);
    await page
      .getByRole('region', { name: 'E-mail address' })
      .getByRole('button', { name: 'Change' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Change your e-mail address' });
    await dialog.getByLabel('New e-mail address').fill(`new.${person.email}`);
    await dialog.getByRole('button', { name: 'Send a code' }).click();
    const proof = page.getByRole('dialog').last();
    await proof.getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Code from the mail').waitFor();
  });
});

it('the language of the account changes the mails and these pages', async () => {
  const { page } = await visit(await pages.newPerson(), 'profile');
  await page.getByLabel('Language of your account').selectOption('de');
  await page.getByRole('heading', { level: 1, name: 'Profil' }).waitFor();
  await page.getByRole('button', { name: 'Angeben: Wie dürfen wir Sie nennen?' }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('de');
  const locale = await page.evaluate(
    `fetch('/v1/me/profile').then(async (answer) => (await answer.json()).locale)`,
  );
  expect(locale).toBe('de');
});

it.each([
  { look: 'a phone', options: { viewport: sizes.phone } },
  {
    look: 'a phone in the dark, from right to left',
    options: { viewport: sizes.phone, colorScheme: 'dark', locale: 'ar' },
  },
  { look: 'a desktop in the dark', options: { colorScheme: 'dark', locale: 'es' } },
] as const)('the page fits $look and is accessible', async ({ options }) => {
  const { page, complaints } = await visit(await pages.newPerson(), 'profile', options);
  await page.locator('.fields .button').first().click();
  await page.locator('.editing input').first().waitFor();
  expect(await flaws(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
