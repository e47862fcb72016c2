/** What of a person can show that two lines are about one and the same. */
export interface Comparable {
  readonly email: string;
  /** E.164. */
  readonly phone?: string;
  readonly name?: string;
  /** YYYY-MM-DD. */
  readonly birthDate?: string;
}

/** `certain`: one mailbox. `high`: one mailbox or number in all likelihood. `medium`: worth a look. */
export type Confidence = 'certain' | 'high' | 'medium';

export const matchKinds = {
  address: 'certain',
  'address-variant': 'high',
  phone: 'high',
  'name-and-date': 'medium',
} as const satisfies Record<string, Confidence>;

export type MatchKind = keyof typeof matchKinds;

export interface MatchKey {
  readonly kind: MatchKind;
  readonly key: string;
}

/** Lines that share a key; which came first does not matter. */
export interface DuplicateGroup {
  readonly kind: MatchKind;
  readonly confidence: Confidence;
  /** Rising. */
  readonly lines: readonly number[];
}

/** Mail services that ignore dots in the local part and have several names. */
const dotless = new Map([
  ['gmail.com', 'gmail.com'],
  ['googlemail.com', 'gmail.com'],
]);

/** The mailbox that an address most likely is: without plus tag, and without dots where they do not count. */
export function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const [local = ''] = email.slice(0, at).split('+');
  const domain = email.slice(at + 1);
  const known = dotless.get(domain);
  return known ? `${local.replaceAll('.', '')}@${known}` : `${local}@${domain}`;
}

/** Letters and digits only, without accents and in one order: "Lovelace, Ada" is "Ada Lovelace". */
const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .map((word) => word.replace(/\p{M}/gu, ''))
    .filter((word) => word !== '')
    .sort()
    .join(' ');

export function matchKeys({ email, phone, name, birthDate }: Comparable): readonly MatchKey[] {
  const plain = name && plainName(name);
  return [
    { kind: 'address', key: email },
    { kind: 'address-variant', key: mailboxOf(email) },
    ...(phone ? [{ kind: 'phone' as const, key: phone }] : []),
    ...(plain && birthDate ? [{ kind: 'name-and-date' as const, key: `${plain}\0${birthDate}` }] : []),
  ];
}

/** One entry of a key: which line has it, and which address that line is about. */
export interface KeyEntry {
  readonly line: number;
  readonly address: string;
}

/**
 * What the entries of one key say. Lines with one and the same address are `address` duplicates and nothing else, so
 * every other kind counts addresses, not lines.
 */
export function duplicatesOf(kind: MatchKind, entries: readonly KeyEntry[]): DuplicateGroup | undefined {
  const lines = [...new Set(entries.map(({ line }) => line))].sort((one, other) => one - other);
  const addresses = new Set(entries.map(({ address }) => address));
  const isGroup = kind === 'address' ? lines.length > 1 : addresses.size > 1;
  return isGroup ? { kind, confidence: matchKinds[kind], lines } : undefined;
}
