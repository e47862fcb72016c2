import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Focus on what a step is about as soon as it is there; nothing where `wanted` is not set. */
export function useFirstFocus<E extends HTMLElement>(wanted = false): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    if (wanted) element.current?.focus({ preventScroll: true });
  }, [wanted]);
  return element;
}
