import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface MenuProps {
  /** Name of the button for screen readers. */
  readonly label: string;
  /** What the button shows. */
  readonly button: ComponentChildren;
  /** `MenuItem`s. */
  readonly children: ComponentChildren;
}

/** Actions behind a button (ARIA menu button): arrows move, Escape and a click elsewhere close. */
export function Menu({ label, button, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  useLayoutEffect(() => {
    if (!open) return;
    items()[0]?.focus();
    const closeElsewhere = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeElsewhere);
    return () => document.removeEventListener('pointerdown', closeElsewhere);
  }, [open]);
  const giveFocusBack = () => box.current?.querySelector('button')?.focus();
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') giveFocusBack();
    if (event.key === 'Escape' || event.key === 'Tab') return setOpen(false);
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  return (
    <div class="menu" ref={box}>
      <button
        type="button"
        class="button icon-only"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={move}
          // Before the item acts: a dialog that it opens gives the focus back to what had it, and the item goes.
          onClickCapture={giveFocusBack}
          onClick={() => setOpen(false)}
        >
          {children}
        </div>
      )}
    </div>
  );
}

export interface MenuItemProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** A page instead of an action. */
  readonly href?: string;
  readonly danger?: boolean;
}

export function MenuItem({ children, onClick, href, danger = false }: MenuItemProps) {
  const look = danger ? 'danger' : '';
  if (href !== undefined) {
    return (
      <a role="menuitem" class={look} href={href} tabIndex={-1}>
        {children}
      </a>
    );
  }
  return (
    <button type="button" role="menuitem" class={look} tabIndex={-1} onClick={onClick}>
      {children}
    </button>
  );
}
