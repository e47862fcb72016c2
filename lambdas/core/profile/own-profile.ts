import { permissions } from '../consent/coverage.ts';
import type { ConsentStates } from '../consent/ledger.ts';
import type { Consents } from '../consent/ports.ts';
import { CiamError } from '../errors.ts';
import type { Sub } from '../ids.ts';
import { type FieldPatch, patchFields } from './change.ts';
import type { AccountRules, OwnerRequest } from './owner-request.ts';
import type { Profiles } from './ports.ts';
import type { Profile } from './profile.ts';
import type { Permission } from './view.ts';

export interface ProfileStores {
  readonly profiles: Profiles;
  readonly consents: Pick<Consents, 'states'>;
}

/** A profile with what may be done with its fields now. */
export interface OwnProfile {
  readonly profile: Profile;
  readonly permits: Permission;
}

/**
 * Profile first, then consents: a withdrawal raises the profile's version (see `answerConsent`), so a grant seen here
 * and withdrawn later makes a write against this version fail.
 */
export async function readOwn(
  { profiles, consents }: ProfileStores,
  sub: Sub,
  { profile: { fields }, purposes }: AccountRules,
): Promise<OwnProfile> {
  const profile = await profiles.find(sub);
  const needConsent = new Set(purposes.filter(({ basis }) => basis === 'consent').map(({ name }) => name));
  const noStates: ConsentStates = new Map();
  // Where no field needs consent, reading the consents is saved.
  const states = fields.some(({ purpose }) => needConsent.has(purpose))
    ? await consents.states(sub)
    : noStates;
  return { profile, permits: permissions(purposes, states) };
}

export interface ProfilePatch {
  readonly fields?: FieldPatch;
  /** Language of messages, one of the configured ones. */
  readonly locale?: string;
}

/**
 * Changes the profile from its own page. A patch that changes nothing writes nothing.
 * @param matches - whether the caller's precondition names this version
 * @throws CiamError `REQUEST_INVALID` naming every refused field; `PROFILE_CONFLICT` when the version is another
 */
export async function changeOwn(
  stores: ProfileStores,
  request: OwnerRequest,
  rules: AccountRules,
  patch: ProfilePatch,
  matches: (version: number) => boolean,
): Promise<OwnProfile> {
  const { profile, permits } = await readOwn(stores, request.sub, rules);
  if (!matches(profile.version)) throw conflict(profile);
  const { fields } = rules.profile;
  const locale = patchedLocale(profile, patch, rules);
  const patched = patchFields(profile, patch.fields ?? {}, {
    fields,
    permits,
    now: request.now,
    source: 'profile',
  });
  const changed = [...patched.changed, ...(locale === profile.locale ? [] : ['locale'])];
  if (changed.length === 0) return { profile, permits };
  const version = profile.version + 1;
  const at = new Date(request.now).toISOString();
  const write = { sub: request.sub, expectedVersion: profile.version, fields: patched.fields, at, locale };
  const event = request.event('profile.changed', { fields: changed, version });
  if (!(await stores.profiles.write(write, [event]))) throw conflict(await stores.profiles.find(request.sub));
  const createdAt = profile.createdAt ?? at;
  return { profile: { ...profile, fields: patched.fields, locale, version, createdAt }, permits };
}

function patchedLocale(profile: Profile, { locale }: ProfilePatch, { languages }: AccountRules) {
  if (locale === undefined || languages.includes(locale)) return locale ?? profile.locale;
  throw new CiamError('REQUEST_INVALID', 'This language is not offered.', {
    fields: [{ pointer: '/locale', detail: `must be one of: ${languages.join(', ')}` }],
  });
}

/** Strong validator of a version (RFC 9110 §8.8.3). */
export const etagOf = ({ version }: Pick<Profile, 'version'>): string => `"${version}"`;

const conflict = (current: Profile): CiamError =>
  new CiamError(
    'PROFILE_CONFLICT',
    'The profile has changed since it was read. Read it again and repeat the change.',
    { etag: etagOf(current) },
  );
