import { readFile } from 'node:fs/promises';
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

async function visit(person: Customer, path = 'privacy', options: BrowserContextOptions = {}) {
  const watched = await pages.visit(person, path, { locale: 'en-GB', ...options });
  await settled(watched.page);
  return watched;
}
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const press = (page: Page, name: string, button: string) =>
  card(page, name).getByRole('button', { name: button, exact: true }).click();
const history = (page: Page) => card(page, 'History').locator('.about > :first-child').allInnerTexts();

describe('a consent', () => {
  it('shows its exact text; one click gives it, one takes it back, each can be undone', async () => {
    const { page, complaints } = await visit(await pages.newPerson());
    const newsletter = card(page, 'Newsletter');
    expect(await shown(newsletter)).toContain('at most twice a month, and measure which mails I open');
    expect(await shown(newsletter)).toMatch(/You have not decided yet\. The text is version .?2.?\./);
    await press(page, 'Newsletter', 'Agree');
    await newsletter.getByText('Saved: you have agreed.').waitFor();
    expect(await shown(newsletter)).toMatch(/You agreed on \d+ \w+ \d{4}, version .?2.?\./);
    await press(page, 'Newsletter', 'Undo');
    await newsletter.getByText('Withdrawn. It counts from now on.').waitFor();
    await press(page, 'Newsletter', 'Undo');
    await newsletter.getByText('Saved: you have agreed.').waitFor();
    await page.reload();
    await settled(page);
    await press(page, 'Newsletter', 'Withdraw');
    await newsletter.getByText('Withdrawn. It counts from now on.').waitFor();
    await expect
      .poll(() => history(page))
      .toEqual([
        'Newsletter: no, or withdrawn',
        'Newsletter: agreed',
        'Newsletter: no, or withdrawn',
        'Newsletter: agreed',
        'Terms of use: agreed',
      ]);
    expect(complaints).toEqual([]);
  });

  it('is bound to version, language and hash of the text on the screen', async () => {
    const { page } = await visit(await pages.newPerson(), 'privacy', { locale: 'ar' });
    const sent = page.waitForRequest((request) => request.method() === 'PUT');
    const text = card(page, 'النشرة الإخبارية');
    await text.getByRole('button', { name: 'أوافق' }).click();
    const body = (await sent).postDataJSON() as Record<string, string>;
    expect(body).toMatchObject({ decision: 'granted', version: '2', language: 'ar' });
    expect(body.textHash).toMatch(/^[0-9a-f]{64}$/);
    await text.getByRole('button', { name: 'تراجع' }).waitFor();
  });

  it('that is refused once is not offered with an undo, and can still be given', async () => {
    const { page } = await visit(await pages.newPerson());
    await press(page, 'Statistics', 'No, thank you');
    await card(page, 'Statistics').getByText('Not agreed', { exact: true }).waitFor();
    expect(await card(page, 'Statistics').getByRole('button').allInnerTexts()).toEqual(['Agree']);
  });

  it('names what a withdrawal deletes, and it is gone', async () => {
    const { page } = await visit(await pages.newPerson());
    await press(page, 'Personalisation', 'Agree');
    await card(page, 'Personalisation').getByRole('button', { name: 'Undo' }).waitFor();
    await page.goto(`${pages.url}/profile`);
    await page.getByRole('button', { name: 'Add: Which city do you live in?' }).click();
    await page.getByLabel('Which city do you live in?').fill('Lisbon');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Lisbon').waitFor();
    await page.goto(`${pages.url}/privacy`);
    await card(page, 'Personalisation')
      .getByText('If you withdraw, this is deleted: Which city do you live in?')
      .waitFor();
    await press(page, 'Personalisation', 'Withdraw');
    await card(page, 'Personalisation').getByText('Withdrawn.').waitFor();
    await page.goto(`${pages.url}/profile`);
    await settled(page);
    expect(await page.getByText('Lisbon').count()).toBe(0);
  });

  it('is sent once by two clicks', async () => {
    const { page } = await visit(await pages.newPerson());
    let answers = 0;
    page.on('request', (request) => {
      if (request.method() === 'PUT') answers += 1;
    });
    await card(page, 'Newsletter').getByRole('button', { name: 'No, thank you' }).dblclick();
    await card(page, 'Newsletter').getByText('Not agreed', { exact: true }).waitFor();
    expect(answers).toBe(1);
  });

  it('of the contract has no button', async () => {
    const { page } = await visit(await pages.newPerson());
    expect(await shown(card(page, 'Terms of use'))).toContain('Part of the contract');
    expect(await card(page, 'Terms of use').getByRole('button').count()).toBe(0);
  });

  it('whose text has changed is pointed to from the overview', async () => {
    const { page } = await visit(await pages.newPerson());
    await press(page, 'Newsletter', 'Agree');
    await card(page, 'Newsletter').getByRole('button', { name: 'Undo' }).waitFor();
    // As the API answers once the operator has put a new version in force.
    await page.route('**/v1/me/consents?*', async (route) => {
      const answer = await route.fetch();
      const { consents } = (await answer.json()) as { consents: { purpose: string }[] };
      const changed = consents.map((consent) =>
        consent.purpose === 'newsletter' ? { ...consent, version: '3', ask: true, active: false } : consent,
      );
      await route.fulfill({ response: answer, json: { consents: changed } });
    });
    await page.goto(`${pages.url}/`);
    await page.getByText('“Newsletter” has a new text').waitFor();
    await page.getByRole('link', { name: 'Read and decide' }).click();
    await card(page, 'Newsletter').getByText('New text').waitFor();
    expect(await shown(card(page, 'Newsletter'))).toMatch(/You answered version .?2/);
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("aria-labelledby")'))
      .toBe('name-newsletter');
  });

  it('history goes on page by page', async () => {
    const { page } = await visit(await pages.newPerson());
    for (let round = 0; round < 6; round += 1) {
      await press(page, 'Newsletter', round === 0 ? 'Agree' : 'Undo');
      await card(page, 'Newsletter').getByText('Saved: you have agreed.').waitFor();
      await press(page, 'Newsletter', 'Undo');
      await card(page, 'Newsletter').getByText('Withdrawn.').waitFor();
    }
    await expect.poll(async () => (await history(page)).length).toBe(10);
    await press(page, 'History', 'Show older decisions');
    await expect.poll(async () => (await history(page)).length).toBe(13);
    expect((await history(page)).at(-1)).toBe('Terms of use: agreed');
  });
});

