/** What operators tune per deployment without touching code. Each value has a bound, a default and a unit in its name or text. */
interface Described {
  readonly label: string;
  readonly description: string;
}
export interface NumberSetting extends Described {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
export interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  readonly default: string | number;
  readonly allowed: readonly (string | number)[];
}
export interface TextSetting extends Described {
  readonly kind: 'text';
  /** May be replaced by what the configuration says (see `OperatorParametersProps.defaults`). */
  readonly default: string;
  readonly pattern: string;
  readonly maxLength: number;
}
export type Setting = NumberSetting | ChoiceSetting | TextSetting;

const number = (label: string, description: string, bounds: { default: number; min: number; max: number }) =>
  ({ kind: 'number', label, description, ...bounds }) as const satisfies NumberSetting;
const choice = <const T extends readonly (string | number)[]>(
  label: string,
  description: string,
  options: { default: T[number]; allowed: T },
) => ({ kind: 'choice', label, description, ...options }) as const satisfies ChoiceSetting;

const risk = {
  RiskMode: choice(
    'Risk mode',
    'enforce: decisions count. monitor: they are recorded, and every sign-in with the right password is allowed.',
    {
      default: 'enforce',
      allowed: ['enforce', 'monitor'],
    },
  ),
  RiskChallengeAt: number('Challenge from score', 'Score from which a sign-in needs a further factor.', {
    default: 30,
    min: 1,
    max: 99,
  }),
  RiskDenyAt: number(
    'Deny from score',
    'Score from which a sign-in is refused. Its bounds keep it above the score for a challenge.',
    { default: 100, min: 100, max: 1000 },
  ),
  RiskDormantDays: number(
    'Dormant after (days)',
    'Days without a sign-in after which an account counts as dormant.',
    { default: 90, min: 7, max: 730 },
  ),
  RiskProofMaxAgeDays: number(
    'Further factor valid for (days)',
    'Days after which an old proof of a further factor counts as stale.',
    { default: 30, min: 1, max: 365 },
  ),
  RiskAccountFailureLimit: number(
    'Failures per account',
    'Failed sign-ins of one account in its window from which the score rises steeply.',
    { default: 10, min: 3, max: 100 },
  ),
  RiskAddressFailureLimit: number(
    'Failures per address',
    'Failed sign-ins from one network address, over all accounts, from which the score rises steeply.',
    { default: 30, min: 5, max: 1000 },
  ),
  ContextMandatory: choice(
    'Signed context mandatory',
    'true: registrations and sign-ins without a valid signed request context are refused.',
    {
      default: 'false',
      allowed: ['true', 'false'],
    },
  ),
} as const;

const codes = {
  CodeLifetimeSeconds: number(
    'Lifetime of a code (seconds)',
    'NIST SP 800-63B-4 allows 10 minutes at the most.',
    { default: 300, min: 60, max: 600 },
  ),
  CodeAttempts: number('Attempts per code', 'Wrong answers after which a sign-in has to start again.', {
    default: 3,
    min: 1,
    max: 5,
  }),
  CodeResends: number('Resends per sign-in', 'How often one sign-in may ask for another mail.', {
    default: 2,
    min: 0,
    max: 5,
  }),
  CodeAccountLimit: number(
    'Wrong codes per account and hour',
    'Over all sign-ins of an account, per method.',
    { default: 10, min: 3, max: 100 },
  ),
  CodeMailsPerAccountPerHour: number(
    'Sign-in mails per account and hour',
    'Mails with codes or links; those before and after a password count apart. Beyond it only other methods are offered.',
    { default: 10, min: 3, max: 100 },
  ),
} as const;

const answers = {
  UniformAnswerMs: number(
    'Earliest answer (milliseconds)',
    'Answers that could reveal whether an account exists are not given before this time.',
    { default: 600, min: 0, max: 3000 },
  ),
  RegistrationsPerAddressPerHour: number(
    'Registrations per address and hour',
    'Counted per network address by the Identity API.',
    { default: 20, min: 1, max: 1000 },
  ),
} as const;

const recovery = {
  RecoveryDelayHours: number(
    'Recovery delay (hours)',
    'Hours between the request to remove all lost factors and its completion, in which the owner can stop it.',
    { default: 72, min: 24, max: 336 },
  ),
} as const;

const sessions = {
  PoolSessions: choice(
    'Sessions of the user pool',
    'true: ending a session ends its refresh token in Cognito, too. Only where session tracking is on in the pool (SetUserPoolSessionConfiguration; Essentials or Plus); without it Cognito goes on refreshing for apps that call it themselves, and our APIs refuse the tokens.',
    { default: 'false', allowed: ['true', 'false'] },
  ),
  SessionIdleHours: number(
    'Session unused for (hours)',
    'Hours without a request or a refresh after which a session is over.',
    { default: 336, min: 1, max: 8760 },
  ),
  StrongSessionHours: number(
    'Assurance level 2 lasts (hours)',
    'Hours after a proof of two factors at which a session falls back to level 1 (NIST SP 800-63B-4: 24).',
    { default: 24, min: 1, max: 720 },
  ),
  StrongSessionIdleMinutes: number(
    'Assurance level 2 unused for (minutes)',
    'Minutes without use after which a session falls back to level 1 (NIST SP 800-63B-4: 60).',
    { default: 60, min: 5, max: 1440 },
  ),
} as const;

