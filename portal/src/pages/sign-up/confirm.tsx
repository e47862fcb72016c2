import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../kit/button.tsx';
import { CodeField } from '../../kit/code-field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { useCountdown } from '../../kit/use-countdown.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';
import { identifier, signIn, stepAddress, useGoOnWhenSignedIn } from '../sign-in/flow.ts';
import { useTryAgain } from '../sign-in/try-again.ts';
import { endPending, type PendingRegistration, pending, restorePending } from './pending-registration.ts';

/** The mailed code makes the account; the password that was just chosen then signs in by itself. */
export default function Confirm() {
  useGoOnWhenSignedIn();
  const { query } = useLocation();
  // What is pending ends with the confirmation, but its form stays until the sign-in leads on.
  const [registration] = useState(() => pending.value ?? restorePending());
  const [isDone, setIsDone] = useState(false);
  if (registration && !isDone) {
    return (
      <PublicPage
        title={text('sign-in', 'confirm.title')}
        lead={text('sign-in', 'confirm.lead', { destination: isolated(registration.email) })}
      >
        <ConfirmForm registration={registration} onDone={() => setIsDone(true)} />
      </PublicPage>
    );
  }
  return (
    <PublicPage title={text('sign-in', isDone ? 'confirm.done.title' : 'confirm.title')}>
      <Notice kind={isDone ? 'done' : 'info'}>
        {text('sign-in', isDone ? 'confirm.done.body' : 'confirm.none')}
      </Notice>
      <div class="stack">
        <a class="button primary" href={stepAddress('identify', query.then)}>
          {text('common', 'signIn')}
        </a>
        {!isDone && (
          <a class="button" href={paths.signUp}>
            {text('sign-in', 'new')}
          </a>
        )}
      </div>
    </PublicPage>
  );
}

interface ConfirmFormProps {
  readonly registration: PendingRegistration;
  /** The account is there, but nobody is signed in: the password is gone, or signing in failed. */
  readonly onDone: () => void;
}

/** A mail takes a while; sooner than this another one only makes the first worthless. */
const resendWaitMs = 30_000;

function ConfirmForm({ registration, onDone }: ConfirmFormProps) {
  const { email, registration: handle, codeLength } = registration;
  const { route, query } = useLocation();
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const [sentAt, setSentAt] = useState(Date.now);
  const [isResent, setIsResent] = useState(false);
  const [isEntering, setIsEntering] = useState(false);
  const seconds = useCountdown(sentAt + resendWaitMs);
  const confirm = useAction(async (given: string) => {
    setIsEmpty(given === '');
    if (given === '' || isEntering) return;
    setIsResent(false);
    try {
      await api.call('POST /v1/registrations/confirm', {
        body: { email, registration: handle, code: given },
      });
    } catch (error) {
      setCode('');
      throw error;
    }
    const password = endPending();
    identifier.value = email;
    if (password === undefined) return onDone();
    // Busy until the page is left, which takes as long as the next one needs to load.
    setIsEntering(true);
    const { step } = await signIn.start({ identifier: email, password });
    if (step === 'challenge' || step === 'new-password-required')
      route(stepAddress('challenge', query.then), true);
    else if (step !== 'signed-in') onDone();
  });
  const resend = useAction(async () => {
    confirm.clear();
    await api.call('POST /v1/registrations/resend', { body: { email, registration: handle } });
    setSentAt(Date.now());
    setIsResent(true);
  });
  const form = useTryAgain(confirm.error, 'code');
  return (
    <>
      {isResent && <Notice kind="done">{text('sign-in', 'resend.done')}</Notice>}
      <ProblemNotice error={confirm.error ?? resend.error} area="sign-in" />
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void confirm.run(code);
        }}
      >
        <CodeField
          first
          label={text('sign-in', 'email-code.label')}
          length={codeLength}
          value={code}
          onValue={setCode}
          onComplete={(given) => void confirm.run(given)}
          {...(isEmpty && code === '' && { problem: text('sign-in', 'code.problem') })}
        />
        <Button type="submit" look="primary" busy={confirm.busy || isEntering}>
          {text('sign-in', 'confirm.submit')}
        </Button>
      </form>
      <div class="stack tight">
        <p class="hint">{text('sign-in', 'confirm.notMine')}</p>
        {seconds > 0 ? (
          <p class="hint waiting">{text('sign-in', 'resend.wait', { count: seconds })}</p>
        ) : (
          <Button class="narrow" busy={resend.busy} onClick={() => void resend.run()}>
            {text('sign-in', 'resend')}
          </Button>
        )}
      </div>
      <nav class="foot" aria-label={text('common', 'signIn')}>
        <a href={paths.signIn}>{text('sign-in', 'signUp.have')}</a>
        <a href={paths.signUp}>{text('sign-in', 'confirm.other')}</a>
      </nav>
    </>
  );
}
