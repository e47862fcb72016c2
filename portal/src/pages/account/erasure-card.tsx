import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { withStepUp } from '../../session/step-up.tsx';
import { text } from '../../text/text.ts';

/** The end of the account; nothing in it happens by a single click. */
export function ErasureCard() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={text('privacy', 'erasure.title')}>
      <p>{text('privacy', 'erasure.lead')}</p>
      <div class="actions">
        <Button look="danger" onClick={() => setOpen(true)}>
          {text('privacy', 'erasure.open')}
        </Button>
      </div>
      {isOpen && <ErasureDialog onClose={() => setOpen(false)} />}
    </Card>
  );
}

/** As people type it: without regard to case and to what keyboards put around it. */
const isSame = (typed: string, word: string): boolean =>
  typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase();

function ErasureDialog({ onClose }: { readonly onClose: () => void }) {
  const { route } = useLocation();
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const word = text('privacy', 'erasure.word');
  const erase = useAction(async () => {
    setWrong(!isSame(typed, word));
    if (!isSame(typed, word)) return;
    await withStepUp(() => api.call('POST /v1/me/erasure', { body: { confirm: true } }));
    route(paths.farewell, true);
  });
  return (
    <Dialog title={text('privacy', 'erasure.title')} onClose={onClose}>
      <Notice kind="warning">{text('privacy', 'erasure.warning')}</Notice>
      <ul class="explained">
        <li>{text('privacy', 'erasure.now')}</li>
        <li>{text('privacy', 'erasure.then')}</li>
        <li>{text('privacy', 'erasure.kept')}</li>
      </ul>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void erase.run();
        }}
      >
        <Field
          label={text('privacy', 'erasure.type', { word })}
          value={typed}
          onValue={setTyped}
          autocomplete="off"
          autocapitalize="off"
          {...(isWrong && { problem: text('privacy', 'erasure.mistyped', { word }) })}
        />
        <ProblemNotice error={erase.error} area="privacy" />
        <Button look="danger" type="submit" busy={erase.busy}>
          {text('privacy', 'erasure.action')}
        </Button>
        <Button onClick={onClose}>{text('privacy', 'erasure.keep')}</Button>
      </form>
    </Dialog>
  );
}