const passkeys = {
  PasskeyOrigins: {
    kind: 'text',
    label: 'Pages with passkeys',
    description:
      'Exact origins of the pages on which passkeys are used, with commas between them; all on the relying party id of the configuration.',
    default: '',
    pattern: '^(https?://[a-z0-9.:-]+(,https?://[a-z0-9.:-]+)*)?$',
    maxLength: 2_000,
  },
} as const satisfies Record<string, TextSetting>;

const portal = {
  PortalUrl: {
    kind: 'text',
    label: 'Address of the portal',
    description:
      'Where links in mails lead, without slash at the end; its origin may call the Identity API with a cookie. Empty: the portal of this stack, or the pages that the configuration names.',
    default: '',
    pattern:
      '^(https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?|http://localhost(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?)?$',
    maxLength: 500,
  },
} as const satisfies Record<string, TextSetting>;

const sms = {
  SmsPerAccountPerDay: number(
    'Texts per person and day',
    'Also per phone number. What a person cannot get by SMS they can still prove by another method.',
    { default: 10, min: 1, max: 100 },
  ),
  SmsPerAddressPerHour: number(
    'Texts per address and hour',
    'Texts that one network address may ask for, over all accounts.',
    { default: 10, min: 1, max: 10_000 },
  ),
  SmsPerPrefixPerHour: number(
    'Texts per number range and hour',
    'Texts to one block of 10,000 numbers: what toll fraud rents.',
    { default: 30, min: 1, max: 100_000 },
  ),
  SmsPerCountryPerHour: number('Texts per country and hour', 'Texts to all numbers of one country.', {
    default: 500,
    min: 1,
    max: 1_000_000,
  }),
  SmsPerDay: number('Texts per day', 'Of the whole installation: the most that a day can cost.', {
    default: 10_000,
    min: 1,
    max: 10_000_000,
  }),
  SmsConversionPercent: number(
    'Codes that come back (percent)',
    'A number range or country is shut for its window when fewer of its codes are entered. 0 switches this off.',
    { default: 20, min: 0, max: 90 },
  ),
  SmsConversionAfter: number(
    'Texts before that is judged',
    'Texts to a number range or country in one window before the share of entered codes counts.',
    { default: 20, min: 5, max: 10_000 },
  ),
} as const;

const edge = {
  WafMode: choice(
    'WAF mode',
    'block: matching requests are refused. count: they are only counted and logged, to review the rules first.',
    {
      default: 'block',
      allowed: ['block', 'count'],
    },
  ),
  WafSignInLimit: number('Sign-in requests per address in 5 minutes', 'Rate rule of both web ACLs.', {
    default: 300,
    min: 10,
    max: 100_000,
  }),
  WafRegistrationLimit: number(
    'Registration requests per address in 5 minutes',
    'Rate rule of both web ACLs.',
    { default: 60, min: 10, max: 100_000 },
  ),
  WafRecoveryLimit: number('Recovery requests per address in 5 minutes', 'Rate rule of both web ACLs.', {
    default: 40,
    min: 10,
    max: 100_000,
  }),
} as const;

const retention = {
  UnconfirmedRetentionHours: number(
    'Unconfirmed registrations (hours)',
    'Hours after which an account whose address was never confirmed is removed, and its address is free again. A code lives 24 hours, and 25 is the least that takes effect.',
    { default: 48, min: 24, max: 720 },
  ),
  AuditTtlDays: number(
    'Recent activity (days)',
    'Days an event stays in the audit table, where its owner sees it. The archive has its own retention.',
    { default: 90, min: 30, max: 90 },
  ),
  ErasedConsentDays: number(
    'Consents of erased accounts (days)',
    'Days that the consents of somebody who had their account erased are kept as evidence, without name or address. The default is the usual period of limitation of three years.',
    { default: 1_095, min: 0, max: 3_650 },
  ),
  LogRetentionDays: choice('Logs (days)', 'Days that function, API and WAF logs are kept.', {
    default: 30,
    allowed: [7, 14, 30, 60, 90, 180, 365],
  }),
} as const;

const alarms = {
  DeniedSignInsAlarm: number(
    'Denied sign-ins in 5 minutes',
    'Alarm threshold: more refused sign-ins than this look like an attack or like a broken release.',
    { default: 200, min: 1, max: 1_000_000 },
  ),
  ApiErrorsAlarm: number('API server errors in 5 minutes', 'Alarm threshold for answers with status 5xx.', {
    default: 10,
    min: 1,
    max: 100_000,
  }),
} as const;

/** In the order an operator reads them. */
export const settingGroups = {
  'Risk and sign-in': risk,
  'One-time codes': codes,
  'Answers and limits of the Identity API': answers,
  'Account recovery': recovery,
  Sessions: sessions,
  Passkeys: passkeys,
  Portal: portal,
  'Text messages (SMS)': sms,
  'Edge protection (AWS WAF)': edge,
  Retention: retention,
  Alarms: alarms,
} as const;

export const settings = {
  ...risk,
  ...codes,
  ...answers,
  ...sessions,
  ...recovery,
  ...passkeys,
  ...portal,
  ...sms,
  ...edge,
  ...retention,
  ...alarms,
} as const;
export type SettingName = keyof typeof settings;
export type NumberSettingName = {
  [N in SettingName]: (typeof settings)[N]['kind'] extends 'number'
    ? N
    : (typeof settings)[N]['default'] extends number
      ? N
      : never;
}[SettingName];
