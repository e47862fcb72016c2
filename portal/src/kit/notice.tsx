import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface NoticeProps {
  /** `error` and `done` are announced at once; @default 'info' */
  readonly kind?: 'info' | 'done' | 'warning' | 'error';
  readonly children: ComponentChildren;
}

const icons = {
  info: 'info',
  done: 'check',
  warning: 'warning',
  error: 'warning',
} as const satisfies Record<NonNullable<NoticeProps['kind']>, IconName>;

export function Notice({ kind = 'info', children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name={icons[kind]} />
      <div class="said">{children}</div>
    </div>
  );
}
