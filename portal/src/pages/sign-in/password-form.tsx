import type { ComponentChildren } from 'preact';
import { Button } from '../../kit/button.tsx';
import { PasswordField, type PasswordFieldProps } from '../../kit/password-field.tsx';
import { identifier } from './flow.ts';
import { useTryAgain } from './try-again.ts';
import { useTypedPassword } from './typed-password.ts';

export interface PasswordFormProps {
  readonly kind: PasswordFieldProps['autocomplete'];
  readonly submit: string;
  readonly busy: boolean;
  /** Why the last one led nowhere. */
  readonly refusal: unknown;
  readonly onPassword: (password: string) => void;
  readonly children?: ComponentChildren;
}

/** One password, and whose it is for those who keep passwords. */
export function PasswordForm({ kind, submit, busy, refusal, onPassword, children }: PasswordFormProps) {
  const { password, field, check } = useTypedPassword(kind);
  const form = useTryAgain(refusal, 'password');
  const address = identifier.value.trim();
  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (check()) onPassword(password);
      }}
    >
      {/* Password managers look for the name beside the password. */}
      {address !== '' && (
        <input type="email" name="username" autocomplete="username" value={address} readOnly hidden />
      )}
      <PasswordField first {...field} />
      <Button type="submit" look="primary" busy={busy}>
        {submit}
      </Button>
      {children}
    </form>
  );
}
