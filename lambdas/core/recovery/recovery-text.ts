import { inDirection, isolated, textLanguage } from '../messages/language.ts';

type RecoveryText = (brand: string, link: string) => string;

const english: RecoveryText = (brand, link) =>
  `${brand}: somebody asked to remove this phone and your other ways to confirm a sign-in. Not you? Stop it: ${link}`;

export const recoveryTexts: Readonly<Record<string, RecoveryText>> = {
  en: english,
  de: (brand, link) =>
    `${brand}: Jemand will dieses Telefon und alle anderen Bestätigungswege aus Ihrem Konto entfernen. Nicht Sie? Stoppen: ${link}`,
  fr: (brand, link) =>
    `${brand} : quelqu’un veut supprimer ce téléphone et vos autres moyens de confirmation. Pas vous ? Arrêtez-le : ${link}`,
  es: (brand, link) =>
    `${brand}: alguien quiere eliminar este teléfono y tus otras formas de confirmación. ¿No has sido tú? Detenlo: ${link}`,
  ar: (brand, link) =>
    `${brand}: طلب شخص ما إزالة هذا الهاتف وجميع وسائل التأكيد الأخرى من حسابك. لست أنت؟ أوقف ذلك: ${link}`,
};

/** What a phone is told of a recovery: in the person's language where it is configured, else in the first one. */
export function recoveryText(locale: string | undefined, configured: readonly string[]): RecoveryText {
  const language = textLanguage(locale, configured);
  const text = recoveryTexts[language] ?? english;
  return (brand, link) => inDirection(language, text(isolated(language, brand), link));
}
