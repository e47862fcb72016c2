import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.tsx';

/** A list of things with a line between them; its children are `Row`s. */
export function Rows({ children, label }: { readonly children: ComponentChildren; readonly label?: string }) {
  return (
    <ul class="rows" aria-label={label}>
      {children}
    </ul>
  );
}

export interface RowProps {
  readonly title: ComponentChildren;
  readonly detail?: ComponentChildren;
  readonly icon?: IconName;
  /** At the end of the row: a button, a badge, a link. */
  readonly action?: ComponentChildren;
}

export function Row({ title, detail, icon, action }: RowProps) {
  return (
    <li>
      {icon && <Icon name={icon} />}
      <div class="about">
        <div>{title}</div>
        {detail && <div class="detail">{detail}</div>}
      </div>
      {action}
    </li>
  );
}

/** A word about a thing: "this device", "new". */
export function Badge({
  kind = 'plain',
  children,
}: {
  readonly kind?: 'plain' | 'brand' | 'done' | 'warning' | 'danger';
  readonly children: ComponentChildren;
}) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
