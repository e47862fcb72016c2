import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LambdaService } from '../../../local/functions/index.ts';
import {
  type AccountPages,
  openAccountPages,
  surprises,
  withAuthenticator,
} from '../../support/account-pages.ts';
import { SoftwareAuthenticator } from '../../support/authenticator.ts';
import { openPage, sizes } from '../../support/browser.ts';
import { Customer } from '../../support/customer.ts';
import { enrolPhone } from '../../support/enrolments.ts';
import { subIn } from '../../support/operator.ts';
import {
  flaws,
  isInAccount,
  openPublicPage,
  press,
  typeAddress,
  typeCode,
  typePassword,
  untilHeadline,
} from '../../support/public-pages.ts';

const startMs = 240_000;
const journeyMs = 60_000;
/** As many as an account may have. */
const maxPasskeys = 20;

let pages: AccountPages;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  pages = await openAccountPages();
  const { outputs } = pages.running;
  cognito = new CognitoIdentityProviderClient({
    region: outputs.region,
    endpoint: outputs.endpoints.cognitoIdp,
    credentials: outputs.credentials,
  });
}, startMs);
afterAll(async () => {
  cognito?.destroy();
  await pages?.stop();
});

type CreationOptions = Parameters<SoftwareAuthenticator['create']>[0];

const post = (page: Page, path: string, body: object = {}): Promise<Record<string, unknown>> =>
  page.evaluate(`(async () => {
    const { csrf } = await (await fetch('/v1/me/sessions')).json();
    const headers = { 'content-type': 'application/json', 'x-vestibule-csrf': csrf };
    const body = ${JSON.stringify(JSON.stringify(body))};
    const answer = await fetch('${path}', { method: 'POST', headers, ...(body !== '{}' && { body }) });
    if (!answer.ok) throw new Error('${path}: expected success, got ' + answer.status);
    return answer.json();
  })()`);

const openSignIn = () => openPublicPage(pages.browser, `${pages.url}/sign-in`);

