import {
  type Admission,
  type AdmissionRules,
  admitCandidate,
} from '../../lambdas/core/migration/candidate.ts';
import { type ConsentMapping, mappedConsents, mappedFields } from './mapping.ts';
import type { Preset } from './presets/preset.ts';
import { type FileFormat, type RawRecord, readRecords } from './records.ts';

export interface PeopleOptions {
  readonly file: string;
  readonly format?: FileFormat;
  readonly preset: Preset;
  /** Records may carry `profile` and `consents` in our own form. */
  readonly hasOwnForm: boolean;
  readonly fields: ReadonlyMap<string, string>;
  readonly consents: readonly ConsentMapping[];
  readonly rules: AdmissionRules;
  readonly now: number;
}

export type ReadPerson = { readonly line: number } & Admission;

/** The people of a file, each judged by itself. */
export async function* readPeople(options: PeopleOptions): AsyncGenerator<ReadPerson> {
  const format = options.format ?? options.preset.format(options.file);
  for await (const record of readRecords(options.file, format)) {
    yield { line: record.line, ...judge(record, options) };
  }
}

function judge(
  { value }: RawRecord,
  { preset, hasOwnForm, fields, consents, rules, now }: PeopleOptions,
): Admission {
  if (!value) {
    const reason = 'cannot be read: no JSON object, or not as many values as columns';
    return { kind: 'rejected', findings: [{ field: '', code: 'LINE_UNREADABLE', reason }] };
  }
  const own = hasOwnForm ? value : { ...value, profile: undefined, consents: undefined };
  const candidate = {
    ...preset.read(value),
    fields: mappedFields(own, fields),
    consents: mappedConsents(own, consents),
  };
  return admitCandidate(candidate, rules, now);
}
