/** `JBSW Y3DP EHPK 3PXP`: as people read a key aloud. */
export const inGroups = (key: string, size = 4): string =>
  key.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? key;

/** A text file with one code per line, for the download. */
export const codesFile = (lines: readonly string[], codes: readonly string[]): string =>
  `${[...lines, '', ...codes].join('\r\n')}\r\n`;

/** A phone number as it is sent, E.164: without the spaces and signs that people write; `00` stands for `+`. */
export const phoneNumber = (typed: string): string =>
  typed
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replace(/[^\d+]/g, '')
    .replace(/^00/, '+');

/** Whether a number can be one at all; the API has the last word. */
export const isPhoneNumber = (number: string): boolean => /^\+[1-9]\d{6,14}$/.test(number);
