import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  /** `error` and `done` are announced at once; @default 'info' */
  readonly kind?: 'info' | 'done' | 'warning' | 'error';
  readonly children: ComponentChildren;
}

export function Notice({ kind = 'info', children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
