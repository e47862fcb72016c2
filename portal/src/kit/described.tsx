import type { ComponentChildren } from 'preact';

export interface Described {
  readonly hint?: ComponentChildren;
  /** What is wrong with the value and what to do; also read out. */
  readonly problem?: string;
}

/** Ids of what describes a control, for `aria-describedby`. */
export const describedBy = (id: string, { hint, problem }: Described): string | undefined =>
  [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined;

export function Description({ id, hint, problem }: Described & { readonly id: string }) {
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </>
  );
}
