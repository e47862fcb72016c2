/** Digits of every script that keyboards offer (Arabic-Indic and Persian ones, too) as 0 to 9, and nothing else. */
export const digitsOf = (typed: string): string =>
  typed
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replace(/[^0-9]/g, '');
