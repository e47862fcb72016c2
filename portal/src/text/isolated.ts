/** Stands by itself in a line of another direction, as an address does in Arabic (Unicode UAX 9: FSI, PDI). */
export const isolated = (value = ''): string => `\u2068${value}\u2069`;
