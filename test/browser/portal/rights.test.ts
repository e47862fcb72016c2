import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, settled, surprises } from '../../support/account-pages.ts';
import { shown } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import { subIn } from '../../support/operator.ts';
import { eventsOf } from '../../support/outbox.ts';
import {
  isInAccount,
  openPublicPage,
  press,
  typeAddress,
  typeCode,
  typePassword,
  untilHeadline,
} from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;
const hourMs = 3_600_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const visit = async (person: Customer, path: string) => {
  const watched = await pages.visit(person, path, { locale: 'en-GB' });
  await settled(watched.page);
  return watched;
};
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

async function agreeTo(page: Page, purpose: string): Promise<void> {
  await region(page, purpose).getByRole('button', { name: 'Agree' }).click();
  await region(page, purpose).getByText('Saved: you have agreed.').waitFor();
}

describe('questions over several visits', { timeout: journeyMs }, () => {
  const question = (page: Page) => region(page, 'A quick question');
  /** Labels of the questions of one visit, in their order, each skipped or answered by what the test says. */
  async function visitQuestions(page: Page, answer: (page: Page, label: string) => Promise<void>) {
    await page.goto(`${pages.url}/`);
    await settled(page);
    const asked: string[] = [];
    while ((await question(page).locator('form').count()) > 0) {
      const label = (await shown(question(page).locator('legend, label').first())).trim();
      asked.push(label);
      await answer(page, label);
      await expect
        .poll(async () => {
          const now = question(page).locator('legend, label').first();
          return (await now.count()) === 0 || (await shown(now)).trim() !== label;
        })
        .toBe(true);
    }
    return asked;
  }
  const skip = (page: Page) => question(page).getByRole('button', { name: 'Not now' }).click();

  it('are two at a time, the most wanted first, none before a day is over, and none that was skipped', async () => {
    const { page, complaints } = await visit(await pages.newPerson(), 'privacy');
    for (const purpose of ['Newsletter', 'Personalisation', 'Statistics']) await agreeTo(page, purpose);

    const first = await visitQuestions(page, async (_, label) => {
      if (!label.startsWith('What do you like most?')) return skip(page);
      await question(page).getByLabel('Books').check();
      await question(page).getByRole('button', { name: 'Save' }).click();
    });
    expect(first).toEqual([
      expect.stringMatching('What do you like most?'),
      expect.stringMatching('What should we write about?'),
    ]);
    expect(await visitQuestions(page, skip)).toEqual([]);

    pages.running.clock.advance(25 * hourMs);
    expect(await visitQuestions(page, skip)).toEqual([
      expect.stringMatching('Which city do you live in?'),
      expect.stringMatching('How shall we call you?'),
    ]);
    pages.running.clock.advance(25 * hourMs);
    expect(await visitQuestions(page, skip)).toEqual([
      expect.stringMatching('When is your birthday?'),
      expect.stringMatching('How many people live in your household?'),
    ]);
    pages.running.clock.advance(25 * hourMs);
    expect(await visitQuestions(page, skip)).toEqual([]);
    await page.goto(`${pages.url}/profile`);
    await page.getByText('Books').waitFor();
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('are none about what the person has not agreed to', async () => {
    const { page } = await visit(await pages.newPerson(), '');
    const asked = await visitQuestions(page, skip);
    expect(asked).toEqual([expect.stringMatching('How shall we call you?')]);
    await page.context().close();
  });
});

describe('the file with all data', { timeout: journeyMs }, () => {
  it('holds what the person has given, decided and done, and nobody else’s', async () => {
    const person = await pages.newPerson();
    const other = await pages.newPerson();
    const { page } = await visit(person, 'privacy');
    await agreeTo(page, 'Newsletter');
    await agreeTo(page, 'Personalisation');
    await page.goto(`${pages.url}/profile`);
    await page.getByRole('button', { name: 'Add: Which city do you live in?' }).click();
    await page.getByLabel('Which city do you live in?').fill('Lisbon');
    await press(page, 'Save');
    await page.getByText('Lisbon').waitFor();
    await page.goto(`${pages.url}/privacy`);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download my data')]);
    const text = await readFile((await download.path()) ?? '', 'utf8');
    const data = JSON.parse(text);
    expect(data.account.email).toBe(person.email);
    expect(text).toContain('Lisbon');
    const decided = data.consents.history as {
      purpose: string;
    }[];
    expect(decided.map(({ purpose }) => purpose)).toEqual(
      expect.arrayContaining(['terms', 'newsletter', 'personalisation']),
    );
    expect(text).not.toContain(other.email);
    expect(text).not.toContain(person.password);
    await page.context().close();
  });
});

describe('an account that was deleted', { timeout: journeyMs }, () => {
  it('lets nobody in, in no browser, and its address signs up anew with nothing of before', async () => {
    const person = await (await pages.newPerson()).signIn();
    const sub = subIn(person.api.accessToken);
    const { page: elsewhere } = await visit(person, 'profile');
    const { page } = await visit(person, 'privacy');
    await press(page, 'Delete my account');
    const dialog = page.getByRole('dialog', { name: 'Delete my account' });
    await dialog.getByLabel('Type “delete” to confirm').fill('delete');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await untilHeadline(page, 'Your account is being deleted');

    await elsewhere.reload();
    await elsewhere.waitForURL(({ pathname }) => pathname === '/portal/sign-in');
    await typeAddress(elsewhere, person.email);
    await typePassword(elsewhere, person.password);
    await elsewhere.getByRole('alert').waitFor();
    await elsewhere.context().close();
    await page.context().close();

    // The address is free when everything is gone; until then a sign-up gets the answer of a taken one.
    await expect
      .poll(async () => (await eventsOf(pages.running, sub)).map(({ type }) => type), { timeout: 30_000 })
      .toContain('erasure.completed');
    const again = new Customer(pages.running.outputs, person.email);
    const { page: anew } = await openPublicPage(pages.browser, `${pages.url}/sign-up`);
    await anew.getByLabel('E-mail address').fill(again.email);
    await anew.getByLabel('Password', { exact: true }).fill(again.password);
    await anew.getByLabel(/I accept the terms of use/).check();
    await press(anew, 'Create account');
    await untilHeadline(anew, 'Confirm your address');
    await typeCode(anew, await again.mailbox.nextCode(again.email));
    await isInAccount(anew);
    await anew.goto(`${pages.url}/privacy`);
    await region(anew, 'Newsletter').getByText('You have not decided yet.').waitFor();
    await anew.context().close();
  });
});
