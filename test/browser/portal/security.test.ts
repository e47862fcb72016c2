import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountPages,
  openAccountPages,
  surprises,
  withAuthenticator,
} from '../../support/account-pages.ts';
import { axeViolations, overflow, shown, sizes } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import { AuthenticatorApp } from '../../support/enrolments.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 240_000;
const journeyMs = 90_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const card = (page: Page, title: string) => page.getByRole('region', { name: title });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const dialog = (page: Page) => page.getByRole('dialog');

async function addPasskey(page: Page): Promise<void> {
  await press(page, 'Add a passkey');
  await page.getByRole('dialog', { name: 'Your passkey is ready' }).waitFor();
}

/** Scans the key as an app does, by what the page shows to type in. */
async function setUpApp(page: Page): Promise<AuthenticatorApp> {
  await press(page, 'Set up an app');
  await page.getByText('Type the key in instead').click();
  const key = await shown(page.locator('.secret'));
  const app = new AuthenticatorApp(key.replaceAll(' ', ''), () => pages.running.clock.now());
  await page.getByLabel('Code that the app shows').fill(app.code(-1));
  await page.getByText('Your app is set up.').waitFor();
  return app;
}

describe('the security page', { timeout: journeyMs }, () => {
  it('says that a password alone is little, and adds a passkey under the name of the device', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.visit(person, 'security', withAuthenticator);
    await page.getByText('protected by your password and your mailbox only').waitFor();
    await addPasskey(page);
    const name = page.getByLabel('Name', { exact: true });
    expect(await name.inputValue()).toMatch(/ on /);
    await name.fill('Blue laptop');
    await press(page, 'Save');
    await card(page, 'Passkeys').getByText('Blue laptop', { exact: true }).waitFor();
    await page.getByText('protected by your password and your mailbox only').waitFor({ state: 'detached' });
    expect(await axeViolations(page)).toEqual([]);
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('leads to a passkey that signs in by itself', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', withAuthenticator);
    await addPasskey(page);
    await press(page, 'Close');
    await page.context().clearCookies();
    const state = await page.evaluate(`(async () => {
      const post = (path, body) => fetch(path, { method: 'POST', ...(body && {
        headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) }).then((answer) => answer.json());
      const { options, challenge } = await post('/v1/sessions/passkey-options');
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const credential = (await navigator.credentials.get({ publicKey })).toJSON();
      return post('/v1/sessions', { passkey: { credential, challenge }, mode: 'cookie' });
    })()`);
    expect(state).toMatchObject({ state: 'signed-in', level: 2 });
    await page.reload();
    await card(page, 'Passkeys').getByText('last used now').waitFor();
    await page.context().close();
  });

  it('names a second passkey apart, renames and removes one', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', withAuthenticator);
    await addPasskey(page);
    await press(page, 'Close');
    const { name } = await factor(page);
    await card(page, 'Passkeys')
      .getByRole('button', { name: `Actions for ${name}` })
      .click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Old phone');
    await press(page, 'Save');
    await card(page, 'Passkeys').getByRole('button', { name: 'Actions for Old phone' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await dialog(page).getByText('the last extra protection').waitFor();
    await press(page, 'Remove');
    await press(page, 'Use passkey');
    await card(page, 'Passkeys').getByRole('listitem').waitFor({ state: 'detached' });
    await page.getByText('protected by your password and your mailbox only').waitFor();
    await page.context().close();
  });

  it('says what to do when the browser has a passkey of the account already', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', withAuthenticator);
    await addPasskey(page);
    await press(page, 'Close');
    await press(page, 'Add a passkey');
    await press(page, 'Use passkey');
    await page.getByText('has a passkey of your account already').waitFor();
    await page.context().close();
  });

  it('sets up an authenticator app by its key, and replaces and removes it', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.visit(person, 'security');
    await press(page, 'Set up an app');
    await page
      .getByRole('img', { name: /QR code/ })
      .locator('path')
      .waitFor({ state: 'attached' });
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Code that the app shows').fill('000000');
    await dialog(page).getByText('This code does not fit').waitFor();
    await press(page, 'Begin again with a new key');
    await dialog(page).getByText('This code does not fit').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await setUpApp(page);
    await card(page, 'Authenticator app').getByText('Set up', { exact: true }).waitFor();
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('adds a phone by the code that was sent to it', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security');
    await press(page, 'Add a phone number');
    await page.getByLabel('Phone number', { exact: true }).fill('0151 1234');
    await press(page, 'Send a code');
    await page.getByText('This is not a number that we can reach').waitFor();
    const number = `+4915${String(Date.now()).slice(-9)}`;
    await page
      .getByLabel('Phone number', { exact: true })
      .fill(`${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`);
    await press(page, 'Send a code');
    await page.getByLabel('Code from the text message').fill(await person.mailbox.nextCode(number));
    await page.getByText('Your phone number is confirmed.').waitFor();
    await page.context().close();
  });

  it('shows recovery codes once, to copy, to save and to print without the rest of the page', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.visit(person, 'security');
    await page.getByText('Add a passkey, an app or a phone number first').waitFor();
    const app = await setUpApp(page);
    await press(page, 'Make recovery codes');
    await page.getByLabel('Code of the authenticator app').fill(app.code());
    const codes = page.locator('.recovery-sheet li');
    await codes.last().waitFor();
    expect(await codes.count()).toBe(10);
    const first = await shown(codes.first());

    await press(page, 'Copy');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect((await page.evaluate('navigator.clipboard.readText()')) as string).toContain(first);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save as a file')]);
    expect(await readFile(await download.path(), 'utf8')).toContain(first);

    await page.emulateMedia({ media: 'print' });
    expect(await codes.first().isVisible()).toBe(true);
    for (const rest of ['Passkeys', 'Password']) expect(await card(page, rest).isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    // On the first sheet of paper, without what the hidden parts would have taken.
    expect((await page.locator('.recovery-sheet').boundingBox())?.y).toBeLessThan(150);
    await page.emulateMedia({ media: 'screen' });

    expect(await axeViolations(page)).toEqual([]);
    await press(page, 'I have kept them');
    await card(page, 'Recovery codes').getByText('10 codes left').waitFor();
    await expect.poll(() => page.locator('body').textContent()).not.toContain(first);
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('changes the password, after which the old one and the session are worth nothing', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security');
    await press(page, 'Change the password');
    await dialog(page).getByText('signed out everywhere, here too').waitFor();
    const field = page.getByLabel('New password');
    await field.fill('short');
    await press(page, 'Change and sign out everywhere');
    await dialog(page).getByText('This password cannot be used').waitFor();
    const password = `${person.password} anew`;
    await field.fill(password);
    await press(page, 'Change and sign out everywhere');
    await page.getByRole('dialog', { name: 'Your password is changed' }).waitFor();
    expect(await page.evaluate(`fetch('/v1/me/sessions').then(({ status }) => status)`)).toBe(401);
    await press(page, 'Sign in');
    await page.waitForURL('**/portal/sign-in?then=*');
    expect((await person.startSignIn()).status).toBe(401);
    const renewed = Object.assign(new Customer(pages.running.outputs, person.email), { password });
    expect((await renewed.startSignIn()).status).toBe(200);
    await page.context().close();
  });
});

/** The newest passkey as the API lists it. */
const factor = (page: Page): Promise<{ name: string }> =>
  page.evaluate(
    `fetch('/v1/me/factors').then((answer) => answer.json()).then(({ passkeys }) => passkeys.at(-1))`,
  );

describe('the security page on every kind of screen', { timeout: journeyMs }, () => {
  it.each([
    { locale: 'en', colorScheme: 'light', viewport: sizes.phone },
    { locale: 'de', colorScheme: 'dark', viewport: sizes.phone },
    { locale: 'ar', colorScheme: 'dark', viewport: sizes.phone },
    { locale: 'ar', colorScheme: 'light', viewport: sizes.desktop },
    { locale: 'fr', colorScheme: 'dark', viewport: sizes.desktop },
    { locale: 'es', colorScheme: 'light', viewport: sizes.phone },
  ] as const)('fits and can be read: $locale, $colorScheme, $viewport.width', async (options) => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.visit(person, 'security', options);
    await page.locator('.card').nth(4).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.locator('.card').nth(1).getByRole('button').click();
    await page.locator('.qr-code path').waitFor({ state: 'attached' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('can be used by the keyboard alone', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.visit(person, 'security', withAuthenticator);
    await page.getByRole('button', { name: 'Add a passkey' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Actions for/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement?.role')).toBe('menuitem');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog(page).getByText('It no longer opens this account').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")'))
      .toMatch(/^Actions for/);
    await page.context().close();
  });
});
