import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startForScript } from '../../scripts/journey/ephemeral.ts';
import { coreJourney } from '../../scripts/journey/journey.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { launchBrowser, openPage, sizes } from '../support/browser.ts';
import { takePortal } from './screenshots/portal.ts';

const directory = 'docs/screenshots';
const largestBytes = 150_000;

/** Pictures of the pages after a customer's journey, small enough for a repository. */
const shots = [
  { name: 'console-desktop-light', path: 'console', size: 'desktop', colorScheme: 'light' },
  { name: 'console-desktop-dark', path: 'console', size: 'desktop', colorScheme: 'dark' },
  { name: 'console-phone-light', path: 'console', size: 'phone', colorScheme: 'light' },
  { name: 'console-phone-dark', path: 'console', size: 'phone', colorScheme: 'dark' },
  { name: 'mailbox-desktop-light', path: 'mailbox', size: 'desktop', colorScheme: 'light' },
  { name: 'mailbox-desktop-dark', path: 'mailbox', size: 'desktop', colorScheme: 'dark' },
  { name: 'mailbox-phone-light', path: 'mailbox', size: 'phone', colorScheme: 'light' },
  { name: 'mailbox-phone-dark', path: 'mailbox', size: 'phone', colorScheme: 'dark' },
] as const;

/** The pool's own pages: the first one, the ways to sign in, and a new account. */
const signInShots = [
  {
    name: 'sign-in-phone-light',
    size: 'phone',
    colorScheme: 'light',
    path: '/login',
    lang: 'en',
    ways: false,
  },
  {
    name: 'sign-in-ways-phone-dark',
    size: 'phone',
    colorScheme: 'dark',
    path: '/login',
    lang: 'en',
    ways: true,
  },
  {
    name: 'sign-in-ways-desktop-light',
    size: 'desktop',
    colorScheme: 'light',
    path: '/login',
    lang: 'en',
    ways: true,
  },
  {
    name: 'sign-up-desktop-dark',
    size: 'desktop',
    colorScheme: 'dark',
    path: '/signup',
    lang: 'de',
    ways: false,
  },
] as const;

async function takeSignIn(
  browser: Browser,
  { endpoints, stack }: Outputs,
  shot: (typeof signInShots)[number],
): Promise<void> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: stack.ShopClientId ?? '',
    redirect_uri: 'http://localhost:3000/signed-in',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    lang: shot.lang,
  });
  const { page } = await openPage(browser, `${endpoints.managedLogin}${shot.path}?${query}`, {
    viewport: sizes[shot.size],
    colorScheme: shot.colorScheme,
  });
  if (shot.ways) {
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Password').waitFor();
  }
  await save(page, shot.name);
}

async function main(): Promise<void> {
  const [cloud, browser] = await Promise.all([startForScript(), launchBrowser()]);
  try {
    for (const step of coreJourney(cloud.outputs, { email: 'ada@example.com' })) {
      console.log(`${step.title}: ${await step.run()}`);
    }
    await mkdir(directory, { recursive: true });
    for (const shot of shots) await take(browser, cloud.outputs, shot);
    for (const shot of signInShots) await takeSignIn(browser, cloud.outputs, shot);
  } finally {
    await browser.close();
    await cloud.stop();
  }
  await takePortal(join(directory, 'portal'));
}

type Browser = Awaited<ReturnType<typeof launchBrowser>>;

async function take(browser: Browser, { endpoints }: Outputs, shot: (typeof shots)[number]): Promise<void> {
  const { page } = await openPage(browser, endpoints[shot.path], {
    viewport: sizes[shot.size],
    colorScheme: shot.colorScheme,
  });
  if (shot.path === 'mailbox') await openCodeMail(page, shot.size === 'phone' && shot.colorScheme === 'dark');
  await save(page, shot.name);
}

async function save(page: Page, name: string): Promise<void> {
  const path = join(directory, `${name}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  console.log(`${path}: ${Math.ceil(size / 1000)} kB`);
  if (size > largestBytes) throw new Error(`${path}: larger than ${largestBytes} bytes`);
  await page.context().close();
}

/** A phone shows the list or a message, so one picture each. */
async function openCodeMail(page: Page, listOnly: boolean): Promise<void> {
  const mail = page.getByRole('button', { name: /Your code to sign in/ });
  await mail.waitFor();
  if (listOnly) return;
  await mail.click();
  await page.frameLocator('iframe').getByRole('heading').waitFor();
}

await main();
