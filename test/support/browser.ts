import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import packed from '@sparticuz/chromium';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
  type Request,
} from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Root needs `--no-sandbox`; the rest keeps the browser from talking to anybody but the page's server. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
];

/**
 * A headless Chromium: the one of the npm package, or the one that `CHROME_PATH` names.
 * @param hosts - `host:port` of addresses to the `host:port` where they are served, so that a page has an origin that the
 * configuration names while its server listens on any free port
 * @throws Error that says what to do on a machine where it cannot start
 */
export async function launchBrowser(hosts: Readonly<Record<string, string>> = {}): Promise<Browser> {
  try {
    const executablePath = process.env.CHROME_PATH ?? (await unpacked());
    const rules = Object.entries(hosts).map(([from, to]) => `MAP ${from} ${to}`);
    const args = [...flags, ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : [])];
    return await chromium.launch({ executablePath, headless: true, args });
  } catch (cause) {
    throw new Error(
      `Chromium did not start. The packed one is for Linux on x64; elsewhere set CHROME_PATH to an installed Chrome or Chromium. (${cause instanceof Error ? cause.message.split('\n')[0] : cause})`,
      { cause },
    );
  }
}

const lockMaxAgeMs = 60_000;

/** Unpacked once per machine, by one test process at a time: a half-written file would not start. */
async function unpacked(): Promise<string> {
  const lock = join(tmpdir(), 'vestibule-chromium.lock');
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch {
      const since = await stat(lock).catch(() => undefined);
      if (since && Date.now() - since.mtimeMs > lockMaxAgeMs)
        await rm(lock, { recursive: true, force: true });
      else await delay(100);
    }
  }
  try {
    return await packed.executablePath();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

export interface WatchedPage {
  readonly page: Page;
  /** What the browser complained about: errors, CSP violations, failed requests. */
  readonly complaints: readonly string[];
}

export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const;

/** `SLOW_CALLS_MS=300` makes calls of pages slower than any click, so that a test that looks too early is seen to. */
const slowCallsMs = Number(process.env.SLOW_CALLS_MS ?? 0);
const slowCalls = `(({ fetch, setTimeout }) => {
  const late = (answer) => new Promise((resolve) => setTimeout(resolve, ${slowCallsMs}, answer));
  globalThis.fetch = (...call) => late().then(() => fetch(...call)).then(late);
})(globalThis);`;

/** A page in a context of its own, with everything noted that must not happen. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: sizes.desktop, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const isForeign = (request: Request) =>
    new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith('data:');
  page.on('requestfinished', (request) => {
    if (isForeign(request)) complaints.push(`foreign request ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (isForeign(request) && why !== 'csp') complaints.push(`foreign request ${request.url()}: ${why}`);
  });
  if (slowCallsMs > 0) await page.addInitScript(slowCalls);
  await page.goto(url);
  return { page, complaints };
}

/** How far the page is wider than its window, in CSS pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Until what appears has appeared: half faded in, its colours are nobody's. Endless animations are left alone. */
const untilStill = (page: Page): Promise<unknown> =>
  page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter((animation) => Number.isFinite(animation.effect.getComputedTiming().endTime))
    .map((animation) => animation.finished))`);

/** Violations of WCAG 2.2 AA that axe finds, each in one readable line. */
export async function axeViolations(page: Page): Promise<string[]> {
  await untilStill(page);
  // Evaluated as the debugger does it, which the page's CSP does not concern; a script tag would need an exception.
  await page.evaluate(await readFile(axePath, 'utf8'));
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(tags)} })`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${target.join(' ')} ${failureSummary.split('\n').slice(1).join(' ')}`,
    ),
  );
}

/** Text as it is seen: without what is hidden or folded, which `textContent` has. */
// biome-ignore lint/performance/useDomNodeTextContent: exactly that difference is wanted
export const shown = (locator: Locator): Promise<string> => locator.innerText();
