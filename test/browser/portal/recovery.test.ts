import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../support/customer.ts';
import { enrolTotp } from '../../support/enrolments.ts';
import {
  flaws,
  isInAccount,
  openPublicPages,
  type PublicPages,
  press,
  typeAddress,
  typeCode,
  typePassword,
  untilHeadline,
} from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;

let pages: PublicPages;
beforeAll(async () => {
  pages = await openPublicPages();
}, startMs);
afterAll(() => pages?.stop());

/** Somebody whose authenticator app is lost. */
async function aPersonWithApp(): Promise<Customer> {
  const person = await (await pages.newPerson()).signIn();
  await enrolTotp(person, () => pages.running.clock.now());
  return person;
}

/** Has a code mailed and types it together with the password. */
async function prove(page: Page, { email, password, mailbox }: Customer, submit: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send code');
  await page.locator('input[name=code]').waitFor();
  await typeCode(page, await mailbox.nextCode(email));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, submit);
}

const cancelSecret = async ({ mailbox, email }: Customer): Promise<string> => {
  const mail = await mailbox.next(email, ({ text = '' }) => text.includes('/recovery/cancel#'));
  return /\/recovery\/cancel#(\S+)/.exec(mail.text ?? '')?.[1] ?? '';
};

describe('a forgotten password', { timeout: journeyMs }, () => {
  it('is replaced by a mailed code, and the new one signs in', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.open('sign-in');
    await typeAddress(page, person.email);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await untilHeadline(page, 'Set a new password');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email);
    expect(await flaws(page)).toEqual([]);
    await press(page, 'Send code');
    await page.locator('input[name=code]').waitFor();
    expect(await flaws(page)).toEqual([]);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByLabel('New password').fill('short');
    await press(page, 'Save and sign in');
    await page.getByText('This password is too short.').waitFor();
    await page.getByLabel('New password').fill('111111111111111');
    await press(page, 'Save and sign in');
    await page.getByText('too easy to guess').waitFor();
    await page.getByLabel('New password').fill('another quiet harbour');
    await press(page, 'Save and sign in');
    await untilHeadline(page, 'Check your mail');
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('is answered alike for nobody', async () => {
    const { page } = await pages.open('reset-password');
    await page.getByLabel('E-mail address').fill('nobody.at.all@example.com');
    await press(page, 'Send code');
    await page.getByText('If there is an account with').waitFor();
    await page.context().close();
  });
});

describe('the way back without any second factor', { timeout: journeyMs }, () => {
  it('waits, tells the day, and then lets in', async () => {
    const person = await aPersonWithApp();
    const { page, complaints } = await pages.open('recovery');
    expect(await flaws(page)).toEqual([]);
    await prove(page, person, 'Confirm');
    await untilHeadline(page, 'The waiting time has begun');
    await page.getByText('Come back after').waitFor();
    expect(await flaws(page)).toEqual([]);

    pages.running.clock.advance(73 * 3_600_000);
    await page.goto(`${pages.url}/recovery`);
    await prove(page, person, 'Confirm');
    await untilHeadline(page, 'The waiting time is over');
    expect(await flaws(page)).toEqual([]);
    await press(page, 'Send a new code');
    await page.locator('input[name=code]').waitFor();
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await press(page, 'Remove what I lost');
    await untilHeadline(page, 'You can sign in again');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Check your mail');
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('is stopped by a press on the page of the mailed link, not by opening it', async () => {
    const person = await aPersonWithApp();
    const { page } = await pages.open('recovery');
    await prove(page, person, 'Confirm');
    await untilHeadline(page, 'The waiting time has begun');
    const secret = await cancelSecret(person);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await page.goto(`${pages.url}/recovery/cancel#${secret}`);
    await untilHeadline(page, 'Stop the recovery of your account?');
    expect(page.url()).not.toContain(secret);
    expect(posts).toEqual([]);
    expect(await flaws(page)).toEqual([]);
    await press(page, 'Stop it');
    await untilHeadline(page, 'The recovery is stopped');
    await page.goto('about:blank');
    await page.goto(`${pages.url}/recovery/cancel#${secret.slice(0, -4)}AAAA`);
    await press(page, 'Stop it');
    await page.getByText('the recovery has ended already').waitFor();
    await page.context().close();
  });

  it('says that nothing is to be recovered where there is no second factor', async () => {
    const person = await pages.newPerson();
    const { page } = await pages.open('recovery');
    await prove(page, person, 'Confirm');
    await untilHeadline(page, 'Nothing needs to be recovered');
    await page.context().close();
  });
});
