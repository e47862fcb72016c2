/**
 * Estimated unit prices in millionths of a US dollar; change them here when AWS changes them. A mail: SES list price, not
 * verified. A text: unverified and rounded; put in the countries where your customers are.
 */
export const unitPrices = {
  mail: 100,
  /** By ISO 3166-1 alpha-2. */
  texts: { US: 10_000 } as Readonly<Record<string, number>>,
  textElsewhere: 100_000,
} as const;

export const textPrice = (country: string): number => unitPrices.texts[country] ?? unitPrices.textElsewhere;
