import type { ProfileField } from '../configuration.ts';
import type { FieldRecords, Profile } from './profile.ts';

/** Whether data may be used for a purpose now; from `core/consent/coverage.ts`. */
export type Permission = (purpose: string) => boolean;

/** The fields that may be asked, stored and returned now, in the order of the configuration. */
export const permittedFields = (
  fields: readonly ProfileField[],
  permits: Permission,
): readonly ProfileField[] => fields.filter(({ purpose }) => permits(purpose));

/**
 * What its owner sees. Both purposes count: that of the configuration and that under which the value was given, so a
 * field moved to another purpose does not take old answers along.
 */
export function visibleFields(
  profile: Profile,
  fields: readonly ProfileField[],
  permits: Permission,
): FieldRecords {
  const visible = permittedFields(fields, permits).flatMap(({ name }) => {
    const record = Object.hasOwn(profile.fields, name) ? profile.fields[name] : undefined;
    return record && permits(record.purpose) ? [[name, record] as const] : [];
  });
  return Object.fromEntries(visible);
}

/**
 * Share of the permitted fields' weight that is filled, 0 to 100, rounded down: 100 means complete. A field that may
 * not be asked counts neither way, so that refusing a consent does not make a profile look unfinished.
 */
export function completeness(profile: Profile, fields: readonly ProfileField[], permits: Permission): number {
  const filled = visibleFields(profile, fields, permits);
  const weigh = (counted: readonly ProfileField[]) => counted.reduce((sum, { weight }) => sum + weight, 0);
  const permitted = permittedFields(fields, permits);
  const total = weigh(permitted);
  const done = weigh(permitted.filter(({ name }) => Object.hasOwn(filled, name)));
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
