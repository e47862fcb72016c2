import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown } from '../../support/browser.ts';
import { type FederatedCloud, openFederatedCloud } from '../../support/federated-cloud.ts';
import {
  flaws,
  isInAccount,
  openPublicPages,
  type PublicPages,
  press,
  signInByPages,
  untilHeadline,
} from '../../support/public-pages.ts';

/** A configuration with providers, synthesized and deployed for this file. */
const startMs = 300_000;
const journeyMs = 60_000;

let world: FederatedCloud;
let pages: PublicPages;
beforeAll(async () => {
  world = await openFederatedCloud();
  pages = await openPublicPages({ cloud: { ...world.cloud, stop: world.stop } });
}, startMs);
afterAll(() => pages?.stop());

let people = 0;
const someAddress = () => `page${Date.now()}.${++people}@harbour.example`;

/** Whom the provider signs in from now on. */
function become(email: string): void {
  world.provider.person = {
    subject: `Page-${++people}`,
    claims: { email, email_verified: true, name: 'Ada Lovelace' },
  };
}

const openSignIn = (path = 'sign-in') => pages.open(path);

/** The browser goes to the provider by itself; that it does is no complaint. */
const own = (complaints: readonly string[]): readonly string[] =>
  complaints.filter((line) => !line.startsWith(`foreign request ${world.provider.issuer}`));

const rows = (page: Page) => page.getByRole('region', { name: 'Your linked sign-ins' }).getByRole('listitem');

describe('the button of a provider', { timeout: journeyMs }, () => {
  it('leads there and back to the page that was wanted, in an account of its own', async () => {
    const email = someAddress();
    become(email);
    const { page, complaints } = await openSignIn(`sign-in?then=${encodeURIComponent('/portal/links')}`);
    expect(await flaws(page)).toEqual([]);
    await press(page, 'Continue with Acme');
    await untilHeadline(page, 'Linked sign-ins');
    await rows(page).getByText('Began with it').waitFor();
    expect(page.url()).not.toMatch(/code|state/);
    await page.goto(`${pages.url}/profile`);
    await page.getByText(email).first().waitFor();
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toMatch(
      /eyJ|state|then/,
    );
    expect(own(complaints())).toEqual([]);
    await page.context().close();
  });

  it('says so when the person refuses there, and lets them take another way', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await openSignIn();
    world.provider.isRefused = true;
    await press(page, 'Continue with Acme');
    await page.getByText('did not work. Try again, or take another way.').waitFor();
    world.provider.isRefused = false;
    expect(page.url()).toBe(`${pages.url}/provider`);
    expect(await flaws(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await untilHeadline(page, 'Sign in');
    await signInByPages(page, person);
    expect(own(complaints())).toEqual([]);
    await page.context().close();
  });

  it('is worth nothing a second time: neither the back button nor a reload repeats it', async () => {
    become(someAddress());
    const { page } = await openSignIn();
    await press(page, 'Continue with Acme');
    await isInAccount(page);
    await page.goto(`${pages.url}/provider`);
    await page.getByText('did not work. Try again').waitFor();
    await page.goto(`${pages.url}/`);
    await untilHeadline(page, 'Your account');
    await page.context().close();
  });
});

describe('an address that has an account already', { timeout: journeyMs }, () => {
  it('is linked by the code that the provider’s sign-in shows, opens the account from then on, and is unlinked', async () => {
    const person = await pages.newPerson();
    become(person.email);
    const { page, complaints } = await openSignIn();
    await press(page, 'Continue with Acme');
    await untilHeadline(page, 'You have an account already');
    const [code = ''] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await shown(page.locator('main'))) ?? [];
    expect(code).not.toBe('');
    expect(await flaws(page)).toEqual([]);

    await page.getByRole('link', { name: 'Sign in and link' }).click();
    await untilHeadline(page, 'Sign in');
    await page.getByLabel('E-mail address').fill(person.email);
    await press(page, 'Continue');
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await press(page, 'Sign in');
    await untilHeadline(page, 'Check your mail');
    await page.locator('input[name=code]').fill(await person.mailbox.nextCode(person.email));
    await untilHeadline(page, 'Linked sign-ins');
    // Brought along, so that nobody has to keep it in mind through a sign-in.
    await expect.poll(() => page.getByLabel('Code from the other sign-in').inputValue()).toBe(code);

    // The proof of that sign-in is too old; the link code, asked for anew, is not.
    world.cloud.clock.advance(11 * 60_000);
    await press(page, 'Link');
    const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await proof.getByLabel('Password', { exact: true }).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByText('Acme now opens your account.').waitFor();
    await rows(page).getByText('Linked on').waitFor();
    expect(await rows(page).count()).toBe(1);
    await expect.poll(() => page.getByLabel('Code from the other sign-in').inputValue()).toBe('');
    expect(await flaws(page)).toEqual([]);

    const elsewhere = await openSignIn();
    await press(elsewhere.page, 'Continue with Acme');
    await isInAccount(elsewhere.page);
    await elsewhere.page.getByText(person.email).waitFor();

    await page.getByRole('button', { name: 'Remove Acme' }).click();
    await press(page, 'Remove');
    await page.getByText('Acme no longer opens your account.').waitFor();
    await page.getByText('Nothing is linked').waitFor();
    expect(own(complaints())).toEqual([]);

    await elsewhere.page.context().clearCookies();
    await elsewhere.page.goto(`${pages.url}/sign-in`);
    await press(elsewhere.page, 'Continue with Acme');
    await untilHeadline(elsewhere.page, 'You have an account already');
    await elsewhere.page.context().close();
    await page.context().close();
  });
});

describe('somebody without a password', { timeout: journeyMs }, () => {
  it('proves that it is them at the provider, comes back to the page and goes on', async () => {
    become(someAddress());
    const { page, complaints } = await openSignIn();
    await press(page, 'Continue with Acme');
    await isInAccount(page);
    await page.goto(`${pages.url}/privacy`);
    const askToDelete = async () => {
      await press(page, 'Delete my account');
      const dialog = page.getByRole('dialog', { name: 'Delete my account' });
      await dialog.getByLabel('Type “delete” to confirm').fill('delete');
      await dialog.getByRole('button', { name: 'Delete for good' }).click();
    };
    await askToDelete();
    await page.getByText('Sign in once more at Acme.').waitFor();
    expect(await page.getByRole('button', { name: 'Use the password' }).count()).toBe(0);
    expect(await flaws(page)).toEqual([]);
    await press(page, 'Go to Acme');
    await page.waitForURL(({ pathname }) => pathname === '/portal/privacy');
    await askToDelete();
    await untilHeadline(page, 'Your account is being deleted');
    expect(own(complaints())).toEqual([]);
    await page.context().close();
  });
});
