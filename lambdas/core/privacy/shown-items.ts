import type { StoredItem } from './export.ts';

/** One thing as its owner sees it. */
export type Data = Readonly<Record<string, unknown>>;

export interface ShownItems {
  readonly account: Data;
  readonly profile: Data;
  readonly sessions: readonly Data[];
  readonly devices: readonly Data[];
  readonly factors: readonly Data[];
  readonly links: readonly Data[];
  readonly lock?: Data;
  readonly recovery?: Data;
}

/** Listed, not "all but": a secret that is stored one day does not leave by being forgotten here. */
const shownNames = {
  session: [
    'client',
    'door',
    'startedAt',
    'lastSeenAt',
    'endedAt',
    'device',
    'deviceId',
    'network',
    'provider',
    'methods',
    'level',
    'name',
  ],
  device: ['device', 'name', 'firstSeenAt', 'lastSeenAt', 'forgottenAt'],
  factor: [
    'kind',
    'name',
    'number',
    'country',
    'deviceType',
    'backedUp',
    'transports',
    'aaguid',
    'enrolledAt',
    'createdAt',
    'lastUsedAt',
  ],
  link: ['provider', 'subject', 'primary', 'linkedAt'],
  lock: ['reason', 'at'],
  recovery: ['status', 'by', 'requestedAt', 'readyAt', 'expiresAt'],
} as const;

/** @param items - of one person's partition, in any order */
export function shownItems(items: readonly StoredItem[]): ShownItems {
  const one = (name: string) => items.find(({ item }) => item === name);
  const lists = (kind: 'session' | 'device' | 'factor' | 'link') =>
    items.filter(({ item }) => item.startsWith(`${kind}#`));
  const pick = (stored: StoredItem, names: readonly string[]): Data =>
    Object.fromEntries(names.flatMap((name) => (stored[name] === undefined ? [] : [[name, stored[name]]])));
  const withId = (kind: 'session' | 'device' | 'link'): Data[] =>
    lists(kind).map((stored) => ({
      id: stored.item.slice(kind.length + 1),
      ...pick(stored, shownNames[kind]),
    }));
  const profile: StoredItem = one('profile') ?? { item: 'profile' };
  const lock = one('lock');
  const recovery = one('recovery');
  return {
    account: pick(profile, ['email', 'locale', 'createdAt', 'registeredAt']),
    profile: { version: 0, fields: {}, ...pick(profile, ['version', 'fields', 'prompts']) },
    sessions: withId('session').toSorted(newestBy('lastSeenAt')),
    devices: withId('device').toSorted(newestBy('lastSeenAt')),
    factors: lists('factor').map((stored) => ({ ...pick(stored, shownNames.factor), ...codesLeft(stored) })),
    links: withId('link'),
    ...(lock && { lock: pick(lock, shownNames.lock) }),
    ...(recovery && { recovery: pick(recovery, shownNames.recovery) }),
  };
}

const codesLeft = ({ kind, hashes }: StoredItem): Data =>
  kind === 'recovery-codes' ? { left: hashes instanceof Set ? hashes.size : 0 } : {};

const newestBy =
  (name: string) =>
  (left: Data, right: Data): number =>
    String(right[name] ?? '').localeCompare(String(left[name] ?? ''));
