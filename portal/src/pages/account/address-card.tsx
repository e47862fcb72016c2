import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { CodeForm } from '../../kit/code-form.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Done } from '../../kit/done.tsx';
import { Field } from '../../kit/field.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { api } from '../../session/api.ts';
import { withStepUp } from '../../session/step-up.tsx';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';
import { isRefusedAs } from './parts/refused-as.ts';

type CodeSent = AnswerOf<'POST /v1/me/email'>;

export interface AddressCardProps {
  /** Absent for an account that came about elsewhere. */
  readonly email: string | undefined;
  readonly onChanged: () => void;
}

/** The address that signs in and gets the mails; a new one counts once its mailbox has been proven. */
export function AddressCard({ email, onChanged }: AddressCardProps) {
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  return (
    <Card title={text('account', 'address.title')}>
      <Done>{isDone && text('account', 'address.done')}</Done>
      <div class="spread">
        <strong class="break">{email ?? text('account', 'profile.none')}</strong>
        <Button onClick={() => setOpen(true)}>{text('account', 'address.change')}</Button>
      </div>
      <p class="hint">{text('account', 'address.hint')}</p>
      {isOpen && (
        <AddressDialog
          onClose={() => setOpen(false)}
          onChanged={() => {
            setOpen(false);
            setDone(true);
            onChanged();
          }}
        />
      )}
    </Card>
  );
}

function AddressDialog({
  onClose,
  onChanged,
}: {
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) {
  const [address, setAddress] = useState('');
  const [sent, setSent] = useState<CodeSent>();
  const [isIncomplete, setIncomplete] = useState(false);
  const ask = useAction(async () => {
    setIncomplete(!address.includes('@'));
    if (!address.includes('@')) return;
    const body = { email: address.trim() };
    setSent(await withStepUp(() => api.call('POST /v1/me/email', { body })));
  });
  const confirm = useAction(async (typed: string) => {
    await withStepUp(() => api.call('POST /v1/me/email/confirm', { body: { code: typed } }));
    onChanged();
  });
  const isRejected = isRefusedAs(confirm.error, 'CODE_REJECTED');
  return (
    <Dialog title={text('account', 'address.change.title')} onClose={onClose}>
      {sent ? (
        <>
          <p>{text('account', 'address.sent', { destination: isolated(sent.destination) })}</p>
          <CodeForm
            first
            label={text('account', 'address.code')}
            length={sent.codeLength}
            empty={text('account', 'address.codeEmpty')}
            problem={isRejected ? text('account', 'problem.CODE_REJECTED') : undefined}
            action={text('account', 'address.confirm')}
            busy={confirm.busy}
            onCode={(code) => void confirm.run(code)}
            said={!isRejected && <ProblemNotice error={confirm.error} area="account" />}
          >
            <Button onClick={() => setSent(undefined)}>{text('account', 'address.other')}</Button>
          </CodeForm>
        </>
      ) : (
        <form
          class="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void ask.run();
          }}
        >
          <Field
            label={text('account', 'address.new')}
            type="email"
            autocomplete="email"
            name="email"
            value={address}
            onValue={setAddress}
            first
            {...(isIncomplete && { problem: text('account', 'address.incomplete') })}
          />
          <ProblemNotice error={ask.error} area="account" />
          <div class="actions">
            <Button look="primary" type="submit" busy={ask.busy}>
              {text('account', 'address.send')}
            </Button>
            <Button onClick={onClose}>{text('common', 'cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
