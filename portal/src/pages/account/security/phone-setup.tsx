import { useState } from 'preact/hooks';
import { type AnswerOf, IdentityProblem } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { CodeField } from '../../../kit/code-field.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Field } from '../../../kit/field.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { text } from '../../../text/text.ts';
import { isPhoneNumber, phoneNumber } from './groups.ts';

export interface PhoneSetupProps {
  readonly replaces: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

type Sent = AnswerOf<'POST /v1/me/phone'>;

/** The number, then the code that was sent to it. */
export function PhoneSetup({ replaces, onDone, onClose }: PhoneSetupProps) {
  const [sent, setSent] = useState<Sent>();
  return (
    <Dialog title={text('security', replaces ? 'phone.replace' : 'phone.add')} onClose={onClose}>
      {sent ? (
        <CodeForm sent={sent} onDone={onDone} onBack={() => setSent(undefined)} />
      ) : (
        <NumberForm onSent={setSent} onClose={onClose} />
      )}
    </Dialog>
  );
}

const isRefusedAs = (error: unknown, code: string): boolean =>
  error instanceof IdentityProblem && error.code === code;

function NumberForm({
  onSent,
  onClose,
}: {
  readonly onSent: (sent: Sent) => void;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [isBad, setIsBad] = useState(false);
  const send = useAction(async (number: string) =>
    onSent(await withStepUp(() => api.call('POST /v1/me/phone', { body: { number } }))),
  );
  const isRefused = isRefusedAs(send.error, 'REQUEST_INVALID');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const number = phoneNumber(typed);
        setIsBad(!isPhoneNumber(number));
        if (isPhoneNumber(number)) void send.run(number);
      }}
    >
      <Field
        label={text('security', 'phone.number')}
        hint={text('security', 'phone.hint')}
        type="tel"
        autocomplete="tel"
        dir="ltr"
        value={typed}
        onValue={setTyped}
        {...((isBad || isRefused) && { problem: text('security', 'phone.invalid') })}
      />
      {!isRefused && <ChangeProblem error={send.error} />}
      <div class="actions">
        <Button type="submit" look="primary" busy={send.busy}>
          {text('security', 'phone.send')}
        </Button>
        <Button onClick={onClose}>{text('common', 'cancel')}</Button>
      </div>
    </form>
  );
}

interface CodeFormProps {
  readonly sent: Sent;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

function CodeForm({ sent, onDone, onBack }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const confirm = useAction(async (given: string) => {
    await withStepUp(() => api.call('POST /v1/me/phone/confirm', { body: { code: given } }));
    onDone();
  });
  const isRejected = isRefusedAs(confirm.error, 'CODE_REJECTED');
  const problem = isEmpty && code === '' ? 'stepUp.code.empty' : isRejected ? 'phone.rejected' : undefined;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setIsEmpty(code === '');
        if (code !== '') void confirm.run(code);
      }}
    >
      <CodeField
        first
        label={text('security', 'phone.code')}
        hint={text('security', 'stepUp.sms-code.hint', { destination: `\u2068${sent.destination}\u2069` })}
        length={sent.codeLength}
        value={code}
        onValue={setCode}
        onComplete={(given) => void confirm.run(given)}
        {...(problem && { problem: text('security', problem) })}
      />
      {!isRejected && <ChangeProblem error={confirm.error} />}
      <div class="actions">
        <Button type="submit" look="primary" busy={confirm.busy}>
          {text('security', 'phone.confirm')}
        </Button>
        <Button onClick={onBack}>{text('security', 'phone.other')}</Button>
      </div>
    </form>
  );
}
