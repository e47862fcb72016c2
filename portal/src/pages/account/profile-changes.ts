import type { Profile } from './field-values.ts';
import { shownValue } from './field-values.ts';

/** A field that somebody changed meanwhile, in words. */
export interface FieldChange {
  readonly label: string;
  /** Absent for no value. */
  readonly before?: string;
  readonly after?: string;
}

/** What is different between the profile that a form was opened with and the one that stands now. */
export function fieldChanges(before: Profile, now: Profile): readonly FieldChange[] {
  return now.schema.flatMap((question) => {
    const [old, current] = [before.fields[question.field]?.value, now.fields[question.field]?.value];
    if (old === current) return [];
    return [
      {
        label: question.label,
        ...(old !== undefined && { before: shownValue(question, old) }),
        ...(current !== undefined && { after: shownValue(question, current) }),
      },
    ];
  });
}
