import type { ComponentChildren } from 'preact';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { ChangeProblem } from '../../../session/change-problem.tsx';
import { text } from '../../../text/text.ts';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What will be different afterwards, in plain words. */
  readonly children: ComponentChildren;
  /** What the button says: the thing that happens, not "OK". */
  readonly action: string;
  readonly danger?: boolean;
  /** The dialog closes when it is done, and stays with the reason when it failed. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function ConfirmDialog({ title, children, action, danger, onConfirm, onClose }: ConfirmDialogProps) {
  const confirm = useAction(async () => {
    await onConfirm();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack tight">{children}</div>
      <ChangeProblem error={confirm.error} />
      <div class="actions">
        <Button look={danger ? 'danger' : 'primary'} busy={confirm.busy} onClick={() => void confirm.run()}>
          {action}
        </Button>
        <Button onClick={onClose}>{text('common', 'cancel')}</Button>
      </div>
    </Dialog>
  );
}
