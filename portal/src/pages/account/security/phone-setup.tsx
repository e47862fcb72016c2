import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { CodeForm } from '../../../kit/code-form.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Field } from '../../../kit/field.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { isolated } from '../../../text/isolated.ts';
import { text } from '../../../text/text.ts';
import { isRefusedAs } from '../parts/refused-as.ts';
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
        <SentForm sent={sent} onDone={onDone} onBack={() => setSent(undefined)} />
      ) : (
        <NumberForm onSent={setSent} onClose={onClose} />
      )}
    </Dialog>
  );
}

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
        first
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

interface SentFormProps {
  readonly sent: Sent;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

function SentForm({ sent, onDone, onBack }: SentFormProps) {
  const confirm = useAction(async (given: string) => {
    await withStepUp(() => api.call('POST /v1/me/phone/confirm', { body: { code: given } }));
    onDone();
  });
  const isRejected = isRefusedAs(confirm.error, 'CODE_REJECTED');
  return (
    <CodeForm
      first
      label={text('security', 'phone.code')}
      hint={text('security', 'stepUp.sms-code.hint', { destination: isolated(sent.destination) })}
      length={sent.codeLength}
      empty={text('security', 'stepUp.code.empty')}
      problem={isRejected ? text('security', 'phone.rejected') : undefined}
      action={text('security', 'phone.confirm')}
      busy={confirm.busy}
      onCode={(given) => void confirm.run(given)}
      said={!isRejected && <ChangeProblem error={confirm.error} />}
    >
      <Button onClick={onBack}>{text('security', 'phone.other')}</Button>
    </CodeForm>
  );
}
