import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountPages,
  openAccountPages,
  settled,
  signInOn,
  surprises,
} from '../../support/account-pages.ts';
import { axeViolations, openPage, shown, sizes } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { flaws, typeAddress, typeCode, typePassword } from '../../support/public-pages.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 180_000;
let pages: AccountPages;
let customer: Customer;

beforeAll(async () => {
  pages = await openAccountPages();
  customer = await pages.newPerson();
}, startMs);
afterAll(() => pages?.stop());

/** A browser in English, once the page has what it shows. */
async function visit(person: Customer, path: string, options: BrowserContextOptions = {}) {
  const watched = await pages.visit(person, path, { locale: 'en-GB', ...options });
  await settled(watched.page);
  return watched;
}
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const isSignIn = (url: URL) => url.pathname === '/portal/sign-in';

describe('somebody who is not signed in', () => {
  it('comes to the sign-in page, which knows where to go on', async () => {
    const { page, complaints } = await openPage(pages.browser, `${pages.url}/activity?x=1`, { locale: 'en' });
    await page.waitForURL(isSignIn);
    expect(new URL(page.url()).searchParams.get('then')).toBe('/portal/activity?x=1');
    await typeAddress(page, customer.email);
    await typePassword(page, customer.password);
    await typeCode(page, await customer.mailbox.nextCode(customer.email));
    await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/portal/activity?x=1');
    expect(surprises(complaints)).toEqual([]);
  });
});

describe('the frame', () => {
  it('is reached and left by keyboard alone, in the order in which it is read', async () => {
    const { page } = await visit(await pages.newPerson(), '');
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    await page.locator('a.skip').focus();
    expect(await page.locator('a.skip').boundingBox()).toMatchObject({ x: expect.any(Number) });
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');
    const order: unknown[] = [];
    await page.locator('a.brand').focus();
    for (let step = 0; step < 3; step += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual(['Overview', 'Profile', 'Security']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1');
  });

  it('says where one is, and hides what is for operators', async () => {
    const { page } = await visit(await pages.newPerson(), 'privacy');
    const navigation = page.getByRole('navigation', { name: 'Account', exact: true });
    expect(await navigation.locator('[aria-current=page]').allInnerTexts()).toEqual(['Privacy']);
    expect(await page.getByRole('link', { name: 'Operator console' }).count()).toBe(0);
    await page.route('**/v1/me/sessions', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), operator: true } });
    });
    await page.reload();
    await navigation.getByRole('link', { name: 'Operator console' }).waitFor();
  });

  it('has the rest behind "More" on a phone; Escape closes it, a link leads on', async () => {
    const { page, complaints } = await visit(await pages.newPerson(), '', { viewport: sizes.phone });
    const more = page.getByRole('button', { name: 'More', exact: true });
    const box = await more.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(sizes.phone.height - 60);
    await more.click();
    const sheet = page.getByRole('dialog', { name: 'More' });
    await sheet.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('More');
    await more.click();
    await sheet.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('signs out once, also when clicked twice, and going back shows nothing', async () => {
    const person = await pages.newPerson();
    const { page } = await visit(person, 'profile');
    let calls = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/sessions/sign-out')) calls += 1;
    });
    await page.getByRole('button', { name: 'Sign out' }).dblclick();
    await page.waitForURL(isSignIn);
    expect(new URL(page.url()).search).toBe('');
    expect(calls).toBe(1);
    await page.goBack();
    await page.waitForURL(isSignIn);
    expect(await page.getByText(person.email).count()).toBe(0);
  });

  it('a session that was ended elsewhere shows the sign-in page at the next click, and comes back', async () => {
    const person = await pages.newPerson();
    const { page } = await visit(person, 'privacy');
    const elsewhere = await visit(person, '');
    expect(await endOthers(elsewhere.page)).toBe(204);
    await region(page, 'Newsletter').getByRole('button', { name: 'Agree' }).click();
    await page.waitForURL(isSignIn);
    expect(new URL(page.url()).searchParams.get('then')).toBe('/portal/privacy');
    // Whatever began in the second of the ending is over, too.
    pages.running.clock.advance(2_000);
    await signInOn(page, person);
    await page.goto(`${pages.url}/privacy`);
    await region(page, 'Newsletter').getByRole('button', { name: 'Agree' }).waitFor();
  });

  it('without a connection says so, and goes on where it stopped', async () => {
    const { page } = await visit(await pages.newPerson(), '');
    const navigation = page.getByRole('navigation', { name: 'Account', exact: true });
    await page.context().setOffline(true);
    await navigation.getByRole('link', { name: 'Profile' }).click();
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    expect(await shown(alert)).toContain('There is no connection.');
    const said = await alert.elementHandle();
    await page.getByRole('button', { name: 'Try again' }).click();
    // Said once more, by another element: the page is still there, and so is no connection.
    await expect.poll(() => said?.evaluate(({ isConnected }) => isConnected)).toBe(false);
    expect(await shown(alert)).toContain('There is no connection.');
    await page.context().setOffline(false);
    await region(page, 'About you').waitFor();
  });

  it('a list that could not be fetched is fetched again on demand', async () => {
    const { page } = await visit(await pages.newPerson(), '');
    await page.route('**/v1/me/consents?*', (route) => route.abort());
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'There is no connection.' }).waitFor();
    await page.unroute('**/v1/me/consents?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await region(page, 'What needs your attention').waitFor();
  });
});

