import type { ProfileField } from '../configuration.ts';
import { CiamError, type FieldProblem } from '../errors.ts';
import { checkField } from './fields.ts';
import type { FieldRecord, FieldRecords, FieldValue, Profile } from './profile.ts';
import type { Permission } from './view.ts';

/** Merge patch (RFC 7396) over the fields: a value sets, `null` removes, an absent name stays. */
export type FieldPatch = Readonly<Record<string, unknown>>;

export interface PatchRules {
  readonly fields: readonly ProfileField[];
  readonly permits: Permission;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly source: FieldRecord['source'];
}

export interface Patched {
  readonly fields: FieldRecords;
  /** Names of what really changed, in the order of the configuration; empty when everything was so already. */
  readonly changed: readonly string[];
}

/**
 * Applies a patch to what is stored. Only configured fields whose purpose is permitted can be set; everything else is
 * refused by name, all problems at once.
 * @param pointerOf - JSON pointer of a field in the request, for the problems
 * @throws CiamError `REQUEST_INVALID`
 */
export function patchFields(
  profile: Profile,
  patch: FieldPatch,
  rules: PatchRules,
  pointerOf = (name: string) => `/fields/${escapePointer(name)}`,
): Patched {
  const problems: FieldProblem[] = [];
  const wanted = new Map<string, FieldRecord | undefined>();
  for (const [name, value] of Object.entries(patch)) {
    const outcome = checkEntry(name, value, rules);
    if ('problem' in outcome) problems.push({ pointer: pointerOf(name), detail: outcome.problem });
    else wanted.set(name, outcome.record);
  }
  if (problems.length > 0)
    throw new CiamError('REQUEST_INVALID', 'Some fields were refused.', { fields: problems });
  return merge(profile.fields, wanted, rules.fields);
}

type Checked = { readonly record: FieldRecord | undefined } | { readonly problem: string };

function checkEntry(name: string, value: unknown, rules: PatchRules): Checked {
  const field = rules.fields.find((candidate) => candidate.name === name);
  if (!field) return { problem: 'is not a field of the profile' };
  if (value === null) {
    return field.required ? { problem: 'is required and cannot be removed' } : { record: undefined };
  }
  if (!rules.permits(field.purpose)) return { problem: `needs consent to the purpose ${field.purpose}` };
  const check = checkField(field, value, rules.now);
  return check.ok ? { record: recordOf(field, check.value, rules) } : { problem: check.allowed };
}

const recordOf = (field: ProfileField, value: FieldValue, { source, now }: PatchRules): FieldRecord => ({
  value,
  purpose: field.purpose,
  source,
  at: new Date(now).toISOString(),
});

function merge(
  stored: FieldRecords,
  wanted: ReadonlyMap<string, FieldRecord | undefined>,
  order: readonly ProfileField[],
): Patched {
  const changed = order
    .map(({ name }) => name)
    .filter((name) => wanted.has(name) && !sameRecord(own(stored, name), wanted.get(name)));
  const kept = Object.entries(stored).filter(([name]) => !changed.includes(name));
  const added = changed.flatMap((name) => {
    const record = wanted.get(name);
    return record ? [[name, record] as const] : [];
  });
  return { fields: Object.fromEntries([...kept, ...added]), changed };
}

/** The same value for the same purpose keeps its first source and time: they are when it was really given. */
const sameRecord = (stored: FieldRecord | undefined, wanted: FieldRecord | undefined): boolean =>
  stored?.value === wanted?.value && stored?.purpose === wanted?.purpose;

const own = (stored: FieldRecords, name: string): FieldRecord | undefined =>
  Object.hasOwn(stored, name) ? stored[name] : undefined;

/** RFC 6901: `~` and `/` inside a name. Long foreign names are cut, an answer must not grow with its request. */
const escapePointer = (name: string): string => name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');

/** What is left when the basis of some purpose is gone (GDPR 17(1)(b)): no value that was given for it. */
export function withoutPurpose(
  stored: FieldRecords,
  purpose: string,
): { fields: FieldRecords; removed: readonly string[] } {
  const [kept, removed] = [
    Object.entries(stored).filter(([, record]) => record.purpose !== purpose),
    Object.entries(stored).filter(([, record]) => record.purpose === purpose),
  ];
  return { fields: Object.fromEntries(kept), removed: removed.map(([name]) => name) };
}
