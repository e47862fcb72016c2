import { Choice, Select } from '../../kit/choice.tsx';
import { Field } from '../../kit/field.tsx';
import { text } from '../../text/text.ts';
import type { Question } from './field-values.ts';

export interface FieldInputProps {
  readonly question: Question;
  /** As of `draftOf`. */
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly problem?: string | undefined;
  readonly first?: boolean;
}

/** More options than this are a list that opens. */
const maxRadios = 5;

/** The input that fits the type of a field. */
export function FieldInput({ question, draft, onDraft, problem, first = false }: FieldInputProps) {
  const { label, type, maxLength, min, max, field } = question;
  const common = { label, ...(problem !== undefined && { problem }) };
  const options = optionsOf(question);
  if (options.length > maxRadios) {
    return (
      <Select
        {...common}
        options={options}
        value={draft}
        onValue={onDraft}
        empty={text('account', 'field.choose')}
      />
    );
  }
  if (options.length > 0) return <Choice {...common} options={options} value={draft} onValue={onDraft} />;
  return (
    <Field
      {...common}
      name={field}
      value={draft}
      onValue={onDraft}
      type={type === 'date' || type === 'number' ? type : 'text'}
      first={first}
      {...(type === 'text' && maxLength !== undefined && { maxLength })}
      {...(type === 'date' && { min: '1900-01-01' })}
      {...(type === 'number' && { min, max, inputMode: 'numeric' as const })}
    />
  );
}

function optionsOf({ type, options = [], optionLabels }: Question) {
  if (type === 'boolean') {
    return [
      { value: 'true', label: text('account', 'yes') },
      { value: 'false', label: text('account', 'no') },
    ];
  }
  return options.map((option) => ({ value: option, label: optionLabels?.[option] ?? option }));
}
