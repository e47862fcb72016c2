/** Bytes of text in one encoded word: 75 characters at the most, with the frame around the base64 (RFC 2047 §2). */
const wordBytes = 42;

/** `"Linden & Lark" <account@…>`; a name that is not ASCII is encoded as RFC 2047 wants it, which SES leaves to us. */
export function namedAddress(name: string, address: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break in a name would start another header
  const shown = name.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
  if (shown === '') return address;
  const isAscii = /^[\x20-\x7e]*$/.test(shown);
  const phrase = isAscii ? `"${shown.replace(/["\\]/g, '\\$&')}"` : encodedWords(shown);
  return `${phrase} <${address}>`;
}

/** Cut between characters: no encoded word may hold a part of one. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join(' ');
}