it('all data comes as one file, once per click', async () => {
  const person = await pages.newPerson();
  const { page, complaints } = await visit(person);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download my data' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^account-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(await readFile((await download.path()) ?? '', 'utf8'));
  expect(data).toMatchObject({ version: 1, account: { email: person.email } });
  await page.getByText('The file is in your downloads.').waitFor();
  expect(complaints).toEqual([]);
});

describe('deleting the account', () => {
  it('says what happens, wants a word and a proof, and ends with a farewell', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person);
    pages.running.clock.advance(11 * 60_000);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete my account' });
    expect(await shown(dialog)).toContain('nobody can sign in to this account any more');
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await dialog.getByText('Type exactly “delete”, or keep your account.').waitFor();
    await dialog.getByLabel('Type “delete” to confirm').fill(' Delete ');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    const proof = page.getByRole('dialog').last();
    await proof.getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your account is being deleted' }).waitFor();
    expect(await flaws(page)).toEqual([]);
    await page.goto(`${pages.url}/`);
    await page.waitForURL(({ pathname }) => pathname === '/portal/sign-in');
    expect((await person.startSignIn()).status).toBe(401);
    expect(surprises(complaints)).toEqual([]);
  });

  it('can be left without a trace', async () => {
    const { page } = await visit(await pages.newPerson());
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByRole('button', { name: 'Keep my account' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await card(page, 'Newsletter').waitFor();
  });
});

it.each([
  { look: 'a phone', options: { viewport: sizes.phone } },
  {
    look: 'a phone in the dark, from right to left',
    options: { viewport: sizes.phone, colorScheme: 'dark', locale: 'ar' },
  },
  { look: 'a desktop in the dark', options: { colorScheme: 'dark', locale: 'de' } },
] as const)('the page fits $look and is accessible', async ({ options }) => {
  const { page, complaints } = await visit(await pages.newPerson(), 'privacy', options);
  expect(await flaws(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
