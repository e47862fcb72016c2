import { gzipSync } from 'node:zlib';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown, sizes } from '../../support/browser.ts';
import type { Customer } from '../../support/customer.ts';
import { enrolTotp } from '../../support/enrolments.ts';
import { untilFocus } from '../../support/focus.ts';
import {
  flaws,
  isInAccount,
  openPublicPages,
  type PublicPages,
  press,
  signInByPages,
  typeAddress,
  typeCode,
  typePassword,
  untilHeadline,
} from '../../support/public-pages.ts';
import { addAuthenticator } from '../../support/virtual-authenticator.ts';

const startMs = 240_000;
const journeyMs = 60_000;

let pages: PublicPages;
beforeAll(async () => {
  pages = await openPublicPages();
}, startMs);
afterAll(() => pages?.stop());

const aPerson = () => pages.newPerson();
const openSignIn = (options?: BrowserContextOptions) => pages.open('sign-in', options);
const signInUrl = () => `${pages.url}/sign-in`;

/** Somebody at the question that follows the password on a new device. */
async function challenged(person: Customer): Promise<Page> {
  const { page } = await openSignIn();
  await typeAddress(page, person.email);
  await typePassword(page, person.password);
  await page.waitForURL(/step=challenge/);
  return page;
}

const linkIn = async ({ mailbox, email }: Customer): Promise<string> => {
  const mail = await mailbox.next(email, ({ text = '' }) => text.includes('/link#'));
  const [, secret = ''] = /\/link#([\w-]+)/.exec(mail.text ?? '') ?? [];
  return secret;
};

/** What pages of the account call, as whoever is signed in on this page. */
const call = (page: Page, path: string, body?: unknown): Promise<unknown> =>
  page.evaluate(`(async () => {
    const { csrf } = await (await fetch('/v1/me/sessions')).json();
    const headers = { 'content-type': 'application/json', 'x-vestibule-csrf': csrf };
    const body = ${body === undefined ? 'undefined' : JSON.stringify(JSON.stringify(body))};
    const answer = await fetch('${path}', { method: 'POST', headers, body });
    if (!answer.ok) throw new Error('${path}: expected success, got ' + answer.status);
    return answer.json();
  })()`);

/** A passkey of this browser for the account that is signed in here. */
async function addPasskey(page: Page): Promise<void> {
  const { options } = (await call(page, '/v1/me/passkeys/options')) as { options: unknown };
  const credential = await page.evaluate(`(async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)});
    return (await navigator.credentials.create({ publicKey })).toJSON();
  })()`);
  await call(page, '/v1/me/passkeys', { credential });
}

