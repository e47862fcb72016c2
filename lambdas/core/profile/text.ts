/**
 * Characters that no profile text needs and that make two different texts look the same or hide what is there:
 * control characters and line breaks, format characters (zero width, bidirectional overrides, tags, soft hyphen),
 * halves of surrogate pairs, private use and unassigned code points. ZWNJ and ZWJ stay: Persian, Indic scripts and
 * emoji are written with them.
 */
const refused = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?![\u200c\u200d])\p{Cf}/u;
const invisibleStart = /^[\p{White_Space}\p{Cf}]+/u;
const invisibleEnd = /[\p{White_Space}\p{Cf}]$/u;
const unusualSpace = /\p{Zs}/gu;

/**
 * The one form in which a text is compared and stored: NFC, no invisible edges, every kind of space a plain one.
 * Repeating it changes nothing.
 * @returns `undefined` when a refused character is left inside
 */
export function canonicalText(typed: string): string | undefined {
  const text = trimInvisible(typed.normalize('NFC')).replace(unusualSpace, ' ');
  return refused.test(text) ? undefined : text;
}

/** By hand at the end: a regular expression would look again from every position of a long run (quadratic time). */
function trimInvisible(text: string): string {
  const characters = Array.from(text.replace(invisibleStart, ''));
  let end = characters.length;
  while (end > 0 && invisibleEnd.test(characters[end - 1] ?? '')) end -= 1;
  return characters.slice(0, end).join('');
}

/** Length as a person counts: code points, not UTF-16 units. */
export const characterCount = (text: string): number => Array.from(text).length;
