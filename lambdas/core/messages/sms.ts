import type { ServiceConfiguration } from '../configuration.ts';
import { bestLanguage } from '../languages.ts';

/** What a text needs to know, by kind. */
export interface SmsData {
  readonly 'sign-in-code': { readonly code: string };
  readonly 'phone-code': { readonly code: string };
}

type SmsTexts = { readonly [Kind in keyof SmsData]: (data: SmsData[Kind], brand: string) => string };

/** Short, and the code first: it has to fit one message and the line of a lock screen. No links, ever. */
const catalogue: Readonly<Record<'en' | 'de', SmsTexts>> = {
  en: {
    'sign-in-code': ({ code }, brand) => `${code} is your code to sign in to ${brand}. Do not share it.`,
    'phone-code': ({ code }, brand) => `${code} confirms this number for ${brand}. Do not share it.`,
  },
  de: {
    'sign-in-code': ({ code }, brand) =>
      `${code} ist Ihr Anmeldecode für ${brand}. Geben Sie ihn nicht weiter.`,
    'phone-code': ({ code }, brand) =>
      `${code} bestätigt diese Nummer für ${brand}. Geben Sie ihn nicht weiter.`,
  },
};

export function smsText<Kind extends keyof SmsData>(
  kind: Kind,
  language: string | undefined,
  data: SmsData[Kind],
  { brand, languages }: Pick<ServiceConfiguration, 'brand' | 'languages'>,
): string {
  const spoken = bestLanguage(languages, [language?.replaceAll('_', '-')]).split('-')[0];
  return catalogue[spoken === 'de' ? 'de' : 'en'][kind](data, brand.name);
}

/** How a challenge names a phone: its last two digits, which its owner knows and nobody can call. */
export const maskedNumber = (number: string): string => `***${number.slice(-2)}`;
