import { useState } from 'preact/hooks';
import { configuration } from '../../configuration.ts';
import type { PasswordFieldProps } from '../../kit/password-field.tsx';
import { text } from '../../text/text.ts';

export interface TypedPassword {
  readonly password: string;
  /** For the `PasswordField`. */
  readonly field: PasswordFieldProps;
  /** Whether it may be sent; from then on the field says what it lacks. */
  readonly check: () => boolean;
}

/** A password of a form, the one that stands or a new one, whose rule is said before it is typed. */
export function useTypedPassword(kind: PasswordFieldProps['autocomplete']): TypedPassword {
  const [password, onValue] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const isNew = kind === 'new-password';
  const { passwordMinLength: count } = configuration.value;
  const lack = password === '' ? 'problem' : isNew && [...password].length < count ? 'short' : undefined;
  return {
    password,
    field: {
      label: text('sign-in', isNew ? 'password.new' : 'password'),
      autocomplete: kind,
      value: password,
      onValue,
      ...(isNew && count > 0 && { hint: text('sign-in', 'password.hint', { count }), minLength: count }),
      ...(isChecked && lack && { problem: text('sign-in', `password.${lack}`) }),
    },
    check: () => {
      setIsChecked(true);
      return lack === undefined;
    },
  };
}
