import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { PasswordField } from '../../../kit/password-field.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { useResource } from '../../../kit/use-resource.ts';
import { paths, signInThen } from '../../../paths.ts';
import { api } from '../../../session/api.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { withStepUp } from '../../../session/step-up.tsx';
import { text } from '../../../text/text.ts';

export function PasswordCard() {
  const [open, setOpen] = useState<'form' | 'changed'>();
  return (
    <Card title={text('security', 'password.title')} place="password">
      <p>{text('security', 'password.what')}</p>
      <div class="actions">
        <Button onClick={() => setOpen('form')}>{text('security', 'password.change')}</Button>
      </div>
      {open === 'form' && (
        <PasswordForm onDone={() => setOpen('changed')} onClose={() => setOpen(undefined)} />
      )}
      {open === 'changed' && <Changed />}
    </Card>
  );
}

function PasswordForm({ onDone, onClose }: { readonly onDone: () => void; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const form = useResource(() => api.call('GET /v1/registration-form'));
  const change = useAction(async () => {
    await withStepUp(() => api.call('POST /v1/me/password', { body: { password: typed } }));
    onDone();
  });
  const hint =
    form.state === 'ready'
      ? text('security', 'password.hint', { count: form.value.passwordMinLength })
      : text('security', 'password.hintPlain');
  return (
    <Dialog title={text('security', 'password.change')} onClose={onClose}>
      <Notice kind="warning">{text('security', 'password.ends')}</Notice>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setIsEmpty(typed === '');
          if (typed !== '') void change.run();
        }}
      >
        <PasswordField
          first
          label={text('security', 'password.new')}
          hint={hint}
          autocomplete="new-password"
          value={typed}
          onValue={setTyped}
          {...(isEmpty && typed === '' && { problem: text('security', 'password.empty') })}
        />
        <ChangeProblem error={change.error} />
        <div class="actions">
          <Button type="submit" look="primary" busy={change.busy}>
            {text('security', 'password.submit')}
          </Button>
          <Button onClick={onClose}>{text('common', 'cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The session is over; the page behind it is only a picture. A real navigation leaves nothing of it. */
function Changed() {
  const leave = () => location.assign(signInThen(paths.security));
  return (
    <Dialog title={text('security', 'password.changed')} onClose={leave}>
      <p>{text('security', 'password.changedWhat')}</p>
      <div class="actions">
        <Button look="primary" onClick={leave}>
          {text('common', 'signIn')}
        </Button>
      </div>
    </Dialog>
  );
}
