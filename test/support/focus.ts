import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Focus {
  /** What a screen reader calls it, near enough. */
  readonly name: string;
  readonly isInDialog: boolean;
  /** Whether anything is drawn around it, or it is drawn otherwise than without focus. */
  readonly isVisible: boolean;
  readonly isOnScreen: boolean;
}

/** What has the focus, as somebody without a mouse finds it. */
export const focus = (page: Page): Promise<Focus> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent ?? '';
    const isRinged = (each) => each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) > 0;
    return {
      name: label.trim().replace(/\\s+/g, ' '),
      isInDialog: at.closest('dialog') !== null,
      isVisible: isRinged(style) || style.boxShadow !== 'none' || isRinged(getComputedStyle(at.parentElement)),
      isOnScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
  })()`);

/** Once a step is there, its first thing has the focus. */
export const untilFocus = (page: Page, name: string): Promise<void> =>
  expect.poll(async () => (await focus(page)).name).toBe(name);
