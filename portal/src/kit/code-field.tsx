import { useId } from 'preact/hooks';
import { Description, describedBy } from './described.tsx';
import { digitsOf } from './digits.ts';
import { useFirstFocus } from './use-first-focus.ts';

export interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  /** Without the spaces that people and mail programs put in. */
  readonly onValue: (value: string) => void;
  /** Digits that are expected; with all of them `onComplete` is called. Without it letters are taken, too. */
  readonly length?: number;
  readonly onComplete?: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string;
  readonly first?: boolean;
}

/** A one-time code in one input, so that it can be pasted and filled in from a message. */
export function CodeField({
  label,
  value,
  onValue,
  length,
  onComplete,
  first,
  hint,
  problem,
}: CodeFieldProps) {
  const id = useId();
  const input = useFirstFocus<HTMLInputElement>(first);
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  const take = (typed: string) => {
    const clean = length === undefined ? typed.trim() : digitsOf(typed).slice(0, length);
    onValue(clean);
    if (clean.length === length && clean !== value) onComplete?.(clean);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        ref={input}
        id={id}
        name="code"
        type="text"
        class={length === undefined ? 'code letters' : 'code'}
        inputMode={length === undefined ? 'text' : 'numeric'}
        autocomplete="one-time-code"
        enterKeyHint="go"
        autocapitalize="characters"
        autocorrect="off"
        spellcheck={false}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={describedBy(id, described)}
        onInput={(event) => {
          take(event.currentTarget.value);
          // A refused character leaves the value as it was, and nothing would be rendered anew.
          if (length !== undefined)
            event.currentTarget.value = digitsOf(event.currentTarget.value).slice(0, length);
        }}
      />
      <Description id={id} {...described} />
    </div>
  );
}
