import type { SignInState } from '../../../../client/index.ts';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { text } from '../../text/text.ts';
import { signIn } from './flow.ts';
import { PasswordForm } from './password-form.tsx';

/** The password that an administrator gave is replaced by one of the person's own. */
export function NewPasswordStep({
  state,
}: {
  readonly state: Extract<SignInState, { readonly step: 'new-password-required' }>;
}) {
  return (
    <>
      <ProblemNotice error={state.problem} area="sign-in" />
      <PasswordForm
        kind="new-password"
        submit={text('sign-in', 'newPassword.submit')}
        busy={state.busy}
        refusal={state.problem}
        onPassword={(password) => void signIn.newPassword(password)}
      />
    </>
  );
}
