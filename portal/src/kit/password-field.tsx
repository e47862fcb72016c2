import { useId, useState } from 'preact/hooks';
import { text } from '../text/text.ts';
import { Description, describedBy } from './described.tsx';
import { Icon } from './icons.tsx';
import { useFirstFocus } from './use-first-focus.ts';

export interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autocomplete: 'current-password' | 'new-password';
  readonly hint?: string;
  readonly problem?: string;
  readonly name?: string;
  readonly first?: boolean;
  readonly required?: boolean;
  /** Characters of a new one, for those who make passwords up; what is too short is for the page to say. */
  readonly minLength?: number;
}

/** A password that can be shown, pasted and filled in by a password manager. */
export function PasswordField({ label, value, onValue, first, hint, problem, ...rest }: PasswordFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const input = useFirstFocus<HTMLInputElement>(first);
  const described = { ...(hint && { hint }), ...(problem && { problem }) };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="inset">
        <input
          name="password"
          {...rest}
          ref={input}
          id={id}
          // The union of input types knows no type that changes.
          type={(shown ? 'text' : 'password') as 'password'}
          dir="ltr"
          value={value}
          maxLength={256}
          enterKeyHint="go"
          // What Apple's password manager reads; others read `minLength`.
          {...(rest.minLength && { passwordrules: `minlength: ${rest.minLength}; maxlength: 256;` })}
          autocapitalize="none"
          autocorrect="off"
          spellcheck={false}
          aria-invalid={problem ? true : undefined}
          aria-describedby={describedBy(id, described)}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button icon-only"
          aria-pressed={shown}
          aria-label={text('common', 'password.show')}
          title={text('common', 'password.show')}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? 'eyeOff' : 'eye'} />
        </button>
      </div>
      <Description id={id} {...described} />
    </div>
  );
}
