import { useId } from 'preact/hooks';
import { brand, configuration } from '../configuration.ts';
import { Icon } from '../kit/icons.tsx';
import { changeLanguage, language, languageNames, languages, text } from '../text/text.ts';

/** Language, and where to find help, terms and privacy notice. */
export function Footer() {
  const { supportUrl, links } = brand.value;
  return (
    <footer class="shell-footer">
      <LanguageMenu />
      <ul class="plain">
        {supportUrl && <FooterLink href={supportUrl}>{text('common', 'support')}</FooterLink>}
        {links?.terms && <FooterLink href={links.terms}>{text('common', 'terms')}</FooterLink>}
        {links?.privacy && <FooterLink href={links.privacy}>{text('common', 'privacyNotice')}</FooterLink>}
      </ul>
    </footer>
  );
}

function FooterLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <li>
      <a href={href} rel="noreferrer">
        {children}
      </a>
    </li>
  );
}

/** The browser's own list: one tap on a phone, and every screen reader knows it. */
export function LanguageMenu() {
  const id = useId();
  const offered = languages.filter((tag) => configuration.value.languages.includes(tag));
  if (offered.length < 2) return null;
  return (
    <div class="language">
      <Icon name="globe" />
      <label class="visually-hidden" for={id}>
        {text('common', 'language')}
      </label>
      <select
        id={id}
        value={language.value}
        onChange={(event) => {
          const chosen = offered.find((tag) => tag === event.currentTarget.value);
          if (chosen) void changeLanguage(chosen);
        }}
      >
        {offered.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {languageNames[tag]}
          </option>
        ))}
      </select>
    </div>
  );
}
