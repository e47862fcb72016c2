import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IdentityProblem } from '../../../../client/index.ts';

/** After a refusal the field that is to be typed anew has the focus, with what is in it selected. */
export function useTryAgain(refusal: unknown, name: 'code' | 'password'): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    // Without an answer nothing is wrong with what was typed.
    if (!(refusal instanceof IdentityProblem)) return;
    const field = form.current?.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    field.select();
  }, [refusal]);
  return form;
}
