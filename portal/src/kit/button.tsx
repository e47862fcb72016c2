import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

export interface ButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'class' | 'disabled' | 'type'> {
  readonly children: ComponentChildren;
  /** @default 'secondary' */
  readonly look?: 'primary' | 'secondary' | 'danger' | 'link';
  /** Under way: says so, keeps its width and its focus, and does nothing when pressed. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  /** Beside its look: `narrow` keeps it as wide as its words in a stack. */
  readonly class?: 'narrow' | 'wide';
}

export function Button({
  children,
  look = 'secondary',
  busy = false,
  type = 'button',
  class: width,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={`button ${look}${width ? ` ${width}` : ''}`}
      aria-busy={busy}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </button>
  );
}
