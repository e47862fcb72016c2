import { useState } from 'preact/hooks';
import { text } from '../../text/text.ts';
import { FieldInput } from '../account/field-input.tsx';
import { typedValue } from '../account/field-values.ts';
import type { Form } from './sign-up.tsx';

type Values = Readonly<Record<string, string | number | boolean>>;

export interface RequiredFieldsProps {
  readonly fields: Form['fields'];
  readonly values: Values;
  readonly onValues: (values: Values) => void;
  readonly isChecked: boolean;
}

/** Fields without which there is no account. */
export default function RequiredFields({ fields, values, onValues, isChecked }: RequiredFieldsProps) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  return (
    <>
      {fields.map((question) => {
        const { field } = question;
        return (
          <FieldInput
            key={field}
            question={question}
            draft={drafts[field] ?? ''}
            onDraft={(draft) => {
              const { [field]: _before, ...others } = values;
              const value = typedValue(question, draft);
              setDrafts({ ...drafts, [field]: draft });
              onValues(value === undefined ? others : { ...others, [field]: value });
            }}
            problem={isChecked && values[field] === undefined ? text('sign-in', 'field.problem') : undefined}
          />
        );
      })}
    </>
  );
}
