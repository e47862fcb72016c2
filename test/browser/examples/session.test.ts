import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { launchBrowser } from '../../support/browser.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { type ExamplePages, serveExamples } from '../../support/example-pages.ts';
import { addAuthenticator } from '../../support/virtual-authenticator.ts';

/** A browser to unpack and a stack to build, on a machine that may be busy. */
const startMs = 240_000;
/** One that the sample configuration lets in. */
const origin = 'http://localhost:3000';
const api = 'http://localhost:4400/api';
const sessionCookie = '__Host-vestibule-session';
const seconds60 = 60_000;

let running: RunningCloud;
let pages: ExamplePages;
let browser: Browser;

beforeAll(async () => {
  [running, pages] = await Promise.all([
    openCloud(),
    readFile(new URL('../../../examples/browser/sign-in.html', import.meta.url), 'utf8').then((html) =>
      serveExamples(html, {
        '/sign-in.js': ['./browser/sign-in.js'],
        '/session.js': ['./browser/session.js'],
        '/passkeys.js': ['./browser/passkeys.js'],
      }),
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

/** The page with the example's functions at hand, and every answer that its scripts could read. */
async function openShop(): Promise<{ page: Page; answers: string[] }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().startsWith(api) && response.request().method() !== 'OPTIONS')
      answers.push(await response.text().catch(() => ''));
  });
  await page.goto(origin);
  await withSession(page);
  return { page, answers };
}

async function withSession(page: Page): Promise<void> {
  await page.addScriptTag({ url: '/session.js', type: 'module' });
  await page.addScriptTag({ url: '/passkeys.js', type: 'module' });
  await page.waitForFunction('globalThis.example?.openSession && globalThis.example.addPasskey');
  await page.evaluate(`globalThis.session = example.openSession(${JSON.stringify(api)})`);
}

/** Calls the example in the page; a refusal comes back as its code. */
const run = <T = Record<string, unknown>>(page: Page, expression: string): Promise<T> =>
  page.evaluate(`(async () => { const { session } = globalThis; return ${expression}; })().catch((error) =>
    ({ refused: error.code ?? String(error), stepUp: error.stepUp }))`) as Promise<T>;

const quoted = JSON.stringify;

async function signIn(page: Page, { email, password, mailbox }: Customer): Promise<Record<string, unknown>> {
  const begun = await run<{ state: string; flow: string }>(
    page,
    `session.signIn(${quoted(email)}, ${quoted(password)})`,
  );
  if (begun.state !== 'challenge') return begun;
  return run(page, `session.answer(${quoted(begun.flow)}, ${quoted(await mailbox.nextCode(email))})`);
}

const cookieOf = async (page: Page): Promise<string | undefined> =>
  (await page.context().cookies(api)).find(({ name }) => name === sessionCookie)?.value;

describe('a page with the example of a browser session', () => {
  it('signs up, confirms, signs in with a challenge, steps up and signs out', {
    timeout: seconds60,
  }, async () => {
    const { page, answers } = await openShop();
    const person = new Customer(running.outputs);
    const { email, password, mailbox } = person;
    expect(await run(page, 'session.resume()')).toBe(false);
    await run(
      page,
      `session.signUp(${quoted(email)}, ${quoted(password)}).then((form) => { globalThis.form = form; })`,
    );
    await run(page, `form.confirm(${quoted(await mailbox.nextCode(email))})`);
    expect(await signIn(page, person)).toMatchObject({ state: 'signed-in', mode: 'cookie' });
    expect(await run(page, `session.call('GET', '/v1/me/profile')`)).toMatchObject({ email });

    await page.reload();
    await withSession(page);
    expect(await run(page, 'session.resume()')).toBe(true);
    running.clock.advance(11 * 60_000);
    const options = `session.call('POST', '/v1/me/recovery-codes')`;
    expect(await run(page, options)).toMatchObject({ refused: 'STEP_UP_REQUIRED' });
    const asked = await run<{ flow: string }>(page, `session.stepUp({ method: 'email-code' })`);
    const code = await mailbox.nextCode(email);
    const done = await run(page, `session.answerStepUp(${quoted(asked.flow)}, ${quoted(code)})`);
    expect(done).toMatchObject({ state: 'done' });
    expect(await run(page, options)).toMatchObject({ refused: 'FACTOR_REQUIRED' });

    await run(page, 'session.signOut()');
    expect(await cookieOf(page)).toBeUndefined();
    expect(await run(page, `session.call('GET', '/v1/me/profile')`)).toMatchObject({
      refused: 'TOKEN_REJECTED',
    });
    const ofSignIn = answers.filter((answer) => !answer.includes('"registration"')).join('\n');
    expect(ofSignIn).not.toMatch(/(access|refresh|id|device)Token/);
    await page.context().close();
  });

  it('keeps the session where no script finds it', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { page } = await openShop();
    await signIn(page, person);
    const cookies = await page.context().cookies(api);
    expect(cookies.find(({ name }) => name === sessionCookie)).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    });
    expect(await page.evaluate('document.cookie + JSON.stringify([localStorage, sessionStorage])')).toBe(
      '[{},{}]',
    );
    await page.context().close();
  });

  it('changes nothing without the value that came with the session', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { page } = await openShop();
    await signIn(page, person);
    const stranger = `fetch(${quoted(`${api}/v1/me/sessions`)}, { method: 'DELETE', credentials: 'include' })`;
    expect(await page.evaluate(`${stranger}.then((answer) => answer.status)`)).toBe(401);
    expect(await run(page, `session.call('DELETE', '/v1/me/sessions')`)).toEqual({});
    await page.context().close();
  });
});

