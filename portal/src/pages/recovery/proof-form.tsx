import { useState } from 'preact/hooks';
import { IdentityProblem } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { CodeField } from '../../kit/code-field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PasswordField } from '../../kit/password-field.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { text } from '../../text/text.ts';
import { identifier } from '../sign-in/flow.ts';
import { Identity } from '../sign-in/identity.tsx';
import { useTryAgain } from '../sign-in/try-again.ts';
import { useTypedPassword } from '../sign-in/typed-password.ts';
import type { MailedCode } from './mailed-code.ts';

export interface Proof {
  readonly identifier: string;
  readonly code: string;
  readonly password: string;
}

export interface ProofFormProps {
  readonly code: MailedCode;
  readonly password: 'current-password' | 'new-password';
  readonly submit: string;
  readonly onProof: (proof: Proof) => Promise<unknown>;
}

/** The mailed code together with a password: the one that stands, or a new one. */
export function ProofForm({ code, password: kind, submit, onProof }: ProofFormProps) {
  const [typed, setTyped] = useState('');
  const { password, field, check } = useTypedPassword(kind);
  const [isChecked, setIsChecked] = useState(false);
  const { sent } = code;
  const address = identifier.value.trim();
  const send = useAction(async () => {
    setIsChecked(true);
    if (!check() || typed === '') return;
    await onProof({ identifier: address, code: typed, password });
  });
  const isPassword = send.error instanceof IdentityProblem && send.error.code === 'PASSWORD_REFUSED';
  const form = useTryAgain(send.error, isPassword ? 'password' : 'code');
  return (
    <>
      <Identity address={address} onChange={code.startOver} />
      <Notice>{text('sign-in', 'reset.sent')}</Notice>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send.run();
        }}
      >
        <ProblemNotice error={send.error ?? code.send.error} area="sign-in" />
        <input type="email" name="username" autocomplete="username" value={address} readOnly hidden />
        <CodeField
          first
          label={text('sign-in', 'email-code.label')}
          length={sent?.codeLength ?? 8}
          value={typed}
          onValue={setTyped}
          {...(isChecked && typed === '' && { problem: text('sign-in', 'code.problem') })}
        />
        <PasswordField {...field} />
        <Button type="submit" look="primary" busy={send.busy}>
          {submit}
        </Button>
      </form>
      <div class="stack tight">
        <p class="hint">{text('sign-in', 'resend.hint')}</p>
        <Button class="narrow" busy={code.send.busy} onClick={() => void code.send.run()}>
          {text('sign-in', 'resend')}
        </Button>
      </div>
    </>
  );
}
