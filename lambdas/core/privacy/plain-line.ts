/** Longer than any word of a script's error message, shorter than codes, tokens and ids that name somebody. */
const secretLength = 20;

/**
 * A stranger's text as one plain line: control and format characters (which would start another line, or turn the text
 * around) become spaces; addresses, telephone numbers and whatever is as long as a token become dots.
 */
export const withoutPersonalText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d[\d ()/.-]{5,}\d/g, '…')
    .replace(new RegExp(`[A-Za-z0-9_=-]{${secretLength},}`, 'g'), '…')
    .trim();