describe('a code on the phone', { timeout: journeyMs }, () => {
  it('is asked for on a new device, also after a wrong one and a new one, and never the mailbox instead', async () => {
    const person = await (await pages.newPerson()).signIn();
    const number = '+4915120010001';
    await enrolPhone(person, number);
    const { page, complaints } = await openSignIn();
    await typeAddress(page, person.email);
    await typePassword(page, person.password);
    await untilHeadline(page, 'Check your phone');
    await page.getByText(/We have sent a code to .*01/).waitFor();
    expect(await page.getByText(number).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Get a code by e-mail' }).count()).toBe(0);
    expect(await flaws(page)).toEqual([]);
    const first = await person.mailbox.nextCode(number);
    await typeCode(page, [...first].reverse().join('') === first ? '000000' : [...first].reverse().join(''));
    await page.getByText('That is not the right code.').waitFor();
    await page.reload();
    await untilHeadline(page, 'Check your phone');
    await typeCode(page, first);
    await isInAccount(page);
    expect(complaints()).toEqual([]);
    await page.context().close();
  });
});

describe('a password that an administrator gave', { timeout: journeyMs }, () => {
  /** Made in the pool's console, as a help desk does. */
  async function madeByAdministrator(): Promise<Customer> {
    const person = new Customer(pages.running.outputs);
    await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: pages.running.outputs.userPoolId,
        Username: person.email,
        TemporaryPassword: 'temporary harbour 42',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: person.email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    return person;
  }

  it('is replaced at the first sign-in, and the new one signs in', async () => {
    const person = await madeByAdministrator();
    const { page, complaints } = await openSignIn();
    await typeAddress(page, person.email);
    await typePassword(page, 'temporary harbour 42');
    await untilHeadline(page, 'Choose a new password');
    expect(await flaws(page)).toEqual([]);
    const field = page.getByLabel('New password', { exact: true });
    expect(await field.getAttribute('autocomplete')).toBe('new-password');
    await page.locator('form button[type=submit]').click();
    await page.getByText('Enter your password.').waitFor();
    await field.fill('short');
    await page.locator('form button[type=submit]').click();
    await page.getByText('This password is too short.').waitFor();
    await field.fill('111111111111111');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.locator('form button[type=submit]').click();
    expect((await answer).ok()).toBe(false);
    await page.getByRole('alert').waitFor();
    expect(await flaws(page)).toEqual([]);
    await field.fill(person.password);
    await page.locator('form button[type=submit]').click();
    await untilHeadline(page, 'Check your mail');
    await typeCode(page, await person.mailbox.nextCode(person.email));
    await isInAccount(page);
    await untilHeadline(page, 'Your account');
    expect(complaints()).toEqual([]);
    await page.context().close();
  });
});

describe('factors that an account has to have, and as many as it may have', { timeout: journeyMs }, () => {
  const card = (page: Page) => page.getByRole('region', { name: 'Passkeys' });

  /** A passkey of another authenticator, in this session but past the page. */
  async function addElsewhere(page: Page): Promise<void> {
    const authenticator = new SoftwareAuthenticator({ origin: new URL(pages.url).origin });
    const options = (await post(page, '/v1/me/passkeys/options')).options as CreationOptions;
    await post(page, '/v1/me/passkeys', { credential: authenticator.create(options) });
  }

  it('keeps the last passkey of an operator, and says what to do first', async () => {
    const person = await (await pages.newPerson()).signIn();
    const { page, complaints } = await pages.visit(person, 'security', {
      ...withAuthenticator,
      viewport: sizes.phone,
    });
    await press(page, 'Add a passkey');
    await press(page, 'Close');
    await cognito.send(
      new AdminAddUserToGroupCommand({
        UserPoolId: pages.running.outputs.userPoolId,
        Username: subIn(person.api.accessToken),
        GroupName: 'operators',
      }),
    );
    // Who is an operator since then is one at the next sign-in; the authenticator answers by itself.
    await page.context().clearCookies();
    await page.goto(`${pages.url}/sign-in`, { waitUntil: 'commit' });
    await isInAccount(page);
    await page.goto(`${pages.url}/security`);
    await card(page)
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await press(page, 'Remove');
    await page.getByText('This is the last protection that your account has to have.').waitFor();
    expect(await flaws(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await card(page).getByRole('listitem').count()).toBe(1);
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });

  it('says that there are enough passkeys, also when the last one was added elsewhere meanwhile', async () => {
    const person = await pages.newPerson();
    const { page, complaints } = await pages.visit(person, 'security', withAuthenticator);
    await press(page, 'Add a passkey');
    await press(page, 'Close');
    await press(page, 'Add a passkey');
    await press(page, 'Use passkey');
    await page.getByText('has a passkey of your account already').waitFor();
    for (let count = 1; count < maxPasskeys; count += 1) await addElsewhere(page);
    await press(page, 'Add a passkey');
    await card(page).getByText('You have as many of these as an account can have.').waitFor();
    await page.reload();
    await card(page).getByText('You have as many passkeys as an account can have.').waitFor();
    expect(await card(page).getByRole('listitem').count()).toBe(maxPasskeys);
    expect(await flaws(page)).toEqual([]);
    expect(surprises(complaints)).toEqual([]);
    await page.context().close();
  });
});

describe('a script that breaks', { timeout: journeyMs }, () => {
  it('is reported with its place, and without what people are called', async () => {
    const { page } = await openPage(pages.browser, `${pages.url}/sign-in`);
    const reported = page.waitForResponse((answer) => answer.url().endsWith('/v1/script-errors'));
    await page.evaluate(`setTimeout(() => { throw new TypeError('no name of ada@example.com') })`);
    expect((await reported).status()).toBe(204);
    const found = () =>
      pages.running.cloud
        .service<LambdaService>('lambda')
        .logs('auth-api')
        .map(({ text }) => text)
        .find((text) => text.includes('script-error') && text.includes('/portal/sign-in'));
    await expect.poll(found).toBeDefined();
    const line = JSON.parse(found() ?? '{}');
    expect(line).toMatchObject({ level: 'warn', event: 'script-error', page: '/portal/sign-in' });
    expect(line.message).toContain('TypeError');
    expect(JSON.stringify(line)).not.toContain('ada@example.com');
    await page.context().close();
  });
});
