import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountPages,
  openAccountPages,
  settled,
  withAuthenticator,
} from '../../support/account-pages.ts';
import { overflow, sizes } from '../../support/browser.ts';

const startMs = 240_000;
const journeyMs = 90_000;

let pages: AccountPages;
beforeAll(async () => {
  pages = await openAccountPages();
}, startMs);
afterAll(() => pages?.stop());

const accountPaths = ['', 'profile', 'security', 'sessions', 'activity', 'links', 'privacy'];

const enlarge = (page: Page) => page.evaluate("document.documentElement.style.fontSize = '200%'");
/** Words of the bar that are cut off or beyond the edge. */
const cut = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('.account-navigation > ul .place > span')]
    .filter((word) => word.checkVisibility())
    .filter((word) => word.scrollWidth > word.clientWidth + 1 || word.getBoundingClientRect().right > innerWidth
      || word.getBoundingClientRect().left < 0)
    .map((word) => word.textContent)`);

// WCAG 2.2, 1.4.4 and 1.4.10; German has the longest words.
describe('text twice as large', { timeout: journeyMs }, () => {
  it('widens no page of a phone', async () => {
    const { page } = await pages.visit(await pages.newPerson(), 'icon.svg', {
      viewport: sizes.phone,
      locale: 'de-DE',
      ...withAuthenticator,
    });
    for (const path of accountPaths) {
      await page.goto(`${pages.url}/${path}`);
      await settled(page);
      await enlarge(page);
      const wide = await page.evaluate(`[...document.querySelectorAll('main *')]
        .filter((part) => part.checkVisibility() && part.getBoundingClientRect().right > innerWidth)
        .map((part) => part.tagName + ' ' + part.className + ' ' + part.textContent)`);
      expect([path, await overflow(page), wide]).toEqual([path, 0, []]);
    }
    await page.context().close();
  });

  it('cuts off no word of the bar on the narrowest phone, in any language', async () => {
    const person = await pages.newPerson();
    const viewport = { width: 320, height: 640 };
    for (const locale of ['en', 'de', 'fr', 'es', 'ar']) {
      const { page } = await pages.visit(person, 'privacy', { viewport, locale });
      await settled(page);
      expect([locale, await cut(page)]).toEqual([locale, []]);
      await enlarge(page);
      expect([locale, await cut(page)]).toEqual([locale, []]);
      await page.context().close();
    }
  });
});
