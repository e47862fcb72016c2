import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountPages,
  openAccountPages,
  settled,
  surprises,
  withAuthenticator,
} from '../../support/account-pages.ts';
import { Customer } from '../../support/customer.ts';
import { type Focus, focus, untilFocus } from '../../support/focus.ts';
import { isInAccount, openPublicPage, untilHeadline } from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

/** Tab by tab from where the focus is, until it leaves the page or `count` is reached. */
async function tabs(page: Page, count: number): Promise<readonly Focus[]> {
  const seen: Focus[] = [];
  for (let step = 0; step < count; step += 1) {
    await page.keyboard.press('Tab');
    seen.push(await focus(page));
  }
  return seen;
}
const names = (seen: readonly Focus[]) => seen.map(({ name }) => name);
const hidden = (seen: readonly Focus[]) =>
  seen.filter(({ isVisible, isOnScreen }) => !isVisible || !isOnScreen).map(({ name }) => name);

async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if (name.test((await focus(page)).name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${name} by the keyboard, at ${(await focus(page)).name}`);
}

describe('by the keyboard alone', { timeout: journeyMs }, () => {
  it('somebody signs up, in the order in which the page is read, and always sees where they are', async () => {
    const person = new Customer(pages.running.outputs);
    const { page, complaints } = await openPublicPage(pages.browser, `${pages.url}/sign-up`);
    await page.getByLabel(/I accept the terms of use/).waitFor();
    await untilFocus(page, 'E-mail address');
    await page.locator('body').press('Home');
    await page.locator('a.skip').focus();
    const seen = await tabs(page, 7);
    expect(hidden(seen)).toEqual([]);
    expect(names(seen)).toEqual([
      'Linden & Lark',
      'E-mail address',
      'Password',
      'Show password',
      expect.stringContaining('I accept the terms of use'),
      expect.stringContaining('Send me the newsletter'),
      expect.stringContaining('Use my answers and my orders'),
    ]);
    await page.locator('a.skip').focus();
    await tabTo(page, /^E-mail address/);
    await page.keyboard.type(person.email);
    await tabTo(page, /^Password$/);
    await page.keyboard.type(person.password);
    await tabTo(page, /I accept the terms/);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await untilHeadline(page, 'Confirm your address');
    await untilFocus(page, 'Code from the mail');
    await page.keyboard.type(await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    await untilHeadline(page, 'Your account');
    await untilFocus(page, 'Your account');
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('somebody signs in, goes back to change the address, and is led to the first thing of each step', async () => {
    const person = await pages.newPerson();
    const { page } = await openPublicPage(pages.browser, `${pages.url}/sign-in`);
    await untilFocus(page, 'E-mail address');
    expect(hidden(await tabs(page, 6))).toEqual([]);
    await page.locator('a.skip').focus();
    await tabTo(page, /^E-mail address/);
    await page.keyboard.type('nobody@example.com');
    await page.keyboard.press('Enter');
    await untilHeadline(page, 'Enter your password');
    await untilFocus(page, 'Password');
    await page.locator('a.skip').focus();
    await tabTo(page, /^Change/);
    await page.keyboard.press('Enter');
    await untilHeadline(page, 'Sign in');
    await tabTo(page, /^E-mail address/);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(person.email);
    await page.keyboard.press('Enter');
    await untilHeadline(page, 'Enter your password');
    await untilFocus(page, 'Password');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await untilHeadline(page, 'Check your mail');
    await untilFocus(page, 'Code from the mail');
    await page.keyboard.type(await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    await page.context().close();
  });

  it('a dialog keeps the focus, closes by Escape and gives it back to where it was', async () => {
    const { page, complaints } = await pages.visit(await pages.newPerson(), 'security', withAuthenticator);
    await settled(page);
    await page.locator('a.skip').focus();
    await tabTo(page, /Set up an app/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').locator('input').first().waitFor();
    const inside = await tabs(page, 12);
    const outside = inside.filter(
      ({ isInDialog, name }) => !isInDialog && name !== '' && !/^Skip/.test(name),
    );
    expect(names(outside).filter((name) => /Add a passkey|Overview|Sign out/.test(name))).toEqual([]);
    expect(hidden(inside.filter(({ isInDialog }) => isInDialog))).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await untilFocus(page, 'Set up an app');

    pages.running.clock.advance(11 * 60_000);
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, /Add a passkey/);
    await page.keyboard.press('Enter');
    const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await proof.getByRole('textbox', { name: 'Password' }).waitFor();
    await untilFocus(page, 'Password');
    expect(await focus(page)).toMatchObject({ isInDialog: true, isVisible: true });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await untilFocus(page, 'Add a passkey');
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });
});

it('nothing moves for people who want no motion', { timeout: journeyMs }, async () => {
  const { page } = await pages.visit(await pages.newPerson(), 'security', { reducedMotion: 'reduce' });
  await settled(page);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await page.getByRole('dialog').locator('input').first().waitFor();
  const moving: string[] = await page.evaluate(`[...document.querySelectorAll('*')]
    .filter((element) => {
      const style = getComputedStyle(element);
      const longest = (list) => Math.max(...list.split(',').map((each) => parseFloat(each)));
      return longest(style.transitionDuration) > 0.01 || (style.animationName !== 'none' && longest(style.animationDuration) > 0.01);
    })
    .map((element) => element.tagName + '.' + element.className)`);
  expect(moving).toEqual([]);
  await page.context().close();
});

describe('a passkey is offered', { timeout: journeyMs }, () => {
  const offer = (page: Page) =>
    page
      .getByRole('region', { name: 'What needs your attention' })
      .getByRole('link', { name: 'Add a passkey' });

  it('after the first sign-in without one, leads to where it is made, and is not offered again', async () => {
    const { page } = await pages.visit(await pages.newPerson(), '', withAuthenticator);
    await settled(page);
    await offer(page).click();
    await untilHeadline(page, 'Security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('dialog', { name: 'Your passkey is ready' }).waitFor();
    await page.goto(`${pages.url}/`);
    await settled(page);
    expect(await offer(page).count()).toBe(0);
    await page.getByText('You have no recovery codes').waitFor();
    await page.context().close();
  });

  it('only where this browser could make one', async () => {
    const { page } = await pages.visit(await pages.newPerson(), '', {
      prepare: async (opened) => {
        await opened.addInitScript('delete globalThis.PublicKeyCredential');
      },
    });
    await settled(page);
    expect(await offer(page).count()).toBe(0);
    await page.context().close();
  });
});