describe('signing in', { timeout: journeyMs }, () => {
  it('asks for the address, the password and a mailed code, and goes on to the page that was wanted', async () => {
    const person = await aPerson();
    const { page, complaints } = await pages.open(`sign-in?then=${encodeURIComponent('/portal/privacy')}`);
    expect(await flaws(page)).toEqual([]);
    await typeAddress(page, person.email);
    expect(await flaws(page)).toEqual([]);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Check your mail');
    expect(await flaws(page)).toEqual([]);
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await page.waitForURL(({ pathname }) => pathname === '/portal/privacy');
    expect(complaints()).toEqual([]);
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toMatch(/flow|@/);
    await page.context().close();
  });

  it('never goes on to another site', async () => {
    const person = await aPerson();
    const { page } = await pages.open(`sign-in?then=${encodeURIComponent('//evil.example/')}`);
    await signInByPages(page, person);
    expect(new URL(page.url()).pathname).toBe('/portal/');
    await page.context().close();
  });

  it('shows the same for an address without an account as for a wrong password', async () => {
    const person = await aPerson();
    const seen: string[][] = [];
    for (const email of [person.email, `nobody.${person.email}`]) {
      const { page } = await openSignIn();
      await typeAddress(page, email);
      const step = await shown(page.locator('main'));
      await typePassword(page, 'not the password');
      await page.getByRole('alert').waitFor();
      seen.push([step, await shown(page.locator('main'))].map((text) => text.replace(email, '…')));
      await page.context().close();
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.[1]).toContain('Check your e-mail address and password');
  });

  it('takes the focus to what is missing, and to a refused password to type it anew', async () => {
    const { page } = await openSignIn();
    await press(page, 'Continue');
    await page.locator('input[name=username][aria-invalid=true]:focus').waitFor();
    await typeAddress(page, 'nobody.at.all@example.com');
    await press(page, 'Sign in');
    await page.locator('input[name=password][aria-invalid=true]:focus').waitFor();
    await typePassword(page, 'not the password');
    await page.getByRole('alert').waitFor();
    await page.locator('input[name=password]:focus').waitFor();
    await page.keyboard.type('x');
    expect(await page.locator('input[name=password]').inputValue()).toBe('x');
    await page.context().close();
  });

  it('says in full where the code went to who typed the address, and no more than the API does after a reload', async () => {
    const person = await aPerson();
    const page = await challenged(person);
    await page.getByText(`We have sent a code to \u2068${person.email}\u2069.`).waitFor();
    await page.reload();
    await page.getByText('We have sent a code to \u2068p***@e***.com\u2069.').waitFor();
    await page.context().close();
  });

  it('sends one request for a double click', async () => {
    const person = await aPerson();
    const { page } = await openSignIn();
    let count = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/sessions')) count += 1;
    });
    await typeAddress(page, person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).dblclick();
    await untilHeadline(page, 'Check your mail');
    expect(count).toBe(1);
    await page.context().close();
  });

  it('says that there is no connection, and goes on when there is one again', async () => {
    const person = await aPerson();
    const { page } = await openSignIn();
    await typeAddress(page, person.email);
    await page.context().setOffline(true);
    await typePassword(page, person.password);
    await page.getByText('There is no connection.').waitFor();
    await page.context().setOffline(false);
    await press(page, 'Sign in');
    await untilHeadline(page, 'Check your mail');
    await page.context().close();
  });

  it('keeps the address on the way back, and leaves a question with the back button', async () => {
    const person = await aPerson();
    const page = await challenged(person);
    await page.goBack();
    await untilHeadline(page, 'Sign in');
    await expect.poll(() => page.getByLabel('E-mail address').inputValue()).toBe(person.email);
    await page.goForward();
    await page.getByText('could not be taken up again').waitFor();
    await page.context().close();
  });

  it('speaks the language that is chosen in the middle of it, also from right to left and in the dark', async () => {
    const { page, complaints } = await openSignIn({
      colorScheme: 'dark',
      viewport: sizes.desktop,
    });
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Language').selectOption('ar');
    await untilHeadline(page, 'تسجيل الدخول');
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('input[name=username]').inputValue()).toBe('ada@example.com');
    expect(await flaws(page)).toEqual([]);
    await page.setViewportSize(sizes.phone);
    expect(await flaws(page)).toEqual([]);
    await page.reload();
    await untilHeadline(page, 'تسجيل الدخول');
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('loads little: less than 40 kB of compressed script in at most eight files', async () => {
    const context = await pages.browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const bodies: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') bodies.push(response.body());
    });
    await page.goto(signInUrl(), { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(40_000);
    expect(bodies.length).toBeLessThanOrEqual(8);
    await context.close();
  });

  it('says so when the next page cannot be fetched, and goes there once there is a connection', async () => {
    const { page } = await openSignIn();
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Create an account' }).click();
    await untilHeadline(page, 'This page could not be shown');
    await page.getByText('There is no connection.').waitFor();
    expect(await flaws(page)).toEqual([]);
    await page.getByRole('button', { name: 'Try again', exact: true }).waitFor();
    await page.context().setOffline(false);
    await untilHeadline(page, 'Create your account');
    await page.context().close();
  });

  it('says so when another service comes back though none is configured', async () => {
    const { page } = await pages.open(`provider?state=${'a'.repeat(43)}&code=abc`);
    await page.getByText('This way is not possible at the moment.').waitFor();
    expect(page.url()).not.toContain('code');
    expect(await flaws(page)).toEqual([]);
    await page.context().close();
  });

  it('works by keyboard alone', async () => {
    const person = await aPerson();
    const { page } = await openSignIn();
    await untilFocus(page, 'E-mail address');
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
});

describe('a question after the password', { timeout: journeyMs }, () => {
  it('is taken up again after a reload', async () => {
    const person = await aPerson();
    const page = await challenged(person);
    const code = await person.mailbox.nextCode(person.email);
    await page.reload();
    await untilHeadline(page, 'Check your mail');
    await typeCode(page, `${code.slice(0, 4)} ${code.slice(4)}`);
    await isInAccount(page);
    await page.context().close();
  });

  it('says that a code is wrong, has another one sent, and takes only that', async () => {
    const person = await aPerson();
    const page = await challenged(person);
    const first = await person.mailbox.nextCode(person.email);
    await typeCode(page, '12345678'.slice(0, first.length));
    await page.getByText('That is not the right code.').waitFor();
    expect(await flaws(page)).toEqual([]);
    await page.clock.install();
    await page.reload();
    await page.getByText('A new one in').waitFor();
    await page.clock.runFor(25_000);
    await press(page, 'Send a new code');
    await page.getByText('Another one is on its way.').waitFor();
    const second = await person.mailbox.nextCode(person.email);
    await typeCode(page, second);
    await isInAccount(page);
    await page.context().close();
  });

  it('ends when its time is over, and says what to do', async () => {
    const person = await aPerson();
    const page = await challenged(person);
    const code = await person.mailbox.nextCode(person.email);
    pages.running.clock.advance(20 * 60_000);
    await typeCode(page, code);
    await page
      .getByText(/Start over|not the right code/)
      .first()
      .waitFor();
    await press(page, 'Start over');
    await untilHeadline(page, 'Sign in');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email);
    await page.context().close();
  });

  it('takes a code of the app, or a recovery code as it is printed', async () => {
    const person = await (await aPerson()).signIn();
    const app = await enrolTotp(person, () => pages.running.clock.now());
    const page = await challenged(person);
    await untilHeadline(page, 'Open your authenticator app');
    expect(await flaws(page)).toEqual([]);
    await typeCode(page, app.code());
    await isInAccount(page);
    const { codes } = (await call(page, '/v1/me/recovery-codes')) as { codes: string[] };
    await page.context().clearCookies();
    await page.goto(signInUrl());
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Open your authenticator app');
    await press(page, 'Use a recovery code');
    await untilHeadline(page, 'Enter a recovery code');
    expect(await flaws(page)).toEqual([]);
    await page.getByLabel('Recovery code').fill(codes[0]?.toLowerCase() ?? '');
    await press(page, 'Continue');
    await isInAccount(page);
    await page.context().close();
  });
});

