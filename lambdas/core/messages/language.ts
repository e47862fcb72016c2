import { bestLanguage } from '../languages.ts';

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);

/**
 * Texts are kept by base language: `de-AT` reads `de`. A locale may come as an attribute, hence the underscore.
 * @param preferred - anything that is not configured falls back to the default language
 */
export const textLanguage = (preferred: string | undefined, configured: readonly string[]): string =>
  bestLanguage(configured, [preferred?.replaceAll('_', '-')]).split('-')[0] ?? 'en';

export const directionOf = (language: string): 'ltr' | 'rtl' => (rightToLeft.has(language) ? 'rtl' : 'ltr');

/**
 * A name inside a sentence of the other direction, with its own order (UAX #9: FSI … PDI); without it the full stop
 * after a Latin name jumps to its wrong side.
 */
export const isolated = (language: string, value: string): string =>
  directionOf(language) === 'rtl' ? `\u2068${value}\u2069` : value;

/** Plain text has no `dir`: a mark in front says how to read a line that begins with a digit or a Latin name. */
export const inDirection = (language: string, line: string): string =>
  directionOf(language) === 'rtl' ? `\u200f${line}` : line;
