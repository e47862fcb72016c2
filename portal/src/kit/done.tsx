import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

/**
 * What has just been done, or nothing yet. The region is on the page before its words are: screen readers say what changes
 * in one that they know, and not every one of them what appears together with it.
 */
export function Done({ children }: { readonly children?: ComponentChildren }) {
  return (
    <div class="done-region" role="status">
      {children && (
        <div class="notice done">
          <Icon name="check" />
          <div class="said">{children}</div>
        </div>
      )}
    </div>
  );
}
