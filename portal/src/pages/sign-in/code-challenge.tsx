import { useLayoutEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { CodeField } from '../../kit/code-field.tsx';
import { useCountdown } from '../../kit/use-countdown.ts';
import { clock } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { ChallengeProps, CodeMethod } from './challenge-step.tsx';
import { signIn } from './flow.ts';
import { Resend } from './resend.tsx';

/** A code from a message, an app or paper. With its last digit it is sent by itself. */
export function CodeChallenge({ state, method }: ChallengeProps & { readonly method: CodeMethod }) {
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const isOver = useCountdown(state.expiresAt) === 0 && state.expiresAt !== undefined;
  const wasRejected = state.notice === 'rejected' && !state.busy;
  // Before the next key: later it would take away what a quick person has typed already.
  useLayoutEffect(() => {
    // A refused code is of no use any more, and a new message brings another one.
    if (state.notice !== undefined) setCode('');
  }, [state.notice, state.flow]);
  const send = (given: string) => {
    setIsEmpty(given === '');
    if (given !== '') void signIn.answer(given);
  };
  const isMissing = isEmpty && code === '';
  const problem = isMissing
    ? 'code.problem'
    : isOver
      ? 'code.over'
      : wasRejected
        ? 'code.rejected'
        : undefined;
  const isWithoutLength = method === 'recovery-code' || state.codeLength === undefined;
  return (
    <>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send(code);
        }}
      >
        <CodeField
          first
          label={text('sign-in', `${method}.label`)}
          value={code}
          onValue={setCode}
          {...(!isWithoutLength && { length: state.codeLength })}
          onComplete={send}
          {...(state.expiresAt !== undefined &&
            !isOver && { hint: text('sign-in', 'code.until', { time: clock(state.expiresAt) }) })}
          {...(problem && code === '' && { problem: text('sign-in', problem) })}
        />
        <Button type="submit" look={isOver ? 'secondary' : 'primary'} busy={state.busy}>
          {text('common', 'continue')}
        </Button>
      </form>
      {(method === 'email-code' || method === 'sms-code') && <Resend state={state} label="resend" />}
    </>
  );
}
