import type { ChallengeMethod } from '../../../../client/index.ts';
import { configuration } from '../../configuration.ts';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { paths } from '../../paths.ts';
import { text } from '../../text/text.ts';
import { identifier, signIn, signInState } from './flow.ts';
import { Identity } from './identity.tsx';
import { PasswordForm } from './password-form.tsx';
import { Ways } from './ways.tsx';

/** What stands in place of a password by itself, as far as this page can ask for it. */
const alone: readonly ChallengeMethod[] = ['passkey', 'email-code', 'magic-link', 'sms-code'];

/** A password, or what may stand in its place; the same for every address. */
export function PasswordStep({ onChange }: { readonly onChange: () => void }) {
  const state = signInState.value;
  const address = identifier.value.trim();
  const offered = alone.filter((method) => configuration.value.passwordless.includes(method));
  return (
    <>
      <Identity address={address} onChange={onChange} />
      {state.step === 'identify' && <ProblemNotice error={state.problem} area="sign-in" />}
      <PasswordForm
        kind="current-password"
        submit={text('common', 'signIn')}
        busy={state.busy}
        refusal={state.step === 'identify' ? state.problem : undefined}
        onPassword={(password) => void signIn.start({ identifier: address, password })}
      >
        <a class="button link" href={paths.resetPassword}>
          {text('sign-in', 'password.forgot')}
        </a>
      </PasswordForm>
      <Ways
        title={text('sign-in', 'ways')}
        methods={offered}
        onMethod={(method) => void signIn.start({ identifier: address, method })}
      />
    </>
  );
}
