import { hasText, language, text } from '../../../text/text.ts';
import type { Family } from './counts.ts';

/** A counter in words; a code that has none (a purpose, a new reason) is shown as it is. */
export function counterName(family: Family, counter: string): string {
  const key = `count.${family}.${counter}`;
  return hasText('operator', key) ? text('operator', key as never) : counter;
}

const word = (kind: 'method' | 'reason' | 'factor' | 'mail' | 'act' | 'door', name: string): string => {
  const key = `${kind}.${name}`;
  return hasText('operator', key) ? text('operator', key as never) : name;
};

export const methodName = (name: string): string => word('method', name);
export const reasonName = (name: string): string => word('reason', name);
export const factorName = (name: string): string => word('factor', name);
export const mailName = (name: string): string => word('mail', name);
export const actName = (name: string): string => word('act', name);
export const doorName = (name: string): string => word('door', name);

export const countryName = (code: string): string =>
  /^[A-Z]{2}$/.test(code)
    ? (new Intl.DisplayNames(language.value, { type: 'region' }).of(code) ?? code)
    : reasonName(code);

/** Millionths of a US dollar; below a dollar a mail's price still shows. */
export const money = (millionths: number): string =>
  new Intl.NumberFormat(language.value, {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: millionths > 0 && millionths < 1_000_000 ? 4 : 2,
  }).format(millionths / 1_000_000);

export const share = (part: number, whole: number): string =>
  new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(
    whole === 0 ? 0 : part / whole,
  );
