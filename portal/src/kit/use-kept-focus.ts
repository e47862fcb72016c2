import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const focusable =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';

/**
 * Where the focused control leaves the page (a row that was removed, a button whose work is done), the focus would fall to
 * the document and a keyboard begin at the top. It goes on instead: to the row that took the place, else to the heading of
 * the nearest part of the page that is still there.
 */
export function useKeptFocus<E extends HTMLElement>(): RefObject<E | null> {
  const region = useRef<E>(null);
  useEffect(() => {
    const within = region.current;
    if (!within) return;
    let held: readonly Place[] = [];
    const remember = ({ target }: FocusEvent) => {
      held = target instanceof Element ? placesOf(target, within) : [];
    };
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const goOn = () => {
      if (document.activeElement !== document.body || held[0]?.element.isConnected !== false) return;
      const [target] = held.flatMap(({ element, index }) => {
        if (!element.isConnected) return [];
        return element.matches('ul, ol') ? rowAt(element, index) : headingOf(element);
      });
      target?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      clearTimeout(waiting);
      // After the effects of what appeared: a field that wants the focus itself gets it.
      waiting = setTimeout(goOn, afterEffectsMs);
    });
    within.addEventListener('focusin', remember);
    observer.observe(within, { childList: true, subtree: true });
    return () => {
      clearTimeout(waiting);
      within.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
  return region;
}

/** Preact runs effects after the next frame, or after 35 ms where there is none. */
const afterEffectsMs = 60;

/** An element on the way up from the focus, and which of its children the way came through. */
interface Place {
  readonly element: Element;
  readonly index: number;
}

function placesOf(from: Element, within: Element): readonly Place[] {
  const places: Place[] = [{ element: from, index: 0 }];
  for (let child = from; child !== within && child.parentElement; child = child.parentElement) {
    places.push({ element: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  }
  return places;
}

function rowAt(list: Element, index: number): readonly HTMLElement[] {
  const row = list.children[Math.min(index, list.children.length - 1)];
  const control = row?.querySelector<HTMLElement>(focusable);
  return control ? [control] : [];
}

function headingOf(part: Element): readonly HTMLElement[] {
  if (!part.matches('section, main, dialog')) return [];
  const heading = part.querySelector<HTMLElement>('h1, h2');
  heading?.setAttribute('tabindex', '-1');
  return heading ? [heading] : [];
}
