import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** What to do about it. */
  readonly children?: ComponentChildren;
}

/** Nothing here yet. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children}
    </div>
  );
}
