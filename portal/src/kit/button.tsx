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
}

export function Button({
  children,
  look = 'secondary',
  busy = false,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={`button ${look}`}
      aria-busy={busy}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </button>
  );
}
