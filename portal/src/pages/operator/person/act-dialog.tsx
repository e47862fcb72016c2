import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Field } from '../../../kit/field.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { text } from '../../../text/text.ts';
import { type Act, type Ended, perform, type Stale, staleOf, takesNote } from './acts.ts';
import type { OperatorReason } from './found.ts';
import { ReasonSelect } from './reason-select.tsx';

export interface ActDialogProps {
  readonly act: Act;
  readonly sub: string;
  readonly onClose: () => void;
  readonly onDone: (ended: Ended) => Promise<void>;
  /** Nothing was done: the account has changed behind the page. */
  readonly onStale: (why: Stale) => Promise<void>;
}

/** Says what the act does and asks why; without a reason nothing happens. */
export function ActDialog({ act, sub, onClose, onDone, onStale }: ActDialogProps) {
  const [reason, setReason] = useState<OperatorReason>();
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const go = useAction(async () => {
    setAsked(true);
    if (!reason) return;
    let ended: Ended;
    try {
      ended = await perform(act, sub, reason, note);
    } catch (error) {
      const why = staleOf(error);
      if (!why) throw error;
      return onStale(why);
    }
    await onDone(ended);
  });
  return (
    <Dialog title={text('operator', `act.${act}`)} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void go.run();
        }}
      >
        <p>{text('operator', `act.${act}.what`)}</p>
        <ReasonSelect
          value={reason}
          onValue={setReason}
          {...(asked && !reason && { problem: text('operator', 'why.missing') })}
        />
        {takesNote(act) && (
          <Field
            label={text('operator', 'note')}
            hint={text('operator', 'note.hint')}
            value={note}
            onValue={setNote}
            maxLength={500}
            autocomplete="off"
          />
        )}
        <ProblemNotice error={go.error} area="operator" />
        <div class="actions">
          <Button type="submit" look={act === 'unlock' ? 'primary' : 'danger'} busy={go.busy}>
            {text('operator', `act.${act}.button`)}
          </Button>
          <Button onClick={onClose}>{text('common', 'cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
