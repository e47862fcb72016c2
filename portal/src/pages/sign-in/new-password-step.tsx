import { useState } from 'preact/hooks';
import type { SignInState } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { PasswordField } from '../../kit/password-field.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { text } from '../../text/text.ts';
import { signIn } from './flow.ts';

/** The password that an administrator gave is replaced by one of the person's own. */
export function NewPasswordStep({
  state,
}: {
  readonly state: Extract<SignInState, { readonly step: 'new-password-required' }>;
}) {
  const [password, setPassword] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  return (
    <>
      <ProblemNotice error={state.problem} area="sign-in" />
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsEmpty(password === '');
          if (password !== '') void signIn.newPassword(password);
        }}
      >
        <PasswordField
          first
          label={text('sign-in', 'password.new')}
          autocomplete="new-password"
          value={password}
          onValue={setPassword}
          {...(isEmpty && password === '' && { problem: text('sign-in', 'password.problem') })}
        />
        <Button type="submit" look="primary" busy={state.busy}>
          {text('sign-in', 'newPassword.submit')}
        </Button>
      </form>
    </>
  );
}
