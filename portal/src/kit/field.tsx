import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { Description, describedBy } from './described.tsx';
import { useFirstFocus } from './use-first-focus.ts';

export interface FieldProps
  extends Omit<
    InputHTMLAttributes<HTMLInputElement>,
    | 'value'
    | 'onInput'
    | 'type'
    | 'role'
    | 'list'
    | 'name'
    | 'autocomplete'
    | 'required'
    | 'ref'
    | 'class'
    | 'className'
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
  /** Takes the focus when it appears: for the one field that a step is about. */
  readonly first?: boolean;
  readonly class?: string;
}

/** One labelled input; the hint and the problem belong to it for screen readers, too. */
export function Field({ label, value, onValue, hint, problem, type = 'text', first, ...rest }: FieldProps) {
  const id = useId();
  const input = useFirstFocus<HTMLInputElement>(first);
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...rest}
        ref={input}
        id={id}
        type={type as 'text'}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={describedBy(id, described)}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <Description id={id} {...described} />
    </div>
  );
}
