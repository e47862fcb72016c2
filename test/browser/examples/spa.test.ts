import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { launchBrowser } from '../../support/browser.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { type ExamplePages, serveExamples } from '../../support/example-pages.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 240_000;
const seconds60 = 60_000;
const origin = 'http://localhost:3000';
const minutes11 = 11 * 60_000;

let running: RunningCloud;
let pages: ExamplePages;
let browser: Browser;

beforeAll(async () => {
  [running, pages] = await Promise.all([
    openCloud(),
    readFile(new URL('../../../examples/client/spa/index.html', import.meta.url), 'utf8').then((html) =>
      serveExamples(html, { '/app.js': ['./client/spa/app.ts'] }),
    ),
  ]);
  browser = await launchBrowser({
    'localhost:3000': pages.host,
    'localhost:4400': new URL(running.outputs.url).host,
  });
}, startMs);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await running?.stop();
});

async function openShop(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(origin);
  await page.getByLabel('E-mail').waitFor();
  return page;
}

async function typePassword(page: Page, { email, password }: Customer): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function typeCode(page: Page, code: string, button = 'Go on'): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: button }).click();
}

describe('the single-page app', () => {
  it('goes on after a reload in the middle of a challenge, and says that a code was wrong', {
    timeout: seconds60,
  }, async () => {
    const person = await new Customer(running.outputs).register();
    const page = await openShop();
    await typePassword(page, person);
    await page.getByLabel('Code from the mail').waitFor();
    const kept = String(await page.evaluate('JSON.stringify(sessionStorage)'));
    expect(kept).toContain('vestibule.sign-in');
    expect(kept).not.toContain(person.password);
    await page.reload();
    await typeCode(page, '00000000');
    await page.getByText('That was not it.').waitFor();
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByText(`Signed in as ${person.email}.`).waitFor();
    expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([0, 0]);
    await page.context().close();
  });

  it('finds its session and the csrf value again after a reload, changes the profile and signs out', {
    timeout: seconds60,
  }, async () => {
    const person = await new Customer(running.outputs).register();
    const page = await openShop();
    await typePassword(page, person);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByText('Signed in as').waitFor();
    await page.reload();
    await page.getByLabel('How shall we call you?').fill('Ada');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Signed in as Ada.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail').waitFor();
    await page.reload();
    await page.getByLabel('E-mail').waitFor();
    await page.context().close();
  });

  it('asks for a fresh proof where the API wants one, and then does what was asked', {
    timeout: seconds60,
  }, async () => {
    const person = await new Customer(running.outputs).register();
    const page = await openShop();
    await typePassword(page, person);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByText('Signed in as').waitFor();
    running.clock.advance(minutes11);
    await page.getByRole('button', { name: 'Add an authenticator app' }).click();
    await page.getByLabel('Code sent to').waitFor();
    await typeCode(page, await person.mailbox.nextCode(person.email), 'Confirm');
    await page.getByText('otpauth://totp/').waitFor();
    await page.context().close();
  });

  it('shows the sign-in page when the session was ended elsewhere', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const page = await openShop();
    await typePassword(page, person);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.getByText('Signed in as').waitFor();
    const elsewhere = await person.signIn();
    await elsewhere.api.expect(204, 'DELETE', '/v1/me/sessions');
    await page.getByLabel('How shall we call you?').fill('Ada');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByLabel('E-mail').waitFor();
    await page.context().close();
  });
});
