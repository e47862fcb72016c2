import { bestLanguage } from '../languages.ts';

type RecoveryText = (brand: string, link: string) => string;

const english: RecoveryText = (brand, link) =>
  `${brand}: somebody asked to remove this phone and every other factor from your account. Not you? Stop it: ${link}`;

const texts: Readonly<Record<string, RecoveryText>> = {
  en: english,
  de: (brand, link) =>
    `${brand}: Jemand will dieses Telefon und alle anderen Faktoren aus Ihrem Konto entfernen. Nicht Sie? Stoppen: ${link}`,
};

/** What a phone is told of a recovery: in the person's language where it is configured, else in the first one. */
export function recoveryText(locale: string | undefined, configured: readonly string[]): RecoveryText {
  const [language = 'en'] = bestLanguage(configured, [locale?.replaceAll('_', '-')]).split('-');
  return texts[language] ?? english;
}
