import { unitPrices } from '../lambdas/core/statistics/prices.ts';

/**
 * List prices in US dollars, us-east-1, November 2026, before free tiers.
 * Lambda and REST API: infracost's price files; DynamoDB on demand: after the cut of November 2024; WAF: AWS guide
 * "Security best practices"; SES: unverified list price. A text: unverified and rounded, to Germany with a pool; the United
 * States cost about a tenth with a registered number, other countries up to three times as much. Change them here when AWS
 * changes them, and put in the country where your customers are.
 */
export const prices = {
  lambdaRequest: 0.2 / 1e6,
  /** arm64, per GB-second, first 7.5 billion. */
  lambdaGbSecond: 0.0000133334,
  restApiRequest: 3.5 / 1e6,
  wafRequest: 0.6 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  dynamoWriteUnit: 0.625 / 1e6,
  /** Direct PUT, each record rounded up to 5 kB. */
  firehoseGb: 0.029,
  eventBridgeEvent: 1 / 1e6,
  kmsAsymmetricSignature: 0.15 / 1e4,
  logGb: 0.5,
  mail: unitPrices.mail / 1e6,
  text: unitPrices.textElsewhere / 1e6,
} as const;
