import { createHash, randomUUID } from 'node:crypto';
import type { ConsentPurpose, ConsentTextVersion, ProfileField } from '../../lambdas/core/configuration.ts';
import type { ConsentState, LedgerEntry } from '../../lambdas/core/consent/ledger.ts';
import type { Sub } from '../../lambdas/core/ids.ts';
import type { AccountRules, OwnerRequest } from '../../lambdas/core/profile/owner-request.ts';
import { emptyProfile, type FieldRecord, type Profile } from '../../lambdas/core/profile/profile.ts';
import { anEvent } from './audit.ts';

export const NOW = Date.parse('2026-11-22T12:00:00.000Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const iso = (time: number): string => new Date(time).toISOString();

export const aSub = (): Sub => randomUUID() as Sub;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A text version in English and German, with the hashes that the synth would compute. */
export function aTextVersion(version: string, changes: Partial<ConsentTextVersion> = {}): ConsentTextVersion {
  const texts = { en: `Text ${version}`, de: `Wortlaut ${version}` };
  return {
    version,
    material: true,
    texts,
    textHashes: { en: hashOf(texts.en), de: hashOf(texts.de) },
    ...changes,
  };
}

export const aPurpose = (changes: Partial<ConsentPurpose> = {}): ConsentPurpose => ({
  name: 'newsletter',
  basis: 'consent',
  requiredAtRegistration: false,
  versions: [aTextVersion('1')],
  ...changes,
});

export const aField = (changes: Partial<ProfileField> = {}): ProfileField => ({
  name: 'displayName',
  type: 'text',
  label: { en: 'Name', de: 'Name' },
  purpose: 'service',
  collect: 'prompt',
  weight: 10,
  ...changes,
});

let entries = 0;

/** A fresh ledger entry; ids rise with each call. */
export function aConsent(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  entries += 1;
  const version = changes.version ?? '1';
  return {
    id: `01JD8${String(entries).padStart(21, '0')}`,
    purpose: 'newsletter',
    decision: 'granted',
    version,
    language: 'en',
    textHash: hashOf(`Text ${version}`),
    at: iso(NOW),
    source: 'privacy-page',
    ...changes,
  };
}

export const aConsentState = (changes: Partial<ConsentState> = {}): ConsentState => {
  const { id, source: _, ...entry } = aConsent();
  return { ...entry, ledgerId: id, ...changes };
};

export const aFieldRecord = (changes: Partial<FieldRecord> = {}): FieldRecord => ({
  value: 'Ada',
  purpose: 'service',
  source: 'profile',
  at: iso(NOW),
  ...changes,
});

export const aProfile = (changes: Partial<Profile> = {}): Profile => ({
  ...emptyProfile(aSub()),
  version: 1,
  email: 'ada@example.com',
  locale: 'en',
  createdAt: iso(NOW),
  ...changes,
});

/** A contract purpose, required terms, a free consent and one that carries fields; a field of each kind. */
export const accountRules = (changes: Partial<AccountRules> = {}): AccountRules => ({
  languages: ['en', 'de'],
  purposes: [
    aPurpose({ name: 'service', basis: 'contract', requiredAtRegistration: true }),
    aPurpose({ name: 'newsletter' }),
    aPurpose({ name: 'personalisation', versions: [aTextVersion('2'), aTextVersion('1')] }),
  ],
  profile: {
    fields: [
      aField({ name: 'displayName', required: true, collect: 'registration', weight: 40 }),
      aField({ name: 'city', weight: 20 }),
      aField({ name: 'birthDate', type: 'date', purpose: 'personalisation', weight: 30 }),
      aField({
        name: 'size',
        type: 'choice',
        options: ['s', 'm', 'l'],
        purpose: 'personalisation',
        weight: 5,
      }),
      aField({ name: 'children', type: 'number', min: 0, max: 20, weight: 5 }),
      aField({ name: 'darkMode', type: 'boolean', collect: 'profile', weight: 1 }),
    ],
    prompting: { perVisit: 2, coolDownHours: 24, skipDays: 30, maxSkips: 2 },
  },
  ...changes,
});

/** The text to agree to today, as a privacy page would send it back. */
export function shownText(rules: AccountRules, purpose: string, language = 'en') {
  const [newest] = rules.purposes.find(({ name }) => name === purpose)?.versions ?? [];
  const textHash = newest?.textHashes[language];
  if (!newest || !textHash) throw new Error(`no text of ${purpose} in ${language}`);
  return { version: newest.version, language, textHash };
}

export const anOwnerRequest = (sub: Sub, now = NOW): OwnerRequest => ({
  sub,
  now,
  event: (type, data) => anEvent({ type, data, subject: { sub }, at: iso(now) }),
});
