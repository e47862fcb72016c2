import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountPages, openAccountPages, settled, surprises } from '../../support/account-pages.ts';
import type { Customer } from '../../support/customer.ts';
import { typeAddress, typeCode, typePassword, untilHeadline } from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;
const hourMs = 3_600_000;
/** `SessionIdleHours` and `sessionDays` as the sample has them. */
const idleMs = 336 * hourMs;
const absoluteMs = 30 * 24 * hourMs;

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
const isAtSignIn = (page: Page) => page.waitForURL(({ pathname }) => pathname === '/portal/sign-in');
const agree = (page: Page, purpose: string) =>
  page.getByRole('region', { name: purpose, exact: true }).getByRole('button', { name: 'Agree' }).click();
const isAgreed = (page: Page, purpose: string) =>
  page.getByRole('region', { name: purpose, exact: true }).getByText('Saved: you have agreed.').waitFor();

/** Through the sign-in page, with the question for a device that was away for long. */
async function signInAgain(page: Page, person: Customer, headline: string): Promise<void> {
  await typeAddress(page, person.email);
  await typePassword(page, person.password);
  const code = page.locator('input[name=code]');
  const there = page.getByRole('heading', { level: 1, name: headline });
  await code.or(there).first().waitFor();
  if (await code.count()) await typeCode(page, await person.mailbox.nextCode(person.email));
  await untilHeadline(page, headline);
}

describe('a page that stays open', { timeout: journeyMs }, () => {
  it('leads to the sign-in at its next action once nobody was there for too long, and back', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person, 'privacy');
    pages.running.clock.advance(idleMs + hourMs);
    await agree(page, 'Newsletter');
    await isAtSignIn(page);
    expect(new URL(page.url()).searchParams.get('then')).toBe('/portal/privacy');
    await signInAgain(page, person, 'Privacy');
    await settled(page);
    await agree(page, 'Newsletter');
    await isAgreed(page, 'Newsletter');
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('goes on while it is used, and ends when its longest time is over all the same', async () => {
    const person = await pages.newPerson();
    const { page } = await visit(person, 'privacy');
    for (let used = 0; used < absoluteMs - idleMs; used += idleMs - hourMs) {
      pages.running.clock.advance(idleMs - hourMs);
      await page.getByRole('link', { name: 'Profile', exact: true }).first().click();
      await untilHeadline(page, 'Profile');
      await settled(page);
      await page.getByRole('link', { name: 'Privacy', exact: true }).first().click();
      await untilHeadline(page, 'Privacy');
      await settled(page);
    }
    pages.running.clock.advance(idleMs - hourMs);
    await page.getByRole('link', { name: 'Profile', exact: true }).first().click();
    await isAtSignIn(page);
    await page.context().close();
  });
});

describe('two tabs of one browser', { timeout: journeyMs }, () => {
  it('both go on when the cookie is replaced from both at once', async () => {
    const person = await pages.newPerson();
    const { page: first } = await visit(person, 'privacy');
    const second = await first.context().newPage();
    await second.goto(`${pages.url}/privacy`);
    await settled(second);
    const cookie = async () =>
      (await first.context().cookies()).find(({ name }) => name.endsWith('-session'))?.value;
    const before = await cookie();
    const renew = (page: Page): Promise<number> =>
      page.evaluate(`(async () => {
        const { csrf } = await (await fetch('/v1/me/sessions')).json();
        const headers = { 'content-type': 'application/json', 'x-vestibule-csrf': csrf };
        return (await fetch('/v1/sessions/refresh', { method: 'POST', headers, body: '{}' })).status;
      })()`);
    expect(await Promise.all([renew(first), renew(second)])).toEqual([200, 200]);
    expect(await cookie()).not.toBe(before);
    await Promise.all([agree(first, 'Newsletter'), agree(second, 'Statistics')]);
    await Promise.all([isAgreed(first, 'Newsletter'), isAgreed(second, 'Statistics')]);
    await first.reload();
    await settled(first);
    expect(new URL(first.url()).pathname).toBe('/portal/privacy');
    await first.context().close();
  });

  it('find the value that a change needs again, after a reload and after a sign-in in the other tab', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await visit(person, 'privacy');
    await page.reload();
    await settled(page);
    await agree(page, 'Newsletter');
    await isAgreed(page, 'Newsletter');
    const other = await page.context().newPage();
    await other.goto(`${pages.url}/sign-in`);
    await signInAgain(other, person, 'Your account');
    // The cookie of this tab is another session's by now, with another value.
    await agree(page, 'Statistics');
    await isAgreed(page, 'Statistics');
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('are both signed out by one of them, and neither shows the account afterwards', async () => {
    const person = await pages.newPerson();
    const { page: first } = await visit(person, 'privacy');
    const second = await first.context().newPage();
    await second.goto(`${pages.url}/`);
    await settled(second);
    await second.getByRole('button', { name: 'Sign out' }).first().click();
    await isAtSignIn(second);
    await agree(first, 'Newsletter');
    await isAtSignIn(first);
    expect(new URL(first.url()).searchParams.get('then')).toBe('/portal/privacy');
    await first.goto(`${pages.url}/profile`);
    await isAtSignIn(first);
    await first.context().close();
  });
});

describe('a consent in two browsers', { timeout: journeyMs }, () => {
  it('that was withdrawn in one is shown as withdrawn in the other, and the last word counts', async () => {
    const person = await pages.newPerson();
    const { page: here } = await visit(person, 'privacy');
    await agree(here, 'Newsletter');
    await isAgreed(here, 'Newsletter');
    const { page: there } = await visit(person, 'privacy');
    const newsletter = (page: Page) => page.getByRole('region', { name: 'Newsletter', exact: true });
    await newsletter(there).getByRole('button', { name: 'Withdraw' }).click();
    await newsletter(there).getByText('Withdrawn. It counts from now on.').waitFor();
    // This page does not know yet; what its owner says here comes later, and counts.
    await newsletter(here).getByRole('button', { name: 'Undo' }).click();
    await newsletter(here).getByText('Withdrawn. It counts from now on.').waitFor();
    await here.reload();
    await settled(here);
    await newsletter(here).getByText('Not agreed', { exact: true }).waitFor();
    await agree(here, 'Newsletter');
    await isAgreed(here, 'Newsletter');
    await there.reload();
    await settled(there);
    await newsletter(there).getByRole('button', { name: 'Withdraw' }).waitFor();
    await here.context().close();
    await there.context().close();
  });
});
