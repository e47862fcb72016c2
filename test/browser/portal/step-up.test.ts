import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, withAuthenticator } from '../../support/account-pages.ts';
import { axeViolations, overflow, sizes } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { enrolTotp } from '../../support/enrolments.ts';

const startMs = 240_000;
const journeyMs = 90_000;
/** Older than any change takes for a fresh proof. */
const staleMs = 11 * 60_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const question = (page: Page) => page.getByRole('dialog', { name: 'Confirm that it is you' });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const secret = (page: Page) => page.getByRole('dialog', { name: 'Set up an app' });

/** On the security page with a proof that is too old, in the middle of setting up an app. */
async function asked(person: Customer, options = {}): Promise<Page> {
  const { page } = await pages.visit(person, 'security', options);
  pages.running.clock.advance(staleMs);
  await press(page, 'Set up an app');
  await question(page).waitFor();
  return page;
}

describe('a change without a fresh proof', { timeout: journeyMs }, () => {
  it('goes on by itself after the password, a wrong one first', async () => {
    const person = await pages.newPerson();
    const page = await asked(person);
    const field = question(page).getByLabel('Password', { exact: true });
    await field.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press(page, 'Continue');
    await question(page).getByText('Enter your password.').waitFor();
    await field.fill('not the password at all');
    await press(page, 'Continue');
    await question(page).getByText('This is not your password.').waitFor();
    await field.fill(person.password);
    await press(page, 'Continue');
    await secret(page).waitFor();
    await question(page).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('does not happen when the question is closed, and nothing is called wrong', async () => {
    const page = await asked(await pages.newPerson());
    await press(page, 'Cancel');
    await question(page).waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await secret(page).count()).toBe(0);
    await press(page, 'Set up an app');
    await question(page).waitFor();
    await page.keyboard.press('Escape');
    await question(page).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('asks for a mailed code where the person prefers that, and sends another one', async () => {
    const person = await pages.newPerson();
    const page = await asked(person);
    await press(page, 'Get a code by e-mail');
    await page.getByLabel('Code from the e-mail').waitFor();
    await person.mailbox.nextCode(person.email);
    await press(page, 'Send a new code');
    await question(page).getByText('A new code is on its way.').waitFor();
    await page.getByLabel('Code from the e-mail').fill('00000000');
    await question(page).getByText('This code is not right, or too old.').waitFor();
    await page.getByLabel('Code from the e-mail').fill(await person.mailbox.nextCode(person.email));
    await secret(page).waitFor();
    await page.context().close();
  });

  it('takes no code that came too late, and sends another one', async () => {
    const person = await pages.newPerson();
    const page = await asked(person);
    await press(page, 'Get a code by e-mail');
    const field = page.getByLabel('Code from the e-mail');
    await field.waitFor();
    const late = await person.mailbox.nextCode(person.email);
    pages.running.clock.advance(staleMs);
    await field.fill(late);
    await question(page).getByText('This code is not right, or too old.').waitFor();
    await press(page, 'Send a new code');
    await question(page).getByText('A new code is on its way.').waitFor();
    await field.fill(await person.mailbox.nextCode(person.email));
    await secret(page).waitFor();
    await page.context().close();
  });

  it('begins again after too many wrong codes', async () => {
    const person = await pages.newPerson();
    const page = await asked(person);
    await press(page, 'Get a code by e-mail');
    const field = page.getByLabel('Code from the e-mail');
    await field.waitFor();
    await person.mailbox.nextCode(person.email);
    for (;;) {
      const answer = page.waitForResponse('**/v1/me/step-up/answer');
      await field.fill('00000000');
      if (!(await answer).ok()) break;
      // A wrong code empties the field for the next one.
      await expect.poll(() => field.inputValue()).toBe('');
    }
    await question(page).getByText('This took too long, or there were too many tries.').waitFor();
    await press(page, 'Send the code');
    await field.fill(await person.mailbox.nextCode(person.email));
    await secret(page).waitFor();
    await page.context().close();
  });

  it('wants the authenticator app of somebody who has one, whatever the mailbox says', async () => {
    const person = await (await pages.newPerson()).signIn();
    const app = await enrolTotp(person, () => pages.running.clock.now());
    const { page } = await pages.visit(person, 'security', { code: () => app.code() });
    pages.running.clock.advance(staleMs);
    await press(page, 'Make recovery codes');
    await page.getByLabel('Code of the authenticator app').waitFor();
    expect(await page.getByRole('button', { name: 'Get a code by e-mail' }).count()).toBe(0);
    await page.getByLabel('Code of the authenticator app').fill('000000');
    await question(page).getByText('This code is not right.').waitFor();
    await page.getByLabel('Code of the authenticator app').fill(app.code());
    await page.locator('.recovery-sheet').waitFor();
    await page.context().close();
  });

  it('is asked once for a double click', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security');
    pages.running.clock.advance(staleMs);
    const proofs: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/me/step-up')) proofs.push(request.method());
    });
    await page.getByRole('button', { name: 'Set up an app' }).dblclick();
    await question(page).getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Continue', exact: true }).dblclick();
    await secret(page).waitFor();
    expect(proofs).toEqual(['POST']);
    await page.context().close();
  });

  it('is answered with a passkey by the keyboard alone', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', withAuthenticator);
    await press(page, 'Add a passkey');
    await press(page, 'Close');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    pages.running.clock.advance(staleMs);
    await page.getByRole('button', { name: 'Set up an app' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use passkey' }).waitFor();
    await page.getByRole('button', { name: 'Use passkey' }).focus();
    await page.keyboard.press('Enter');
    await secret(page).waitFor();
    await page.context().close();
  });

  it('leads to the sign-in page when the session has ended meanwhile', async () => {
    const person = await pages.newPerson();
    const page = await asked(person);
    await question(page).getByLabel('Password', { exact: true }).fill(person.password);
    await page.evaluate(`fetch('/v1/me/sessions').then((answer) => answer.json()).then(({ csrf }) =>
      fetch('/v1/sessions/sign-out', { method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vestibule-csrf': csrf }, body: '{}' }))`);
    await press(page, 'Continue');
    await page.waitForURL('**/portal/sign-in?then=*');
    await question(page).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it.each([
    { locale: 'ar', colorScheme: 'dark', viewport: sizes.phone },
    { locale: 'de', colorScheme: 'light', viewport: sizes.phone },
  ] as const)('fits a phone: $locale, $colorScheme', async (options) => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', options);
    pages.running.clock.advance(staleMs);
    await page.locator('.card').nth(1).getByRole('button').click();
    await page.locator('dialog input').waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });
});
