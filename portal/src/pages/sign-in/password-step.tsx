import { useState } from 'preact/hooks';
import type { ChallengeMethod } from '../../../../client/index.ts';
import { configuration } from '../../configuration.ts';
import { Button } from '../../kit/button.tsx';
import { PasswordField } from '../../kit/password-field.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { paths } from '../../paths.ts';
import { text } from '../../text/text.ts';
import { identifier, signIn, signInState } from './flow.ts';
import { Identity } from './identity.tsx';
import { Ways } from './ways.tsx';

/** What stands in place of a password by itself, as far as this page can ask for it. */
const alone: readonly ChallengeMethod[] = ['passkey', 'email-code', 'magic-link', 'sms-code'];

/** A password, or what may stand in its place; the same for every address. */
export function PasswordStep({ onChange }: { readonly onChange: () => void }) {
  const [password, setPassword] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const state = signInState.value;
  const address = identifier.value.trim();
  const offered = alone.filter((method) => configuration.value.passwordless.includes(method));
  return (
    <>
      <Identity address={address} onChange={onChange} />
      {state.step === 'identify' && <ProblemNotice error={state.problem} area="sign-in" />}
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsEmpty(password === '');
          if (password !== '') void signIn.start({ identifier: address, password });
        }}
      >
        {/* Password managers look for the name beside the password. */}
        <input type="email" name="username" autocomplete="username" value={address} readOnly hidden />
        <PasswordField
          first
          label={text('sign-in', 'password')}
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
          {...(isEmpty && password === '' && { problem: text('sign-in', 'password.problem') })}
        />
        <Button type="submit" look="primary" busy={state.busy}>
          {text('common', 'signIn')}
        </Button>
        <a class="button link" href={paths.resetPassword}>
          {text('sign-in', 'password.forgot')}
        </a>
      </form>
      <Ways
        title={text('sign-in', 'ways')}
        methods={offered}
        onMethod={(method) => void signIn.start({ identifier: address, method })}
      />
    </>
  );
}
