import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { RunningCloud } from '../../local/cloud.ts';
import { axeViolations, launchBrowser, openPage, overflow, sizes, type WatchedPage } from './browser.ts';
import { openCloud } from './cloud.ts';
import { Customer } from './customer.ts';
import { openPortal } from './portal.ts';

export interface PublicPages {
  readonly running: RunningCloud;
  readonly browser: Browser;
  /** `http://localhost:<port>/portal` */
  readonly url: string;
  /** Registered, and signed in nowhere. */
  newPerson(): Promise<Customer>;
  /** A page of the portal in a browser of its own, where nobody is signed in. */
  open(path: string, options?: BrowserContextOptions): Promise<PublicPage>;
  stop(): Promise<void>;
}

export interface PublicPagesOptions {
  /** @default - the whole stack of the sample configuration */
  readonly cloud?: RunningCloud;
  /** Hosts of brands, which the browser finds at the local cloud. */
  readonly hosts?: readonly string[];
}

/** The whole stack, the portal and a browser. */
export async function openPublicPages({ cloud, hosts = [] }: PublicPagesOptions = {}): Promise<PublicPages> {
  const running = cloud ?? (await openCloud());
  const portal = await openPortal(running);
  const { port } = new URL(portal.url);
  const ofBrands = Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${port}`]));
  const browser = await launchBrowser({ ...portal.hosts, ...ofBrands });
  return {
    running,
    browser,
    url: portal.url,
    newPerson: () => new Customer(running.outputs).register(),
    open: (path, options) => openPublicPage(browser, `${portal.url}/${path}`, options),
    stop: async () => {
      await browser.close();
      portal.stop();
      await running.stop();
    },
  };
}

/** What a refused call leaves in the console by itself; every other complaint is one. */
const refusedCall = /the server responded with a status of 4\d\d/;

export interface PublicPage {
  readonly page: Page;
  /** Without the line that a browser writes for each refused call. */
  complaints(): readonly string[];
}

/** A page of the portal in a browser of its own, as on a phone. */
export async function openPublicPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<PublicPage> {
  const watched: WatchedPage = await openPage(browser, url, {
    viewport: sizes.phone,
    locale: 'en-GB',
    ...options,
  });
  await watched.page.locator('h1').waitFor();
  return {
    page: watched.page,
    complaints: () => watched.complaints.filter((line) => !refusedCall.test(line)),
  };
}

/** Waits until the page says what it is about. */
export const untilHeadline = (page: Page, words: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: words }).waitFor();

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

export async function typeAddress(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).waitFor();
}

export async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, 'Sign in');
}

/** The last digit sends it. */
export const typeCode = (page: Page, code: string): Promise<void> =>
  page.locator('input[name=code]').fill(code);

export const isInAccount = (page: Page): Promise<void> =>
  page.waitForURL(({ pathname }) => pathname === '/portal/');

/** Address, password and the mailed code of a new device, until the account is there. */
export async function signInByPages(page: Page, { email, password, mailbox }: Customer): Promise<void> {
  await typeAddress(page, email);
  await typePassword(page, password);
  await untilHeadline(page, 'Check your mail');
  await typeCode(page, await mailbox.nextCode(email));
  await isInAccount(page);
}

/** What is wrong with a page as it stands: rules of accessibility that it breaks, and pixels that it is too wide. */
export async function flaws(page: Page): Promise<readonly string[]> {
  const tooWide = await overflow(page);
  return [...(await axeViolations(page)), ...(tooWide > 0 ? [`${tooWide} px too wide`] : [])];
}