const endOthers = (page: Page): Promise<number> =>
  page.evaluate(`(async () => {
    const { csrf } = await (await fetch('/v1/me/sessions')).json();
    return (await fetch('/v1/me/sessions', { method: 'DELETE', headers: { 'x-vestibule-csrf': csrf } })).status;
  })()`);

describe('the overview', () => {
  it('asks its questions one by one, and the profile fills', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person, '');
    const question = region(page, 'A quick question');
    await page.getByText('Your profile is 0 % complete').waitFor();
    await question.getByText('only to keep our contract with you').waitFor();
    await question.getByRole('button', { name: 'Save' }).click();
    await question.getByText('Enter something, or go back.').waitFor();
    await question.getByLabel('How shall we call you?').fill('Ada');
    await question.getByRole('button', { name: 'Save' }).dblclick();
    await question.getByText('Thank you.').waitFor();
    await page.getByText('Your profile is 80 % complete').waitFor();
    await page.reload();
    await settled(page);
    expect(await question.count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('a skipped question does not come back', async () => {
    const { page } = await visit(await pages.newPerson(), '');
    const question = region(page, 'A quick question');
    await question.getByRole('button', { name: 'Not now' }).click();
    await question.getByText('Thank you.').waitFor();
    await page.reload();
    await settled(page);
    expect(await question.count()).toBe(0);
  });

  it('shows a sign-in on another device until its owner has said that it was them', async () => {
    const person = await pages.newPerson();
    const { page } = await visit(person, '');
    await person.signIn(); // a program elsewhere
    const attention = region(page, 'What needs your attention');
    await expect
      .poll(async () => {
        await page.reload();
        await settled(page);
        return shown(attention);
      })
      .toContain('New sign-in on a device we did not know');
    expect(await shown(attention)).toContain('A program');
    await attention.getByRole('button', { name: 'Yes, it was me' }).click();
    await expect.poll(() => shown(attention)).not.toContain('New sign-in');
    await page.reload();
    await settled(page);
    expect(await shown(attention)).not.toContain('New sign-in');
    await attention.getByRole('link', { name: 'Add a passkey' }).click();
    await page.getByRole('heading', { level: 1, name: 'Security' }).waitFor();
  });

  it.each([
    { look: 'a phone', options: { viewport: sizes.phone } },
    {
      look: 'a phone in the dark, from right to left',
      options: { viewport: sizes.phone, colorScheme: 'dark', locale: 'ar' },
    },
    { look: 'a desktop in the dark', options: { colorScheme: 'dark', locale: 'de' } },
    { look: 'a desktop', options: { locale: 'fr' } },
  ] as const)('fits $look and is accessible', async ({ options }) => {
    const { page, complaints } = await visit(await pages.newPerson(), '', options);
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
