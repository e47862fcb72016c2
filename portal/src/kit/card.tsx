import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export interface CardProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the title, at its end. */
  readonly action?: ComponentChildren;
  /** Of its place in the page's address: `/security#password` brings the card into sight. */
  readonly place?: string;
}

/** A region of a page with a heading of its own. */
export function Card({ title, children, action, place }: CardProps) {
  const id = useId();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place === undefined || location.hash !== `#${place}`) return;
    card.current?.scrollIntoView({ block: 'start' });
    card.current?.querySelector('h2')?.focus({ preventScroll: true });
  }, [place]);
  return (
    <section class="card" aria-labelledby={id} ref={card} {...(place !== undefined && { id: place })}>
      <header>
        <h2 id={id} {...(place !== undefined && { tabIndex: -1 })}>
          {title}
        </h2>
        {action}
      </header>
      {children}
    </section>
  );
}
