import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { CodeField } from '../../kit/code-field.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { api } from '../../session/api.ts';
import { withStepUp } from '../../session/step-up.tsx';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';

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
      {isDone && <Notice kind="done">{text('account', 'address.done')}</Notice>}
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
  const [code, setCode] = useState('');
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
  return (
    <Dialog title={text('account', 'address.change.title')} onClose={onClose}>
      {sent ? (
        <form
          class="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void confirm.run(code);
          }}
        >
          <p>{text('account', 'address.sent', { destination: isolated(sent.destination) })}</p>
          <CodeField
            label={text('account', 'address.code')}
            value={code}
            onValue={setCode}
            length={sent.codeLength}
            onComplete={confirm.run}
            first
          />
          <ProblemNotice error={confirm.error} area="account" />
          <Button look="primary" type="submit" busy={confirm.busy}>
            {text('account', 'address.confirm')}
          </Button>
          <Button look="link" onClick={() => setSent(undefined)}>
            {text('account', 'address.other')}
          </Button>
        </form>
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
          <Button look="primary" type="submit" busy={ask.busy}>
            {text('account', 'address.send')}
          </Button>
          <Button onClick={onClose}>{text('common', 'cancel')}</Button>
        </form>
      )}
    </Dialog>
  );
}