describe('a passkey', { timeout: journeyMs }, () => {
  it('signs in among what the browser fills in, by its button, and beside the password', async () => {
    const person = await aPerson();
    const { page, complaints } = await openSignIn();
    await signInByPages(page, person);
    await addAuthenticator(page);
    await addPasskey(page);

    // The virtual authenticator chooses what the browser offers at once, without anybody pressing anything.
    await page.context().clearCookies();
    await page.goto(signInUrl(), { waitUntil: 'commit' });
    await isInAccount(page);

    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
    await page.context().clearCookies();
    await page.goto(signInUrl());
    await press(page, 'Use a passkey');
    await isInAccount(page);

    await page.context().clearCookies();
    await page.goto(signInUrl());
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await isInAccount(page);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });

  it('that is not there leads to a calm word and another try', async () => {
    const { page } = await openSignIn();
    await page.evaluate(`navigator.credentials.get = () =>
      Promise.reject(new DOMException('closed', 'NotAllowedError'))`);
    await press(page, 'Use a passkey');
    await page.getByText('No passkey was used.').waitFor();
    expect(await flaws(page)).toEqual([]);
    await page.context().close();
  });
});

describe('a mailed link', { timeout: journeyMs }, () => {
  it('signs in by a press in another tab, and the page that waits goes on', async () => {
    const person = await aPerson();
    const { page } = await openSignIn();
    await typeAddress(page, person.email);
    await press(page, 'Get a sign-in link by e-mail');
    await untilHeadline(page, 'Open the link in your mail');
    expect(await flaws(page)).toEqual([]);
    const secret = await linkIn(person);
    const tab = await page.context().newPage();
    const posts: string[] = [];
    tab.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await tab.goto(`${pages.url}/link#${secret}`);
    await untilHeadline(tab, 'Sign in with the link from your mail');
    expect(tab.url()).not.toContain(secret);
    expect(posts).toEqual([]);
    expect(await flaws(tab)).toEqual([]);
    await press(tab, 'Sign in');
    await isInAccount(tab);
    await isInAccount(page);
    await page.context().close();
  });

  it('opened in another browser says where it belongs, and may be carried there', async () => {
    const person = await aPerson();
    const { page } = await openSignIn();
    await typeAddress(page, person.email);
    await press(page, 'Get a sign-in link by e-mail');
    await untilHeadline(page, 'Open the link in your mail');
    const secret = await linkIn(person);
    const { page: elsewhere } = await pages.open(`link#${secret}`);
    await untilHeadline(elsewhere, 'Open this link where you began');
    expect(await flaws(elsewhere)).toEqual([]);
    await press(elsewhere, 'Copy the link');
    await elsewhere.getByText('Copied.').waitFor();
    expect(await elsewhere.evaluate('navigator.clipboard.readText()')).toContain(`/link#${secret}`);
    await elsewhere.context().close();
    await page.context().close();
  });
});
