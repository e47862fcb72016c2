/** Something before and behind an at sign; whether it exists is nobody's business here. */
export const looksLikeAddress = (typed: string): boolean =>
  typed.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.trim());
