import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { brand } from '../configuration.ts';
import { language } from '../text/text.ts';

export interface PageProps {
  readonly title: string;
  /** One line below the title. */
  readonly lead?: string;
  readonly children: ComponentChildren;
}

/**
 * Title of the document and of the page. The heading takes the focus, so that a screen reader says where one is, unless a
 * field of the page has it or only the language changed.
 */
export function Page({ title, lead, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const spoken = useRef(language.value);
  useLayoutEffect(() => {
    const { name } = brand.value;
    document.title = name ? `${title} – ${name}` : title;
    const isSameLanguage = spoken.current === language.value;
    spoken.current = language.value;
    if (isSameLanguage && !main.current?.contains(document.activeElement))
      heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main class="page" ref={main}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </main>
  );
}
