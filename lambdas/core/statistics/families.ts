/**
 * What is counted, one item per family and bucket. Names of counters; `<…>` is of a closed list, what is not on it counts
 * as `other`:
 *
 * | family | counters |
 * |---|---|
 * | registrations | `requested` → `confirmed` → `first-sign-in` (the funnel), `address-taken`, `expired`, `refused`, `refused:<reason>` |
 * | signIns | `succeeded`, `refused`, `locked`, `challenged`, `new-device`, `stepped-up`, `step-up-refused`, `method:<method>`, `door:<door>`, `refused-door:<door>`, `level:<0, 1, 2>` |
 * | challenges | `asked`, `step-up`, `reason:<signal>`, `offered:<method>`, `sent:<method>`, `not-sent:<method>`, `rejected:<method>`, `passed:<method>` |
 * | denials | `all`, `reason:<reason>` |
 * | consents | `granted:<purpose>`, `withdrawn:<purpose>` |
 * | factors | `enrolled:<factor>`, `removed:<factor>`, `refused:<factor>` |
 * | messages | `mail:<kind>`, `sms:<kind>`, `sms-country:<country>`, `sms-refused`, `sms-refused:<reason>`, `sms-failed` |
 * | spend | `mail`, `sms:<country>`: millionths of a US dollar, estimated |
 * | recoveries | `code-requested`, `requested`, `requested-by-operator`, `cancelled:<reason>`, `completed`, `refused:<reason>`, `reset-requested`, `reset`, `reset-refused` |
 * | sessions | `ended`, `reason:<reason>`, `refresh-reused` |
 * | operators | `act:<type of event>`, `refused:<type of event>`, `reason:<reason>` |
 */
export const families = [
  'registrations',
  'signIns',
  'challenges',
  'denials',
  'consents',
  'factors',
  'messages',
  'spend',
  'recoveries',
  'sessions',
  'operators',
] as const;
export type Family = (typeof families)[number];

/** Adds `by` to one counter of a family. */
export interface Increment {
  readonly family: Family;
  readonly counter: string;
  readonly by: number;
}

/** The closed lists that come from the configuration. */
export interface Vocabulary {
  readonly purposes: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
}

/** An item has room for so many of each (4 kB); what is beyond counts as `other`. */
export const maxPurposes = 20;
export const maxCountries = 60;

export const boundedVocabulary = ({ purposes, countries }: Vocabulary): Vocabulary => ({
  purposes: purposes.slice(0, maxPurposes),
  countries: countries.slice(0, maxCountries),
});

export const reasonsCounted = {
  registrations: [
    'ADDRESS_LIMIT',
    'ADDRESS_TAKEN',
    'CODE_REJECTED',
    'CONTEXT_REJECTED',
    'CONTEXT_REQUIRED',
    'MAIL_DOMAIN',
    'MAIL_DOMAIN_REFUSED',
    'MAIL_NOT_SENT',
  ],
  denials: [
    'ACCOUNT_DORMANT',
    'ACCOUNT_FAILURES',
    'ACCOUNT_LOCKED',
    'ACCOUNT_NOT_CONFIRMED',
    'ADDRESS_FAILURES',
    'CHALLENGE_FAILED',
    'CONTEXT_UNKNOWN',
    'DEVICE_NEW',
    'DEVICE_UNKNOWN',
    'FLOW_MISMATCH',
    'FLOW_REJECTED',
    'NETWORK_NEW',
    'NETWORK_UNKNOWN',
    'NO_METHOD_LEFT',
    'PASSWORD_RESET_REQUIRED',
    'PROOF_OLD',
    'SIGN_IN_REJECTED',
  ],
  messages: [
    'SMS_BUDGET_ACCOUNT',
    'SMS_BUDGET_ADDRESS',
    'SMS_BUDGET_COUNTRY',
    'SMS_BUDGET_INSTALLATION',
    'SMS_BUDGET_NUMBER',
    'SMS_BUDGET_PREFIX',
    'SMS_CONVERSION_COUNTRY',
    'SMS_CONVERSION_PREFIX',
    'SMS_COUNTRY_NOT_SERVED',
  ],
  recoveries: ['ADDRESS_LIMIT', 'FACTOR_PROVEN', 'LINK', 'NOT_READY', 'PROOF_REJECTED'],
  sessions: [
    'ENDED_BEFORE',
    'EXPIRED',
    'IDLE',
    'NEW_SIGN_IN',
    'PASSWORD_RESET',
    'REFRESH_TOKEN_REUSED',
    'self',
    'others',
    'operator',
  ],
} as const;
