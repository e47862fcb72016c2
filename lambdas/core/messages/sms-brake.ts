/**
 * The toll-fraud brake: texts cost money, and whoever earns from a number range can make an installation send to it
 * (SMS pumping). Every text has to fit every budget; a range or country whose texts are not answered is shut.
 */
export interface BrakePolicy {
  /** Countries that are served, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Texts per person (and per number) in a day. */
  readonly perAccountPerDay: number;
  /** Texts asked for from one network address in an hour. */
  readonly perAddressPerHour: number;
  /** Texts to one block of 10,000 numbers in an hour. */
  readonly perPrefixPerHour: number;
  readonly perCountryPerHour: number;
  /** Texts of the whole installation in a day. */
  readonly perDay: number;
  /** Share of texts whose code has to come back, in percent; 0 switches the breaker off. */
  readonly conversionPercent: number;
  /** Texts in a window before their conversion is judged. */
  readonly conversionAfter: number;
}

export type BrakeReason =
  | 'SMS_COUNTRY_NOT_SERVED'
  | 'SMS_BUDGET_ACCOUNT'
  | 'SMS_BUDGET_NUMBER'
  | 'SMS_BUDGET_ADDRESS'
  | 'SMS_BUDGET_PREFIX'
  | 'SMS_BUDGET_COUNTRY'
  | 'SMS_BUDGET_INSTALLATION'
  | 'SMS_CONVERSION_PREFIX'
  | 'SMS_CONVERSION_COUNTRY';

type BudgetReason = Extract<BrakeReason, `SMS_BUDGET_${string}`>;

/** One counter that a text adds to: `scope` and `value` say whose, `window` (a number that grows) says when. */
export interface Budget {
  readonly reason: BudgetReason;
  readonly scope: 'account' | 'number' | 'address' | 'prefix' | 'country' | 'installation';
  readonly value: string;
  readonly window: number;
  /** Epoch seconds. */
  readonly endsAt: number;
  readonly limit: number;
}

export interface BrakedText {
  /** E.164. */
  readonly to: string;
  readonly country: string;
  readonly sub?: string;
  readonly address?: string;
}

const hour = 3_600;
const day = 86_400;
/** Number ranges are rented out in blocks; the last four digits tell the numbers of one block apart. */
const blockDigits = 4;

export const prefixOf = (number: string): string => number.slice(0, -blockDigits);

/**
 * Everything that a text counts against. Windows are fixed (the hour, the day), so that a count is one conditional
 * write; over any span of a window's length at most twice the limit goes out.
 * @param now - epoch milliseconds
 */
export function budgetsOf(text: BrakedText, policy: BrakePolicy, now: number): readonly Budget[] {
  const budget = (
    reason: BudgetReason,
    scope: Budget['scope'],
    value: string,
    seconds: number,
    limit: number,
  ): Budget => {
    const window = Math.floor(now / 1000 / seconds);
    return { reason, scope, value, window, endsAt: (window + 1) * seconds, limit };
  };
  const { perAccountPerDay, perAddressPerHour, perPrefixPerHour, perCountryPerHour, perDay } = policy;
  return [
    budget('SMS_BUDGET_PREFIX', 'prefix', prefixOf(text.to), hour, perPrefixPerHour),
    budget('SMS_BUDGET_COUNTRY', 'country', text.country, hour, perCountryPerHour),
    budget('SMS_BUDGET_NUMBER', 'number', text.to, day, perAccountPerDay),
    budget('SMS_BUDGET_INSTALLATION', 'installation', 'all', day, perDay),
    ...(text.sub ? [budget('SMS_BUDGET_ACCOUNT', 'account', text.sub, day, perAccountPerDay)] : []),
    ...(text.address ? [budget('SMS_BUDGET_ADDRESS', 'address', text.address, hour, perAddressPerHour)] : []),
  ];
}

/** Texts of one window that went out, and how many of their codes came back. */
export interface Conversion {
  readonly sent: number;
  readonly answered: number;
}

/** Judged only after enough texts: the first ones are always on their way. */
export const isShut = ({ sent, answered }: Conversion, policy: BrakePolicy): boolean =>
  policy.conversionPercent > 0 &&
  sent >= policy.conversionAfter &&
  answered * 100 < sent * policy.conversionPercent;
