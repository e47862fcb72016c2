import type { DecisionView, Outcome, ReasonView } from './decisions.ts';

type Say = (value: ReasonView['value']) => string;

const days: Say = (value) => (value === undefined ? '' : ` for ${value} days`);
const count: Say = (value) => (value === undefined ? '' : ` (${value})`);

const reasonWords: Readonly<Record<string, Say>> = {
  CONTEXT_UNKNOWN: (why) => `request context ${why ?? 'not known'}`,
  DEVICE_NEW: () => 'new device',
  DEVICE_UNKNOWN: () => 'device not identified',
  NETWORK_NEW: () => 'new network',
  NETWORK_UNKNOWN: () => 'network unknown',
  ACCOUNT_FAILURES: (value) => `failed attempts on this account${count(value)}`,
  ADDRESS_FAILURES: (value) => `failed attempts from this address${count(value)}`,
  ACCOUNT_DORMANT: (value) => `account not used${days(value)}`,
  PROOF_OLD: (value) =>
    value === undefined || value === 'never'
      ? 'nothing but the password proven so far'
      : `nothing but the password proven${days(value)}`,
  SIGN_IN_REJECTED: () => 'wrong password, or no such account',
  CODE_REJECTED: () => 'wrong code',
  ADDRESS_TAKEN: () => 'address already registered',
};

/** A code that is not known here is readable as it is. */
export const reasonIn = ({ code, value }: ReasonView): string =>
  reasonWords[code]?.(value) ?? code.toLowerCase().replaceAll('_', ' ');

const outcomeWords: Readonly<Record<Outcome, string>> = {
  allow: 'Allowed',
  challenge: 'Challenged',
  deny: 'Denied',
};
export const outcomeIn = (outcome: Outcome): string => outcomeWords[outcome];

const stateWords: Readonly<Record<string, string>> = {
  challenged: 'waiting for the code',
  proven: 'code was right',
  failed: 'not proven',
};
/** How a challenge ended; nothing where the outcome says it all. */
export const stateIn = ({ state = '' }: DecisionView): string | undefined => stateWords[state];

const doors: Readonly<Record<string, string>> = {
  api: 'Identity API',
  sdk: 'SDK',
  'managed-login': 'managed login',
};
export const doorIn = (door: string): string => doors[door] ?? door;

/** `sign-in.code-sent` is `Sign-in: code sent`. */
export function eventIn(type: string): string {
  const [area = '', what = ''] = type.split('.');
  return `${area.charAt(0).toUpperCase()}${area.slice(1)}: ${what.replaceAll('-', ' ')}`;
}

/** `newDevice` is `new device`. */
export const factIn = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Without the hashes that make generated names unique: `IdentityTablesRisk89AD581E-555b93487f64` is `IdentityTablesRisk`. */
export const shortName = (name: string): string => name.replace(/(?<=[a-z])[0-9a-f]{8}-[0-9a-f]{12}\b/gi, '');

/** `arn:aws:dynamodb:eu-west-1:000000000000:table/Name` is `dynamodb table/Name`. */
export function shortArn(arn: string): string {
  const [, , service, , , ...rest] = arn.split(':');
  return service === undefined ? arn : shortName(`${service} ${rest.join(':')}`);
}
