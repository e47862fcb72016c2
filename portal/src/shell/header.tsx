import type { ComponentChildren } from 'preact';
import { brand } from '../configuration.ts';
import { paths } from '../paths.ts';
import { text } from '../text/text.ts';

/** Whose pages these are; beside it what a frame puts there (navigation, menus). */
export function Header({ children }: { readonly children?: ComponentChildren }) {
  return (
    <header class="shell-header">
      <a class="skip" href="#content">
        {text('common', 'skip')}
      </a>
      <a class="brand" href={paths.overview}>
        <BrandMark />
      </a>
      {children}
    </header>
  );
}

function BrandMark() {
  const { name, logo } = brand.value;
  if (!logo) return <span>{name || text('common', 'account')}</span>;
  return (
    <picture>
      {logo.dark && <source srcset={logo.dark} media="(prefers-color-scheme: dark)" />}
      <img src={logo.light} alt={logo.alt || name} height={32} />
    </picture>
  );
}
