import { Field } from '../../kit/field.tsx';
import { text } from '../../text/text.ts';
import { identifier } from './flow.ts';

export interface AddressFieldProps {
  readonly isRefused: boolean;
  readonly autocomplete: 'username' | 'username webauthn' | 'email';
  readonly first?: boolean;
}

/** The address that all public pages ask for; typed once, it is there on the next one. */
export function AddressField({ isRefused, autocomplete, first = true }: AddressFieldProps) {
  return (
    <Field
      first={first}
      label={text('sign-in', 'email')}
      type="email"
      name="username"
      autocomplete={autocomplete}
      inputMode="email"
      enterKeyHint="next"
      autocapitalize="none"
      spellcheck={false}
      maxLength={254}
      dir="ltr"
      value={identifier.value}
      onValue={(value) => {
        identifier.value = value;
      }}
      {...(isRefused && { problem: text('sign-in', 'email.problem') })}
    />
  );
}
