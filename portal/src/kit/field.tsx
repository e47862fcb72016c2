import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps
  extends Omit<
    InputHTMLAttributes<HTMLInputElement>,
    'value' | 'onInput' | 'type' | 'role' | 'list' | 'name' | 'autocomplete' | 'required'
  > {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  /** What is wrong with the value and what to do; also read out. */
  readonly problem?: string;
  readonly name?: string;
  readonly type?: 'text' | 'email' | 'tel' | 'date' | 'number' | 'search';
  readonly autocomplete?: string;
  readonly required?: boolean;
}

/** One labelled input; the hint and the problem belong to it for screen readers, too. */
export function Field({ label, value, onValue, hint, problem, type = 'text', ...rest }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...rest}
        id={id}
        type={type as 'text'}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