/** Types them where the page asks, without the passkey that the browser would fill in. */
async function typePassword(page: Page, { email, password }: Customer): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('the sign-in page of the examples', () => {
  it('signs in by password and mailed code, as a person types them', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { email, mailbox } = person;
    const { page } = await openShop();
    await typePassword(page, person);
    await page.getByText('Enter the code that was mailed to').waitFor();
    await page.getByLabel('Code').fill('00000000');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('That was not it.').waitFor();
    await page.getByLabel('Code').fill(await mailbox.nextCode(email));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(`Signed in as ${email}.`).waitFor();
    await page.context().close();
  });
});

describe('the sign-in page of somebody with a passkey', () => {
  it('asks for it after the password, on a device that is not known', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { page } = await openShop();
    await addAuthenticator(page);
    await signIn(page, person);
    await run(page, `example.addPasskey(session, 'This browser')`);
    await page.context().clearCookies();
    // The virtual authenticator answers at once, and autofill would leave no time to type.
    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
    await page.reload();
    await typePassword(page, person);
    await page.getByText(`Signed in as ${person.email}.`).waitFor();
    await withSession(page);
    const { sessions } = await run<{ sessions: unknown[] }>(page, `session.call('GET', '/v1/me/sessions')`);
    const thisOne = { current: true, methods: ['password', 'passkey'], level: 2 };
    expect(sessions).toContainEqual(expect.objectContaining(thisOne));
    await page.context().close();
  });
});

describe('a page with the example of passkeys', () => {
  it('adds one, signs in with it alone, and proves it again', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { page } = await openShop();
    await addAuthenticator(page);
    await signIn(page, person);
    const passkey = await run(page, `example.addPasskey(session, 'This browser')`);
    expect(passkey).toMatchObject({ name: 'This browser' });
    await run(page, 'session.signOut()');
    expect(await run(page, 'example.signInWithPasskey(session)')).toMatchObject({
      state: 'signed-in',
      level: 2,
    });
    expect(await run(page, `session.call('GET', '/v1/me/profile')`)).toMatchObject({ email: person.email });

    const proven = await run(
      page,
      `session.stepUp({ method: 'passkey' }).then(async (asked) => session.call('POST', '/v1/me/step-up/answer',
        { flow: asked.flow, credential: await example.usePasskey(asked) }))`,
    );
    expect(proven).toMatchObject({ state: 'done', level: 2 });
    await page.context().close();
  });

  it('is filled in by the browser when the page of the examples loads', { timeout: seconds60 }, async () => {
    const person = await new Customer(running.outputs).register();
    const { page } = await openShop();
    await addAuthenticator(page);
    await signIn(page, person);
    await run(page, `example.addPasskey(session, 'This browser')`);
    await run(page, 'session.signOut()');
    await page.reload();
    await page.getByText(`Signed in as ${person.email}.`).waitFor();
    await page.context().close();
  });
});
