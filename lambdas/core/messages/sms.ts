import type { ServiceConfiguration } from '../configuration.ts';
import { inDirection, isolated, textLanguage } from './language.ts';

/** What a text needs to know, by kind. */
export interface SmsData {
  readonly 'sign-in-code': { readonly code: string };
  readonly 'phone-code': { readonly code: string };
}

type SmsTexts = { readonly [Kind in keyof SmsData]: (data: SmsData[Kind], brand: string) => string };

/** Short, and the code first: it has to fit one message and the line of a lock screen. No links, ever. */
export const smsCatalogue: Readonly<Record<string, SmsTexts>> & { readonly en: SmsTexts } = {
  en: {
    'sign-in-code': ({ code }, brand) => `${code} is your code to sign in to ${brand}. Do not share it.`,
    'phone-code': ({ code }, brand) => `${code} confirms this number for ${brand}. Do not share it.`,
  },
  de: {
    'sign-in-code': ({ code }, brand) =>
      `${code} ist Ihr Anmeldecode für ${brand}. Geben Sie ihn nicht weiter.`,
    'phone-code': ({ code }, brand) =>
      `${code} bestätigt diese Nummer für ${brand}. Geben Sie den Code nicht weiter.`,
  },
  fr: {
    'sign-in-code': ({ code }, brand) =>
      `${code} est votre code de connexion à ${brand}. Ne le partagez pas.`,
    'phone-code': ({ code }, brand) => `${code} confirme ce numéro pour ${brand}. Ne partagez pas ce code.`,
  },
  es: {
    'sign-in-code': ({ code }, brand) =>
      `${code} es tu código para iniciar sesión en ${brand}. No lo compartas.`,
    'phone-code': ({ code }, brand) =>
      `${code} confirma este número para ${brand}. No compartas este código.`,
  },
  ar: {
    'sign-in-code': ({ code }, brand) => `${code} هو رمز تسجيل الدخول إلى ${brand}. لا تشاركه مع أحد.`,
    'phone-code': ({ code }, brand) => `${code} يؤكد هذا الرقم لدى ${brand}. لا تشاركه مع أحد.`,
  },
};

export function smsText<Kind extends keyof SmsData>(
  kind: Kind,
  language: string | undefined,
  data: SmsData[Kind],
  { brand, languages }: Pick<ServiceConfiguration, 'brand' | 'languages'>,
): string {
  const spoken = textLanguage(language, languages);
  return inDirection(
    spoken,
    (smsCatalogue[spoken] ?? smsCatalogue.en)[kind](data, isolated(spoken, brand.name)),
  );
}

/** How a challenge names a phone: its last two digits, which its owner knows and nobody can call. */
export const maskedNumber = (number: string): string => `***${number.slice(-2)}`;
