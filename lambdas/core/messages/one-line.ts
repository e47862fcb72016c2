/** A subject is a header: a line break in it would start another one. */
export const oneLine = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not reach a header
  value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
