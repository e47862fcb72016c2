import type { LocalizedText, ProfileField } from '../configuration.ts';

/** A field as a form asks for it, in one language. */
export interface Question {
  readonly field: string;
  readonly type: ProfileField['type'];
  readonly label: string;
  readonly options?: string[];
  /** By option; absent where the options speak for themselves. */
  readonly optionLabels?: Record<string, string>;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly required: boolean;
  readonly purpose: string;
}

/** @param language - one of the configured languages; each label has a text for each (checked at synth) */
export function questionOf(field: ProfileField, language: string): Question {
  const { name, type, label, options, optionLabels, maxLength, min, max, purpose } = field;
  const text = label[language];
  if (text === undefined) throw new Error(`profile field ${name}: no label in ${language}`);
  return {
    field: name,
    type,
    label: text,
    ...(options && { options: [...options] }),
    ...(optionLabels && { optionLabels: inLanguage(optionLabels, language) }),
    ...(maxLength !== undefined && { maxLength }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    required: field.required ?? false,
    purpose,
  };
}

const inLanguage = (
  labels: Readonly<Record<string, LocalizedText>>,
  language: string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([option, label]) => [option, label[language] ?? option]));
