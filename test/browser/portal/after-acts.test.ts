import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountPages,
  openAccountPages,
  settled,
  withAuthenticator,
} from '../../support/account-pages.ts';
import { axeViolations } from '../../support/browser.ts';

const startMs = 240_000;
const journeyMs = 60_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const hour = 3_600_000;
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

/** What has the focus, in the words of a screen reader; `body` when nothing has. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'body';
    return element.getAttribute('aria-label') ?? element.innerText.trim();
  })()`);

const untilFocused = (page: Page, name: string): Promise<void> => expect.poll(() => focused(page)).toBe(name);

/** The region of a card in which it says what was done; there before it says anything. */
const sayingOf = (page: Page, title: string) =>
  page.getByRole('region', { name: title, exact: true }).locator('.done-region[role=status]');

const passkey = (name: string) => ({ id: name, name, enrolledAt: ago(hour), synced: false });

/** Factors of a page, as the API would keep them. */
async function withPasskeys(page: Page, ...names: readonly string[]): Promise<void> {
  let passkeys = names.map(passkey);
  await page.route('**/v1/me/factors', (route) =>
    route.fulfill({ json: { passkeys, canEnrol: ['passkey', 'totp', 'recovery-codes'] } }),
  );
  await page.route('**/v1/me/passkeys/*', async (route) => {
    const id = decodeURIComponent(new URL(route.request().url()).pathname.split('/').at(-1) ?? '');
    passkeys = passkeys.filter((one) => one.id !== id);
    await route.fulfill({ status: 204 });
  });
}

async function removeByKeyboard(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).focus();
  await page.keyboard.press('Enter');
  await untilFocused(page, 'Rename');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('a row that is removed', () => {
  it('hands the focus to the one that takes its place, then to the heading, and is said', {
    timeout: journeyMs,
  }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg', withAuthenticator);
    await withPasskeys(page, 'Desk', 'Phone', 'Key');
    await page.goto(`${pages.url}/security`);
    await settled(page);
    const said = await sayingOf(page, 'Passkeys').elementHandle();
    expect(await said?.textContent()).toBe('');
    await removeByKeyboard(page, 'Phone');
    await untilFocused(page, 'Actions for Key');
    expect(await said?.textContent()).toBe('“Phone” was removed. It no longer opens your account.');
    await removeByKeyboard(page, 'Key');
    await untilFocused(page, 'Actions for Desk');
    await removeByKeyboard(page, 'Desk');
    await untilFocused(page, 'Passkeys');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });
});

const event = (id: string, at: string, type = 'profile.changed', data: object = {}) => ({
  id,
  type,
  at,
  outcome: 'success',
  actor: 'self',
  reasons: [],
  device: 'Chrome on Windows',
  data,
});

describe('a list that grows', () => {
  it('goes on at the first entry that is new, where the button was', { timeout: journeyMs }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg');
    await page.route('**/v1/me/activity*', (route) => {
      const isFirst = !route.request().url().includes('cursor');
      const events = isFirst
        ? [event('new', ago(hour))]
        : [event('old', ago(50 * hour), 'password.changed'), event('older', ago(60 * hour))];
      return route.fulfill({ json: { events, ...(isFirst && { next: 'c1' }) } });
    });
    await page.goto(`${pages.url}/activity`);
    await page.getByRole('button', { name: 'Show older activity' }).press('Enter');
    await expect.poll(() => focused(page)).toContain('Password changed');
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });
});

describe('the overview', () => {
  it('asks about a sign-in, believes the person, and lets them take it back', {
    timeout: journeyMs,
  }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg');
    const signIn = event('e1', ago(hour), 'sign-in.succeeded', { newDevice: true });
    await page.route('**/v1/me/activity*', (route) => route.fulfill({ json: { events: [signIn] } }));
    await page.goto(`${pages.url}/`);
    const card = 'What needs your attention';
    const said = await sayingOf(page, card).elementHandle();
    await page.getByRole('button', { name: 'Yes, it was me' }).press('Enter');
    await expect.poll(() => said?.textContent()).toContain('We will not ask about this sign-in again.');
    await expect.poll(() => focused(page)).not.toBe('body');
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByRole('button', { name: 'Yes, it was me' }).waitFor();
    await expect.poll(() => focused(page)).not.toBe('body');
    await page.context().close();
  });

  it('leads to the very card where something is to be done', { timeout: journeyMs }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg', withAuthenticator);
    await withPasskeys(page, 'Desk', 'Phone', 'Key', 'Tablet', 'Watch', 'Car');
    await page.goto(`${pages.url}/`);
    await page.getByRole('link', { name: 'Get new codes' }).press('Enter');
    await untilFocused(page, 'Recovery codes');
    expect(new URL(page.url()).hash).toBe('#recovery-codes');
    await page.context().close();
  });
});

describe('a consent', () => {
  it('keeps the focus at its card and says each answer, a no as well', { timeout: journeyMs }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'privacy');
    await settled(page);
    const said = await sayingOf(page, 'Statistics').elementHandle();
    const card = page.getByRole('region', { name: 'Statistics', exact: true });
    await card.getByRole('button', { name: 'No, thank you' }).press('Enter');
    await expect.poll(() => said?.textContent()).toBe('Saved: you have not agreed.');
    await expect.poll(() => focused(page)).not.toBe('body');
    await card.getByRole('button', { name: 'Agree', exact: true }).press('Enter');
    await expect.poll(() => said?.textContent()).toBe('Saved: you have agreed.');
    await expect.poll(() => focused(page)).not.toBe('body');
    await page.context().close();
  });
});

describe('a code', () => {
  it('that was wrong leaves an empty field with the focus, and says why', {
    timeout: journeyMs,
  }, async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg');
    await page.route('**/v1/me/totp', (route) =>
      route.fulfill({ json: { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', expiresInSeconds: 900 } }),
    );
    await page.route('**/v1/me/totp/confirm', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        json: { code: 'CODE_REJECTED', status: 400, title: 'Code rejected', detail: 'no', instance: 'r' },
      }),
    );
    await page.goto(`${pages.url}/security`);
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const field = page.getByLabel('Code that the app shows');
    for (const code of ['123456', '654321']) {
      await field.pressSequentially(code);
      await page.getByText('This code does not fit.').waitFor();
      await expect.poll(() => field.inputValue()).toBe('');
      await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('code');
    }
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });
});
