import type { ComponentChildren } from 'preact';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import type { Resource } from './use-resource.ts';

/** Place of what is still coming, as tall as it will be (`lines`), so that nothing jumps. */
export function Placeholder({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="placeholder" role="status" aria-label={text('common', 'loading')}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

export interface ShowProps<T> {
  readonly of: Resource<T>;
  readonly lines?: number;
  readonly children: (value: T) => ComponentChildren;
}

/** A resource on the page: its place while it comes, what to do when it failed, then its content. */
export function Show<T>({ of, lines, children }: ShowProps<T>) {
  if (of.state === 'loading') return <Placeholder {...(lines !== undefined && { lines })} />;
  if (of.state === 'failed') {
    return (
      <>
        <ProblemNotice error={of.error} />
        <Button onClick={of.reload}>{text('common', 'tryAgain')}</Button>
      </>
    );
  }
  return <>{children(of.value)}</>;
}
