import type { LedgerEntry } from '../consent/ledger.ts';
import type { Sub } from '../ids.ts';
import type { Activity } from '../profile/activity.ts';
import { type Data, shownItems } from './shown-items.ts';

/** Raised when a section changes its meaning; a new section or field is none. */
export const exportVersion = 1;

/** A Lambda function answers with 6 MB at the most; these are the bytes of JSON that each long list may take. */
export const exportBudgets = {
  activity: 2_500_000,
  consentHistory: 1_000_000,
  sessions: 500_000,
  devices: 250_000,
} as const;
type LongList = keyof typeof exportBudgets;

/** Everything that is stored about one person, read for one document. */
export interface PersonalRecords {
  /** Items of the person's partition in Profiles, all of them; strongly consistent. */
  items(sub: Sub): Promise<readonly StoredItem[]>;
  /** Standing decisions, then the ledger, newest first; `complete` is false where the bytes were used up. */
  consents(
    sub: Sub,
    maxBytes: number,
  ): Promise<{ readonly standing: readonly Data[] } & Cuttable<LedgerEntry>>;
  /** Every event that is still there, routine as well, newest first. */
  activity(sub: Sub, now: number, maxBytes: number): Promise<Cuttable<Activity>>;
  /** What the next sign-in is judged by. */
  signInHistory(sub: Sub): Promise<Data | undefined>;
}

export interface StoredItem {
  /** Kind and id: `profile`, `session#…`. */
  readonly item: string;
  readonly [name: string]: unknown;
}

export interface Cuttable<T> {
  readonly entries: readonly T[];
  readonly complete: boolean;
}

/** Where a list ends that did not fit, and which route has the rest of it. */
export interface Cut {
  readonly section: LongList;
  readonly kept: number;
  readonly rest: string;
}

const rest: Readonly<Record<LongList, string>> = {
  activity: 'GET /v1/me/activity',
  consentHistory: 'GET /v1/me/consents/history',
  sessions: 'GET /v1/me/sessions',
  devices: 'GET /v1/me/devices',
};

export interface PersonalData {
  readonly version: typeof exportVersion;
  readonly exportedAt: string;
  readonly sub: Sub;
  readonly account: Data;
  readonly profile: Data;
  readonly consents: { readonly standing: readonly Data[]; readonly history: readonly Data[] };
  readonly sessions: readonly Data[];
  readonly devices: readonly Data[];
  readonly factors: readonly Data[];
  readonly links: readonly Data[];
  readonly lock?: Data;
  readonly recovery?: Data;
  readonly signInHistory?: Data;
  readonly activity: readonly Data[];
  readonly cut: readonly Cut[];
}

/**
 * One document with all that is kept about a person (GDPR 15 and 20). Secrets of factors are left out: they prove the
 * person and are no information about them. Lists are bounded; what did not fit is named in `cut`.
 */
export async function exportPerson(records: PersonalRecords, sub: Sub, now: number): Promise<PersonalData> {
  const [items, consents, activity, signInHistory] = await Promise.all([
    records.items(sub),
    records.consents(sub, exportBudgets.consentHistory),
    records.activity(sub, now, exportBudgets.activity),
    records.signInHistory(sub),
  ]);
  const shown = shownItems(items);
  const sessions = within(shown.sessions, exportBudgets.sessions);
  const devices = within(shown.devices, exportBudgets.devices);
  const lists: Readonly<Record<LongList, Cuttable<unknown>>> = {
    activity,
    consentHistory: consents,
    sessions,
    devices,
  };
  return {
    version: exportVersion,
    exportedAt: new Date(now).toISOString(),
    sub,
    ...shown,
    consents: { standing: consents.standing, history: consents.entries.map((entry) => ({ ...entry })) },
    sessions: sessions.entries,
    devices: devices.entries,
    ...(signInHistory && { signInHistory }),
    activity: activity.entries.map((event) => ({ ...event })),
    cut: cutsOf(lists),
  };
}

const cutsOf = (lists: Readonly<Record<LongList, Cuttable<unknown>>>): Cut[] =>
  (Object.keys(lists) as LongList[])
    .filter((section) => !lists[section].complete)
    .map((section) => ({ section, kept: lists[section].entries.length, rest: rest[section] }));

/** As many from the front as fit into that many bytes of JSON. */
export function within<T>(entries: readonly T[], maxBytes: number): Cuttable<T> {
  let bytes = 0;
  const fitting = entries.findIndex((entry) => {
    bytes += jsonBytes(entry);
    return bytes > maxBytes;
  });
  return fitting < 0 ? { entries, complete: true } : { entries: entries.slice(0, fitting), complete: false };
}

const encoder = new TextEncoder();
const separatorBytes = 1;
export const jsonBytes = (value: unknown): number =>
  encoder.encode(JSON.stringify(value)).length + separatorBytes;
