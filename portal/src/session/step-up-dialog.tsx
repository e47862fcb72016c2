import { useState } from 'preact/hooks';
import { configuration } from '../configuration.ts';
import { Button } from '../kit/button.tsx';
import { CodeForm } from '../kit/code-form.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Placeholder } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { PasswordField } from '../kit/password-field.tsx';
import { isolated } from '../text/isolated.ts';
import { text } from '../text/text.ts';
import { ChangeProblem } from './change-problem.tsx';
import type { Way } from './proof.ts';
import type { StepUpQuestion } from './step-up.tsx';
import { type Proof, useProof } from './use-proof.ts';

/** Asks for one proof that it is the owner: by the best that they have, or by another way of their choice. */
export function StepUpDialog(question: StepUpQuestion) {
  const proof = useProof(question);
  return (
    <Dialog title={text('security', 'stepUp.title')} onClose={() => question.onEnd()}>
      <p>{text('security', proof.note === 'one-more' ? 'stepUp.oneMore' : 'stepUp.why')}</p>
      {proof.isLoading && <Placeholder lines={3} />}
      <ProofProblem proof={proof} />
      {proof.way && <Step key={`${proof.way} ${proof.asked?.flow ?? ''}`} proof={proof} way={proof.way} />}
      {!proof.isLoading && !proof.way && (
        <Button onClick={() => void proof.restart()}>{text('common', 'tryAgain')}</Button>
      )}
      {proof.others.length > 0 && <OtherWays proof={proof} />}
      <div class="actions">
        <Button look="link" onClick={() => question.onEnd()}>
          {text('common', 'cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

function ProofProblem({ proof: { note, error } }: { readonly proof: Proof }) {
  if (error !== undefined) return <ChangeProblem error={error} />;
  if (note === 'over') return <Notice kind="error">{text('security', 'stepUp.over')}</Notice>;
  if (note === 'resent') return <Notice kind="done">{text('security', 'stepUp.resent')}</Notice>;
  return null;
}

interface StepProps {
  readonly proof: Proof;
  readonly way: Way;
}

function Step({ proof, way }: StepProps) {
  if (way === 'password') return <PasswordStep proof={proof} />;
  if (proof.asked && way !== 'passkey' && way !== 'provider') return <CodeStep proof={proof} way={way} />;
  return (
    <>
      <p>{text('security', `stepUp.${way}.begin`, { provider: labelOf(proof) })}</p>
      <Button look="primary" busy={proof.busy} onClick={() => void proof.begin(way)}>
        {text('security', `stepUp.${way}.button`, { provider: labelOf(proof) })}
      </Button>
    </>
  );
}

/** The provider from which the account came, as people call it. */
const labelOf = ({ facts }: Proof): string =>
  configuration.value.providers.find(({ name }) => name === facts?.provider)?.label ?? '';

function PasswordStep({ proof }: { readonly proof: Proof }) {
  const [typed, setTyped] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const isWrong = proof.note === 'wrong-password' && !proof.busy;
  const problem =
    isEmpty && typed === '' ? 'stepUp.password.empty' : isWrong ? 'stepUp.password.wrong' : undefined;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setIsEmpty(typed === '');
        if (typed !== '') void proof.givePassword(typed);
      }}
    >
      <PasswordField
        first
        label={text('security', 'stepUp.password.label')}
        autocomplete="current-password"
        value={typed}
        onValue={setTyped}
        {...(problem && { problem: text('security', problem) })}
      />
      <Button type="submit" look="primary" busy={proof.busy}>
        {text('security', 'stepUp.continue')}
      </Button>
    </form>
  );
}

interface CodeStepProps extends StepProps {
  readonly way: Exclude<Way, 'password' | 'passkey' | 'provider'>;
}

function CodeStep({ proof, way }: CodeStepProps) {
  const challenge = proof.asked;
  const isSent = way === 'email-code' || way === 'sms-code';
  const wrong = isSent ? 'stepUp.code.wrongOrLate' : 'stepUp.code.wrong';
  return (
    <CodeForm
      first
      label={text('security', `stepUp.${way}.label`)}
      hint={text('security', `stepUp.${way}.hint`, { destination: isolated(challenge?.destination ?? '') })}
      {...(way !== 'recovery-code' && { length: challenge?.codeLength ?? 6 })}
      empty={text('security', 'stepUp.code.empty')}
      problem={proof.note === 'wrong-code' ? text('security', wrong) : undefined}
      action={text('security', 'stepUp.continue')}
      busy={proof.busy}
      onCode={(code) => void proof.giveCode(code)}
    >
      {(challenge?.resendsLeft ?? 0) > 0 && (
        <Button look="link" onClick={() => void proof.resend()}>
          {text('security', 'stepUp.resend')}
        </Button>
      )}
    </CodeForm>
  );
}

function OtherWays({ proof }: { readonly proof: Proof }) {
  return (
    <section class="other-ways" aria-label={text('security', 'stepUp.others')}>
      <p>{text('security', 'stepUp.others')}</p>
      {proof.others.map((way) => (
        <Button key={way} look="link" onClick={() => void proof.begin(way)}>
          {text('security', `stepUp.${way}.choose`, { provider: labelOf(proof) })}
        </Button>
      ))}
    </section>
  );
}
