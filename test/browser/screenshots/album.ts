import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { sizes } from '../../support/browser.ts';

interface LookOptions {
  readonly size: keyof typeof sizes;
  readonly colorScheme: 'light' | 'dark';
  readonly language: 'en' | 'ar';
}

const looks = {
  'phone-light': { size: 'phone', colorScheme: 'light', language: 'en' },
  'phone-dark': { size: 'phone', colorScheme: 'dark', language: 'en' },
  'phone-ar': { size: 'phone', colorScheme: 'light', language: 'ar' },
  'desktop-light': { size: 'desktop', colorScheme: 'light', language: 'en' },
  'desktop-dark': { size: 'desktop', colorScheme: 'dark', language: 'en' },
  'desktop-ar': { size: 'desktop', colorScheme: 'light', language: 'ar' },
} as const satisfies Record<string, LookOptions>;

export type Look = keyof typeof looks;

/** What every page is shown in; the main ones in the dark and from right to left as well. */
export const both: readonly Look[] = ['phone-light', 'desktop-light'];
export const everyLook = Object.keys(looks) as readonly Look[];
export const darkAndArabic: readonly Look[] = ['phone-dark', 'phone-ar'];
/** On a phone, in the dark and from right to left as well. */
export const phones: readonly Look[] = [...both, ...darkAndArabic];

/** How much of a page: `page` is all of it, with a bar at the lower edge below everything; `window` is what a screen shows. */
export type Extent = 'page' | 'window';

const tallestPixels = { phone: 3000, desktop: 1540 };
const largestBytes = 300_000;
const largestAlbumBytes = 11_000_000;

/** Pictures in a directory, small enough for a repository. */
export class Album {
  private readonly directory: string;
  private bytes = 0;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The page as it stands, in each look; afterwards it is back in the first one. */
  async take(page: Page, name: string, wanted: readonly Look[] = both, extent: Extent = 'page') {
    watchRequests(page);
    await page.mouse.move(0, 0);
    for (const look of wanted) {
      await wear(page, looks[look]);
      if (extent === 'page') await stretch(page, looks[look].size);
      await this.save(page, `${name}-${look}`);
    }
    const [first] = wanted;
    if (first) await wear(page, looks[first]);
  }

  /** As it comes from a printer. */
  async takePrint(page: Page, name: string): Promise<void> {
    await page.emulateMedia({ media: 'print' });
    await this.save(page, name);
    await page.emulateMedia({ media: 'screen' });
  }

  private async save(page: Page, name: string): Promise<void> {
    const path = join(this.directory, `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = await stat(path);
    this.bytes += size;
    console.log(`${path}: ${Math.ceil(size / 1000)} kB`);
    if (size > largestBytes) throw new Error(`${path}: larger than ${largestBytes} bytes`);
    if (this.bytes > largestAlbumBytes)
      throw new Error(`${this.directory}: more than ${largestAlbumBytes} bytes`);
  }
}

async function wear(page: Page, { size, colorScheme, language }: LookOptions): Promise<void> {
  await page.setViewportSize(sizes[size]);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await speak(page, language);
  await quiet(page);
  await page.locator('.placeholder').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

const open = new WeakMap<Page, Set<Request>>();

function watchRequests(page: Page): void {
  if (open.has(page)) return;
  const requests = new Set<Request>();
  open.set(page, requests);
  page.on('request', (request) => requests.add(request));
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
}

/** Until everything is there that a change of the language made the page ask for. */
async function quiet(page: Page): Promise<void> {
  const nextFrames =
    'new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(() => then())))';
  do {
    await page.evaluate(nextFrames);
    const [request] = open.get(page) ?? [];
    if (request)
      await Promise.race([page.waitForEvent('requestfinished'), page.waitForEvent('requestfailed')]);
  } while ((open.get(page)?.size ?? 0) > 0);
  await page.evaluate(nextFrames);
}

/** By the list below every page, also while a dialog covers it. */
async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate(`(() => {
    const list = document.querySelector('.language select');
    if (!list || list.value === '${language}') return;
    list.value = '${language}';
    list.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);
  await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
}

/** A window as tall as its page: in a picture of a scrolled page a bar at the lower edge would stand in the middle. */
async function stretch(page: Page, size: keyof typeof sizes): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  const height = (await page.evaluate('document.documentElement.scrollHeight')) as number;
  await page.setViewportSize({
    width: sizes[size].width,
    height: Math.min(Math.max(height, sizes[size].height), tallestPixels[size]),
  });
}
