import type { BrowserContextOptions, Page } from 'playwright-core';
import { openPage, type WatchedPage } from './browser.ts';
import type { Customer } from './customer.ts';
import { openPublicPages, type PublicPages, type PublicPagesOptions } from './public-pages.ts';
import { addAuthenticator } from './virtual-authenticator.ts';

export interface AccountPages extends PublicPages {
  /** A browser of its own in which the person is signed in, on a page of the portal. */
  visit(person: Customer, path: string, options?: VisitOptions): Promise<WatchedPage>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Before the first page is opened, for example to add an authenticator or to watch requests. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Answers the challenge of somebody who has more than a mailbox. */
  readonly code?: () => string;
}

/** The whole stack, the portal and a browser; people are signed in behind the sign-in page. */
export async function openAccountPages(options: PublicPagesOptions = {}): Promise<AccountPages> {
  const pages = await openPublicPages(options);
  return {
    ...pages,
    visit: async (person, path, { prepare, code, ...options } = {}) => {
      const watched = await openPage(pages.browser, `${pages.url}/icon.svg`, options);
      await prepare?.(watched.page);
      await signInOn(watched.page, person, code);
      await watched.page.goto(`${pages.url}/${path}`);
      return watched;
    },
  };
}

/** The browser's own lines about answers that the pages expect and explain. */
export const surprises = (complaints: readonly string[]): string[] =>
  complaints.filter((line) => !/^Failed to load resource: .* 4\d\d /.test(line));

/** A virtual authenticator, which also answers at once where the sign-in page offers a passkey of its own accord. */
export const withAuthenticator = { prepare: addAuthenticator } satisfies VisitOptions;

interface Sent {
  readonly status: number;
  readonly body: { readonly state?: string; readonly flow?: string };
}

/** Calls the Identity API from inside a page, with the page's own cookies. */
const send = (page: Page, path: string, body: unknown): Promise<Sent> =>
  page.evaluate(`fetch(${JSON.stringify(path)}, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(${JSON.stringify(body)}),
  }).then(async (answer) => ({ status: answer.status, body: await answer.json() }))`);

/** On any page of the portal, through the challenge if there is one. */
export async function signInOn(page: Page, { email, password, mailbox }: Customer, code?: () => string) {
  const begun = await send(page, '/v1/sessions', { identifier: email, password, mode: 'cookie' });
  const { state, flow } = begun.body;
  if (state === 'signed-in') return;
  if (state !== 'challenge') throw new Error(`sign-in: got ${JSON.stringify(begun)}`);
  const answer = code?.() ?? (await mailbox.nextCode(email));
  const { body } = await send(page, '/v1/sessions/challenge', { flow, answer });
  if (body.state !== 'signed-in') throw new Error(`challenge: got ${JSON.stringify(body)}`);
}

/** Until a page shows what it has fetched. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main:has(h1):not(:has(.placeholder))').waitFor();
}
