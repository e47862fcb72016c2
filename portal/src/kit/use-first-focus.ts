import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Focus on what a step is about, before it is painted: later it would take the focus from a field that a quick person has
 * chosen already. Nothing where `wanted` is not set.
 */
export function useFirstFocus<E extends HTMLElement>(wanted = false): RefObject<E | null> {
  const element = useRef<E>(null);
  useLayoutEffect(() => {
    if (!wanted || !element.current) return;
    // A dialog around it opens only after this, and gives the focus to what has the attribute.
    element.current.autofocus = true;
    element.current.focus({ preventScroll: true });
  }, [wanted]);
  return element;
}
