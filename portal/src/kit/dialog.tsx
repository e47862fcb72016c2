import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog: the browser's own, so that focus stays inside, Escape closes it and the page behind is inert. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const id = useId();
  // Layout effects: what an ordinary one leaves behind is cleared away only after the dialog has left the page, when
  // the focus has already been lost.
  useLayoutEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      isGone.current = true;
      shown?.close();
      // The browser gives it back to what had it before, unless that was out of the page for a moment.
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  // The browser tells of the closing after the dialog has gone, when something else may be open in its place.
  const tell = () => {
    if (!isGone.current) onClose();
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={tell} onClose={tell}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
