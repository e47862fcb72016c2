import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, openPage, overflow, sizes } from '../../support/browser.ts';
import { openPublicPages, type PublicPages } from '../../support/public-pages.ts';

const startMs = 240_000;
let pages: PublicPages;
beforeAll(async () => {
  pages = await openPublicPages();
}, startMs);
afterAll(() => pages?.stop());

async function open(hash = '', options: BrowserContextOptions = {}) {
  const watched = await openPage(pages.browser, `${pages.url}/developers${hash}`, {
    locale: 'en',
    ...options,
  });
  await watched.page.locator('.operation').first().waitFor();
  return watched;
}
const operations = (page: Page) => page.locator('.operation').count();

describe('the API reference', () => {
  it('shows every operation of the document, to somebody who is not signed in', async () => {
    const { page, complaints } = await open();
    const answer = await fetch(`${pages.running.outputs.endpoints.identityApi}/v1/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const documented = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
    await expect.poll(() => operations(page)).toBe(documented);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('opens the operation that the address names, with fields, example and error codes', async () => {
    const { page } = await open('#postSessionsChallenge');
    const operation = page.locator('#postSessionsChallenge');
    for (const words of ['newPassword', '"answer": "123456"', 'FLOW_REJECTED', 'resendsLeft'])
      await operation.getByText(words).first().waitFor();
    const isInView = `document.getElementById('postSessionsChallenge').getBoundingClientRect().top < innerHeight`;
    await expect.poll(() => page.evaluate(isInView)).toBe(true);
    await page.context().close();
  });

  it('finds operations by address, words and error codes, and says when there is none', async () => {
    const { page } = await open();
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('PROFILE_CONFLICT patch');
    await page.getByText('1 operation', { exact: true }).waitFor();
    expect(await page.locator('.operation').getAttribute('id')).toBe('patchMeProfile');
    await search.fill('nothing of the sort');
    await page.getByText('Nothing found.').waitFor();
    await page.context().close();
  });

  it('is opened and closed by keyboard', async () => {
    const { page } = await open();
    const summary = page.locator('#postContexts > summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.locator('#postContexts').getByText('expiresInSeconds').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#postContexts').getByText('expiresInSeconds').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it.each([
    { how: 'on a phone', options: { viewport: sizes.phone } },
    { how: 'on a phone in Arabic', options: { viewport: sizes.phone, locale: 'ar' } },
    { how: 'on a dark desktop', options: { colorScheme: 'dark' } as const },
  ])('is accessible and fits $how', async ({ options }) => {
    const { page, complaints } = await open('#postSessions', options);
    await page.locator('#postSessions pre').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
