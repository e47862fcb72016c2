import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Customer } from '../../support/customer.ts';
import {
  flaws,
  isInAccount,
  openPublicPages,
  type PublicPages,
  press,
  typeCode,
  untilHeadline,
} from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;

let pages: PublicPages;
beforeAll(async () => {
  pages = await openPublicPages();
}, startMs);
afterAll(() => pages?.stop());

const terms = /I accept the terms of use/;

async function fillForm(page: Page, person: Customer) {
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByLabel(terms).check();
}

describe('signing up', { timeout: journeyMs }, () => {
  it('leads a newcomer from the form by one mailed code into the account', async () => {
    const person = new Customer(pages.running.outputs);
    const { page, complaints } = await pages.open('sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await untilHeadline(page, 'Create your account');
    await page.getByLabel(terms).waitFor();
    expect(await page.locator('input[type=checkbox]:checked').count()).toBe(0);
    expect(await flaws(page)).toEqual([]);
    await fillForm(page, person);
    await press(page, 'Create account');
    await untilHeadline(page, 'Confirm your address');
    expect(await flaws(page)).toEqual([]);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    expect(await person.mailbox.list(person.email)).toHaveLength(1);
    expect(complaints()).toEqual([]);
    await page.goBack();
    await page.locator('main:has(h1)').waitFor();
    expect(await page.locator('input[name=code]').count()).toBe(0);
    await page.context().close();
  });

  it('keeps the code’s form until the account is there: a slow sign-in is no missing one', async () => {
    const person = new Customer(pages.running.outputs);
    const { page } = await pages.open('sign-up', { locale: 'de-DE' });
    await page.getByLabel('E-Mail-Adresse').fill(person.email);
    await page.getByLabel('Passwort', { exact: true }).fill(person.password);
    await page.getByLabel(/Ich akzeptiere die Nutzungsbedingungen/).check();
    await press(page, 'Konto anlegen');
    await untilHeadline(page, 'E-Mail-Adresse bestätigen');
    // Every headline and notice that is shown from here on, however short.
    await page.evaluate(`globalThis.seen = [];
      new MutationObserver(() => seen.push(document.querySelector('main')?.innerText ?? ''))
        .observe(document.body, { childList: true, subtree: true, characterData: true });`);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/v1/sessions', async (route) => {
      await held;
      await route.continue();
    });
    const sent = page.waitForRequest('**/v1/sessions');
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await sent;
    await page.locator('button[aria-busy=true]', { hasText: 'Bestätigen' }).waitFor();
    goOn();
    await isInAccount(page);
    const seen = (await page.evaluate('seen')) as readonly string[];
    expect(seen.filter((words) => /nichts zu bestätigen|Ihr Konto ist bereit/.test(words))).toEqual([]);
    await page.context().close();
  });

  it('asks to sign in when the account is there but signing in failed', async () => {
    const person = new Customer(pages.running.outputs);
    const { page } = await pages.open('sign-up');
    await page.getByLabel(terms).waitFor();
    await fillForm(page, person);
    await press(page, 'Create account');
    await untilHeadline(page, 'Confirm your address');
    await page.route('**/v1/sessions', (route) => route.abort());
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await untilHeadline(page, 'Your account is ready');
    await page.unroute('**/v1/sessions');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await untilHeadline(page, 'Sign in');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email);
    await page.context().close();
  });

  it('says what is missing at its field, and sends nothing', async () => {
    const { page, complaints } = await pages.open('sign-up');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    await press(page, 'Create account');
    await page.getByText('Without this there is no account.').waitFor();
    await page.getByText('Enter your e-mail address').waitFor();
    await page.getByText('This password is too short.').waitFor();
    expect(await flaws(page)).toEqual([]);
    expect(sent).toEqual([]);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('sends one registration for a double click, with exactly the texts that were shown', async () => {
    const person = new Customer(pages.running.outputs);
    const { page } = await pages.open('sign-up', { locale: 'de-DE' });
    const sent: unknown[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/registrations')) sent.push(request.postDataJSON());
    });
    await page.getByLabel('E-Mail-Adresse').fill(person.email);
    await page.getByLabel('Passwort', { exact: true }).fill(person.password);
    await page.getByLabel(/Ich akzeptiere die Nutzungsbedingungen/).check();
    await page.getByRole('button', { name: 'Konto anlegen' }).dblclick();
    await untilHeadline(page, 'E-Mail-Adresse bestätigen');
    expect(sent).toEqual([
      expect.objectContaining({
        locale: 'de',
        consents: [expect.objectContaining({ purpose: 'terms', language: 'de', decision: 'granted' })],
      }),
    ]);
    await page.context().close();
  });

  it('answers for an address that is taken as for a new one', async () => {
    const owner = await pages.newPerson();
    const { page } = await pages.open('sign-up');
    await fillForm(page, owner);
    await press(page, 'Create account');
    await untilHeadline(page, 'Confirm your address');
    await page.getByText('If you have an account with it').waitFor();
    await page.context().close();
  });

  it('goes on after a reload, says that a code is wrong, and asks to sign in when the password is gone', async () => {
    const person = new Customer(pages.running.outputs);
    const { page } = await pages.open('sign-up');
    await fillForm(page, person);
    await press(page, 'Create account');
    await untilHeadline(page, 'Confirm your address');
    const code = await person.mailbox.nextCode(person.email);
    await page.reload();
    await untilHeadline(page, 'Confirm your address');
    await typeCode(page, code === '00000000' ? '11111111' : '0'.repeat(code.length));
    await page.getByRole('alert').filter({ hasText: 'wrong or too old' }).waitFor();
    await expect.poll(() => page.locator('input[name=code]').inputValue()).toBe('');
    await typeCode(page, code);
    await untilHeadline(page, 'Your account is ready');
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain(
      person.password,
    );
    await page.context().close();
  });
});
